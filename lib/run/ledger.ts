/** Which instances are still wanted, per label, and what became of those that were not taken. */

/** One label's tally. */
export interface LabelCounts {
  readonly wanted: number;
  readonly accepted: number;
  /** Good instances of a label that was already full. */
  readonly surplus: number;
  /** Refused instances, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
}

interface Tally {
  readonly wanted: number;
  accepted: number;
  surplus: number;
  readonly rejected: Map<string, number>;
}

/** Counts towards the quota of each label. Labels are indices into the quota. */
export class Ledger {
  readonly #tallies: Tally[];

  /** @param quota Accepted instances wanted per label: integers ≥ 0. */
  constructor(quota: readonly number[]) {
    this.#tallies = quota.map((wanted) => ({ wanted, accepted: 0, surplus: 0, rejected: new Map() }));
  }

  /** Takes an instance of the label: true, or false when the label is full and this one is surplus. */
  accept(label: number): boolean {
    const tally = this.#tally(label);
    if (tally.accepted >= tally.wanted) {
      tally.surplus++;
      return false;
    }
    tally.accepted++;
    return true;
  }

  /** Notes an instance that is not wanted, whatever the quota. */
  reject(label: number, reason: string): void {
    const { rejected } = this.#tally(label);
    rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
  }

  /** Every label has its number. */
  get done(): boolean {
    return this.#tallies.every(({ wanted, accepted }) => accepted >= wanted);
  }

  /** Instances that the label still lacks. */
  remaining(label: number): number {
    const { wanted, accepted } = this.#tally(label);
    return wanted - accepted;
  }

  /** The tally of every label, in label order; a copy. */
  counts(): LabelCounts[] {
    return this.#tallies.map((tally) => ({ ...tally, rejected: Object.fromEntries(tally.rejected) }));
  }

  /** Groups of `repeat` instances per label that are still needed if every instance is accepted. */
  groupsNeeded(repeat: number): number {
    return Math.max(0, ...this.#tallies.map(({ wanted, accepted }) => Math.ceil((wanted - accepted) / repeat)));
  }

  #tally(label: number): Tally {
    const tally = this.#tallies[label];
    if (tally === undefined)
      throw new RangeError(`Expected a label of 0..${this.#tallies.length - 1}, received ${label}`);
    return tally;
  }
}
