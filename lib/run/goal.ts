/** What a run is out for: which groups it makes, what it takes of them, and when it has enough. */
import type { FinishedGroup } from "./checkpoint.js";
import type { LabelCounts } from "./ledger.js";
import type { Selection } from "./selection.js";

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
export class WholeGoal implements Goal {
  readonly start: number;
  readonly #selection: Selection;
  readonly #repeat: number;
  readonly #maxGroups: number;
  #next: number;

  constructor(selection: Selection, options: { start: number; repeat: number; maxGroups: number }) {
    this.#selection = selection;
    this.start = this.#next = options.start;
    this.#repeat = options.repeat;
    this.#maxGroups = options.maxGroups;
  }

  number(n: number): number {
    return n;
  }

  // If every row that was submitted is accepted, does some label still lack instances?
  isNeeded(n: number): boolean {
    return this.#selection.groupsNeeded(this.#repeat) > n - this.#next && n < this.#maxGroups;
  }

  take(group: FinishedGroup): FinishedGroup {
    this.#next++;
    return this.#selection.take(group);
  }

  counts(): LabelCounts[] {
    return this.#selection.counts();
  }

  get done(): boolean {
    return this.#selection.done;
  }
}
