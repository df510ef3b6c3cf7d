/** What a run is out for: which groups it makes, what it takes of them, and when it has enough. */
import type { FinishedGroup } from "./checkpoint.js";
import type { Selection } from "./judge.js";
import type { LabelCounts } from "./ledger.js";

/** Groups are counted by n = 0, 1, …, in the order in which they are made; their numbers rise with n. */
export interface Goal {
  /** n of the first group to make; those before it are there. */
  readonly start: number;
  /** Number of group n. */
  number(n: number): number;
  /** Whether group n is to be made, as far as the groups taken so far show. */
  isNeeded(n: number): boolean;
  /** Takes the next group and says what is kept of it. */
  take(group: FinishedGroup): FinishedGroup;
  counts(): LabelCounts[];
  /** Nothing is missing. */
  readonly done: boolean;
}

/** The whole dataset: all groups from `start` on, until every label has its number. */
export function wholeGoal(
  selection: Selection,
  { start, repeat, maxGroups }: { readonly start: number; readonly repeat: number; readonly maxGroups: number },
): Goal {
  let next = start;
  return {
    start,
    number: (n) => n,
    // If every row that was submitted is accepted, does some label still lack instances?
    isNeeded: (n) => selection.groupsNeeded(repeat) > n - next && n < maxGroups,
    take(group) {
      next++;
      return selection.take(group);
    },
    counts: () => selection.counts(),
    get done() {
      return selection.done;
    },
  };
}
