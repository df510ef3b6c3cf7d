/** A shard of a dataset: every n-th group, unselected, up to its share of those that the whole dataset will need. */
import { Repeats } from "../filters/repeats.js";
import { groupsUntil, labelSets } from "../methods/label-sets.js";
import type { ResolvedSpec } from "../task/spec.js";
import { type Checkpoint, type FinishedGroup, readAccepted } from "./checkpoint.js";
import type { Goal } from "./goal.js";
import { groupsFor, type LabelCounts, Ledger, rowsMade } from "./ledger.js";

/** Which part of a dataset's groups: those whose number leaves the remainder `index` when divided by `count`. */
export interface Shard {
  /** Integer of 0..count − 1. */
  readonly index: number;
  /** Integer ≥ 1. */
  readonly count: number;
}

/**
 * Makes groups index, index + count, … and keeps all rows that the row filters let pass: which of them are in the
 * dataset is known where all shards come together. How many groups that will take is estimated from the shard's own
 * rows, where no number is given: exactly those needed when none is rejected, a few more than likely when some are.
 */
export class ShardGoal implements Goal {
  readonly start: number;
  /** All of them: which labels lack rows is known where the shards come together. */
  readonly wholeGroups = Number.POSITIVE_INFINITY;
  readonly #spec: ResolvedSpec;
  readonly #shard: Shard;
  readonly #repeat: number;
  readonly #groupsPerRound: number;
  readonly #groups: number | undefined;
  readonly #ledger: Ledger;
  readonly #repeats: Repeats;
  #repeated = 0;
  #taken: number;

  private constructor(spec: ResolvedSpec, options: ShardGoalOptions) {
    const { shard, resume } = options;
    this.#spec = spec;
    this.#shard = shard;
    this.#repeat = options.repeat;
    this.#groupsPerRound = labelSets(spec.method, spec.labels.length).groups;
    this.#groups = options.groups;
    this.#ledger = new Ledger(
      spec.count.map(() => Number.POSITIVE_INFINITY),
      resume?.labels,
    );
    this.#repeats = new Repeats(spec.filters);
    this.start = this.#taken = groupsBelow(shard, resume?.groups ?? 0);
  }

  /**
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the rows to resume with are not as many as their labels
   *   count.
   */
  static async create(spec: ResolvedSpec, options: ShardGoalOptions): Promise<ShardGoal> {
    const goal = new ShardGoal(spec, options);
    if (options.resume) await readAccepted(options.resume, (row) => goal.#see(row));
    return goal;
  }

  number(n: number): number {
    return this.#shard.index + n * this.#shard.count;
  }

  isNeeded(n: number): boolean {
    return this.number(n) < this.#target();
  }

  // The estimate is never below what it takes when no row is rejected.
  isSettled(n: number): boolean {
    const { count, limits } = this.#spec;
    const turns = count.map((wanted) => groupsFor(wanted, { good: 0, made: 0 }, this.#repeat));
    const fewest = groupsUntil(Math.max(...turns), this.#spec);
    return this.number(n) < (this.#groups ?? Math.min(fewest, limits.maxGroups));
  }

  lacking(): undefined {}

  async take(group: FinishedGroup): Promise<FinishedGroup> {
    this.#taken++;
    for (const [label, { accepted, rejected, takenFor }] of group.labels.entries()) {
      for (let i = 0; i < accepted; i++) this.#ledger.accept(label);
      this.#ledger.rejectAll(label, rejected);
      this.#ledger.takeFor(label, takenFor);
    }
    for (const instance of group.instances) this.#see(instance);
    return group;
  }

  /** What is wanted is what the groups to come will presumably add. */
  counts(): LabelCounts[] {
    const last = groupsBelow(this.#shard, this.#target());
    return this.#ledger.counts().map((count) => {
      const perGroup = this.#taken === 0 ? this.#repeat / this.#groupsPerRound : count.accepted / this.#taken;
      return { ...count, wanted: Math.round(perGroup * Math.max(last, this.#taken)) };
    });
  }

  get done(): boolean {
    return !this.isNeeded(this.#taken);
  }

  #see(row: { readonly text: string }): void {
    if (this.#repeats.isRepeat(row)) this.#repeated++;
    else this.#repeats.remember(row);
  }

  /** Groups of the whole dataset that there must be. */
  #target(): number {
    return this.#groups ?? Math.min(this.#estimate(), this.#spec.limits.maxGroups);
  }

  #estimate(): number {
    const counts = this.#ledger.counts();
    const kept = counts.reduce((sum, { accepted }) => sum + accepted, 0);
    // a row meets `count` times as many others in the whole dataset as here
    const repeated = kept === 0 ? 0 : Math.min(1, (this.#repeated / kept) * this.#shard.count);
    const turns = counts.map((count, label) => {
      const good = count.accepted * (1 - repeated);
      return groupsFor(this.#spec.count[label]!, { good, made: rowsMade(count) }, this.#repeat);
    });
    return groupsUntil(Math.max(...turns), this.#spec);
  }
}

interface ShardGoalOptions {
  readonly shard: Shard;
  /** R. */
  readonly repeat: number;
  /** Groups of the whole dataset that there are to be; default an estimate. */
  readonly groups?: number | undefined;
  readonly resume?: Checkpoint | undefined;
}

/** How many of a shard's groups have a number below this one. */
export function groupsBelow({ index, count }: Shard, number: number): number {
  return Math.max(0, Math.ceil((number - index) / count));
}
