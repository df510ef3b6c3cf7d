/** Which instances are still wanted, per label, and what became of those that were not taken. */

import { sum } from "../numbers/sum.js";

/** What became of the instances of one label. */
export interface LabelTally {
  readonly accepted: number;
  /** Good instances of a label that was already full. */
  readonly surplus: number;
  /** Refused instances, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /**
   * Instances that the task's `check` judged, kept or not, by the label that it took them for; absent where it judged
   * none.
   */
  readonly takenFor?: Readonly<Record<string, number>> | undefined;
}

/** One label's tally. */
export interface LabelCounts extends LabelTally {
  readonly wanted: number;
}

class Tally {
  accepted = 0;
  surplus = 0;
  readonly rejected = new Map<string, number>();
  readonly takenFor = new Map<string, number>();

  add({ accepted, surplus, rejected, takenFor = {} }: LabelTally): void {
    this.accepted += accepted;
    this.surplus += surplus;
    addCounts(this.rejected, rejected);
    addCounts(this.takenFor, takenFor);
  }

  copy(): LabelTally {
    const { accepted, surplus, rejected, takenFor } = this;
    const judged = takenFor.size === 0 ? {} : { takenFor: Object.fromEntries(takenFor) };
    return { accepted, surplus, rejected: Object.fromEntries(rejected), ...judged };
  }
}

function addCounts(sums: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
}

/** The sum of tallies, label by label: all lists are in the same label order. */
export function addTallies(lists: Iterable<readonly LabelTally[]>, labels: number): LabelTally[] {
  const sums = Array.from({ length: labels }, () => new Tally());
  for (const list of lists) for (const [label, tally] of list.entries()) sums[label]?.add(tally);
  return sums.map((sum) => sum.copy());
}

/**
 * Refused instances as people read them, the most frequent reason first: "12 unfinished, 3 duplicate"; "" where there
 * are none.
 * @example
 * import { reasonCounts } from "corrsynth";
 * console.log(reasonCounts({ duplicate: 3, unfinished: 12 })); // 12 unfinished, 3 duplicate
 */
export function reasonCounts(rejected: LabelTally["rejected"]): string {
  const mostFirst = Object.entries(rejected).sort(([, a], [, b]) => b - a);
  return mostFirst.map(([reason, count]) => `${count} ${reason}`).join(", ");
}

/** Rows of a label that were made, whatever became of them. */
export function rowsMade({ accepted, surplus, rejected }: LabelTally): number {
  return accepted + surplus + sum(Object.values(rejected));
}

/** Standard errors by which the share of good rows may turn out lower than it was seen. */
const caution = 2;

/**
 * Groups that give a label its number, more likely than not: exactly those needed when no row was lost, some more where
 * that share is known from few rows; Infinity where so far too few were good to tell.
 * @param wanted  instances.
 * @param good  of the rows of this label that were `made`, those that can be accepted; may be a fraction.
 * @param repeat  R, instances of a label per group.
 */
export function groupsFor(wanted: number, { good, made }: { good: number; made: number }, repeat: number): number {
  if (wanted === 0) return 0;
  const share = made === 0 ? 1 : good / made;
  const least = share - (made === 0 ? 0 : caution * Math.sqrt(Math.max(0, share * (1 - share)) / made));
  return least <= 0 ? Number.POSITIVE_INFINITY : Math.ceil(wanted / least / repeat);
}

/** Counts towards the quota of each label. Labels are indices into the quota. */
export class Ledger {
  readonly #quota: readonly number[];
  readonly #tallies: readonly Tally[];
  /** What was counted since the last call of `closeGroup`. */
  #open: readonly Tally[];

  /**
   * @param quota Accepted instances wanted per label: integers ≥ 0.
   * @param earlier What was counted before, in label order; default nothing.
   */
  constructor(quota: readonly number[], earlier: readonly LabelTally[] = []) {
    this.#quota = quota;
    this.#tallies = quota.map(() => new Tally());
    this.#open = quota.map(() => new Tally());
    for (const [label, tally] of earlier.entries()) this.#tallies[label]?.add(tally);
  }

  /** Takes an instance of the label: true, or false when the label is full and this one is surplus. */
  accept(label: number): boolean {
    const isWanted = this.remaining(label) > 0;
    this.#count(
      label,
      isWanted ? { accepted: 1, surplus: 0, rejected: {} } : { accepted: 0, surplus: 1, rejected: {} },
    );
    return isWanted;
  }

  /** Notes an instance that is not wanted, whatever the quota. */
  reject(label: number, reason: string): void {
    this.rejectAll(label, { [reason]: 1 });
  }

  /** Notes instances that are not wanted, by reason. */
  rejectAll(label: number, rejected: LabelTally["rejected"]): void {
    this.#count(label, { accepted: 0, surplus: 0, rejected });
  }

  /** Notes which labels instances were taken for. */
  takeFor(label: number, takenFor: LabelTally["takenFor"]): void {
    this.#count(label, { accepted: 0, surplus: 0, rejected: {}, takenFor });
  }

  /** Ends a group: what was counted since the one before, in label order. */
  closeGroup(): LabelTally[] {
    const group = this.#open.map((tally) => tally.copy());
    this.#open = this.#quota.map(() => new Tally());
    return group;
  }

  /** Every label has its number. */
  get done(): boolean {
    return this.#quota.every((_, label) => this.remaining(label) <= 0);
  }

  /** Instances that the label still lacks. */
  remaining(label: number): number {
    const { accepted } = this.#tally(label);
    return this.#quota[label]! - accepted;
  }

  /** The tally of every label, in label order; a copy. */
  counts(): LabelCounts[] {
    return this.#tallies.map((tally, label) => ({ wanted: this.#quota[label]!, ...tally.copy() }));
  }

  #count(label: number, tally: LabelTally): void {
    this.#tally(label).add(tally);
    this.#open[label]!.add(tally);
  }

  #tally(label: number): Tally {
    const tally = this.#tallies[label];
    if (tally === undefined)
      throw new RangeError(`Expected a label of 0..${this.#tallies.length - 1}, received ${label}`);
    return tally;
  }
}
