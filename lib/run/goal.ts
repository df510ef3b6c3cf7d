/** What a run is out for: which groups it makes, what it takes of them, and when it has enough. */
import type { FinishedGroup } from "./checkpoint.js";
import type { LabelCounts } from "./ledger.js";
import type { Selection } from "./selection.js";

/** Groups are counted by n = 0, 1, …, in the order in which they are made; their numbers rise with n. */
export interface Goal {
  /** n of the first group to make; those before it are there. */
  readonly start: number;
  /** Groups that are whole, whichever labels are full: those from this n on are top-ups. May be Infinity. */
  readonly wholeGroups: number;
  /** Number of group n. */
  number(n: number): number;
  /** Whether group n is to be made, as far as the groups taken so far show. */
  isNeeded(n: number): boolean;
  /**
   * Whether `isNeeded` and `lacking` will say the same of group n, whatever becomes of groups that have finished and were
   * not taken yet.
   */
  isSettled(n: number): boolean;
  /** Labels for which group n is a top-up; undefined of a whole group. Asked when the group is begun. */
  lacking(n: number): ReadonlySet<number> | undefined;
  /** Takes the next group and says what is kept of it; wait for it before the one after. */
  take(group: FinishedGroup): Promise<FinishedGroup>;
  counts(): LabelCounts[];
  /** Nothing is missing. */
  readonly done: boolean;
}

interface WholeGoalOptions extends Pick<Goal, "start" | "wholeGroups"> {
  readonly repeat: number;
  readonly maxGroups: number;
  /** Where labels take turns: how many a group is made for at most, and which those of whole group n are. */
  readonly turns?: { readonly labels: number; of(n: number): readonly number[] } | undefined;
}

/**
 * The whole dataset: all groups from `start` on, until every label has its number. As many groups as would do if every
 * row were accepted are whole, so that the rows of a label are made alike; those after them, which make up for rejected
 * rows, are made for the labels that lack some.
 */
export function wholeGoal(selection: Selection, options: WholeGoalOptions): Goal {
  const { start, repeat, maxGroups, wholeGroups, turns } = options;
  let next = start;
  const topUps = new Map<number, ReadonlySet<number>>(); // in flight, where labels take turns
  const hasLabel = (n: number, label: number) => topUps.get(n)?.has(label) ?? turns?.of(n).includes(label) ?? true;
  // Instances of each label that are missing if every row that was submitted is accepted.
  // A label that lacks some now did so when the groups in flight were begun, so where labels take no turns it is in each
  // of them.
  const missing = (n: number) =>
    selection.counts().map(({ wanted, accepted }, label) => {
      let inFlight = turns === undefined ? n - next : 0;
      if (turns !== undefined) for (let k = next; k < n; k++) if (hasLabel(k, label)) inFlight++;
      return wanted - accepted - inFlight * repeat;
    });
  const isNeeded = (n: number) => n < maxGroups && missing(n).some((count) => count > 0);
  return {
    start,
    wholeGroups,
    number: (n) => n,
    isNeeded,
    // A group is needed although every row is accepted that was not looked at yet: so it will be when some are not.
    isSettled: (n) => n < wholeGroups && isNeeded(n),
    lacking(n) {
      if (n < wholeGroups) return undefined;
      if (turns !== undefined) {
        const labels = missing(n).flatMap((count, label) => (count > 0 ? [{ label, count }] : []));
        const most = labels.sort((a, b) => b.count - a.count).slice(0, turns.labels);
        topUps.set(n, new Set(most.map(({ label }) => label)));
        return topUps.get(n);
      }
      const counts = selection.counts();
      const lacking = counts.flatMap(({ wanted, accepted }, label) => (accepted < wanted ? [label] : []));
      return lacking.length === counts.length ? undefined : new Set(lacking);
    },
    async take(group) {
      const taken = await selection.take(group);
      topUps.delete(next++);
      return taken;
    },
    counts: () => selection.counts(),
    get done() {
      return selection.done;
    },
  };
}
