/** What becomes of the rows of a group, in two parts: what each of them is by itself, and among those before it. */
import type { NativeGroup } from "../engine/binding.js";
import { Acceptance, rowFilters, type Verdict } from "../filters/acceptance.js";
import { comparesRows } from "../filters/repeats.js";
import type { Instance } from "../instance.js";
import type { Group } from "../prompt/group.js";
import type { ResolvedSpec } from "../task/spec.js";
import { type Checkpoint, type FinishedGroup, readAccepted } from "./checkpoint.js";
import { type LabelCounts, Ledger } from "./ledger.js";
import type { Prepared } from "./prepare.js";
import { type RejectedRow, rejectedRow, rowNumber } from "./rejected-row.js";

/**
 * The first part. It depends on the task and the group's number alone, as far as its tokens do: so any machine may do
 * it, in any order.
 */
export class RowJudge {
  readonly #prepared: Pick<Prepared, "spec" | "shape">;
  readonly #verdictOn: (row: Instance) => Verdict;

  constructor(prepared: Pick<Prepared, "spec" | "shape" | "sources" | "template">) {
    this.#prepared = prepared;
    this.#verdictOn = rowFilters(prepared.spec, prepared.sources, prepared.template);
  }

  /** The group before anything is known of the others: the rows that no row filter rejects, all counted as accepted. */
  judge(group: Group, result: NativeGroup): FinishedGroup {
    const { spec } = this.#prepared;
    const ledger = new Ledger(spec.labels.map(() => Number.POSITIVE_INFINITY));
    const instances: Instance[] = [];
    const rejected: RejectedRow[] = [];
    for (const [m, instance] of this.#rowsOf(group, result).entries()) {
      if (group.present?.[m] === false) continue;
      const label = group.labels[m]!;
      const verdict = this.#verdictOn(instance);
      if ("reason" in verdict) {
        ledger.reject(label, verdict.reason);
        rejected.push(rejectedRow(instance, verdict.reason));
      } else if (ledger.accept(label)) instances.push(verdict.row);
    }
    const kept = spec.filters.keepRejected ? { rejected } : {};
    return { group: group.index, instances, labels: ledger.closeGroup(), ...kept };
  }

  #rowsOf(group: Group, result: NativeGroup): Instance[] {
    const { spec, shape } = this.#prepared;
    return result.rows.map((row, m) => {
      const label = group.labels[m]!;
      const { repeat } = shape.rows[m]!;
      const attributes = group.attributes[m];
      const context = group.contexts[m];
      return {
        id: `${group.index}.${m}`,
        text: row.text.trim(),
        label: spec.labels[label]!.name,
        group: group.index,
        repeat,
        examples: group.examples[m] ?? [],
        ...(attributes && Object.keys(attributes).length > 0 ? { attributes } : {}),
        ...(context === undefined ? {} : { context }),
        tokens: row.tokens,
        ending: row.ending,
        ...(spec.sampling.logprobs ? { logprob: row.logProb } : {}),
        ...(spec.sampling.contrastNorms ? { contrastNorms: Array.from(row.contrastNorms) } : {}),
        seed: spec.sampling.seed,
      };
    });
  }
}

/** What of a task decides which rows are selected. */
export interface SelectionSpec {
  readonly labels: readonly { readonly name: string }[];
  readonly count: ResolvedSpec["count"];
  readonly filters: Pick<ResolvedSpec["filters"], "duplicates" | "nearDuplicates" | "accept">;
}

/**
 * The second part: takes the groups in the order of their numbers, and says which of their rows are in the dataset.
 * Every dataset is made by one of these: in one process right behind the engine, over several where their groups come
 * together. So the same groups give the same rows, whoever generated them.
 */
export class Selection {
  readonly #labels: ReadonlyMap<string, number>;
  readonly #acceptance: Acceptance;
  readonly #ledger: Ledger;

  private constructor({ labels, count, filters }: SelectionSpec, resume: Pick<Checkpoint, "labels"> | undefined) {
    this.#labels = new Map(labels.map(({ name }, label) => [name, label]));
    this.#acceptance = new Acceptance(filters);
    this.#ledger = new Ledger(count, resume?.labels);
  }

  /**
   * @param resume  groups that were taken before; where rows are compared, with those that were accepted.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when these are not as many as its labels count.
   */
  static async create(spec: SelectionSpec, resume?: Checkpoint): Promise<Selection> {
    const selection = new Selection(spec, resume);
    if (resume && comparesRows(spec.filters)) await readAccepted(resume, (row) => selection.#acceptance.remember(row));
    return selection;
  }

  /**
   * Takes the next group.
   * @param group  its instances as the row filters leave them; all those of `labels` that count as accepted.
   * @returns the group with the instances that are in the dataset; where it has the rejected rows, with all of them.
   */
  take({ group, instances, labels, rejected: before }: FinishedGroup): FinishedGroup {
    for (const [label, { rejected }] of labels.entries()) this.#ledger.rejectAll(label, rejected);
    const repeated: RejectedRow[] = [];
    const accepted = instances.filter((instance) => this.#accept(instance, repeated));
    const rejected = before && [...before, ...repeated].sort((a, b) => rowNumber(a) - rowNumber(b));
    return { group, instances: accepted, labels: this.#ledger.closeGroup(), ...(rejected ? { rejected } : {}) };
  }

  #accept(instance: Instance, rejected: RejectedRow[]): boolean {
    const label = this.#labels.get(instance.label)!;
    const reason = this.#acceptance.judge(instance);
    if (reason !== undefined) {
      this.#ledger.reject(label, reason);
      rejected.push(rejectedRow(instance, reason));
      return false;
    }
    if (!this.#ledger.accept(label)) return false;
    this.#acceptance.remember(instance);
    return true;
  }

  counts(): LabelCounts[] {
    return this.#ledger.counts();
  }

  /** Every label has its number. */
  get done(): boolean {
    return this.#ledger.done;
  }

  /** Groups of `repeat` instances per label that are still needed if every instance is accepted. */
  groupsNeeded(repeat: number): number {
    return this.#ledger.groupsNeeded(repeat);
  }
}
