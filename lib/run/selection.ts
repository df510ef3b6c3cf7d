/** The second part of judging: which rows of the groups are in the dataset, by those that were accepted before. */
import { Acceptance } from "../filters/acceptance.js";
import { comparesRows } from "../filters/repeats.js";
import type { Instance } from "../instance.js";
import type { ResolvedSpec } from "../task/spec.js";
import { type AcceptedRow, type Checkpoint, type FinishedGroup, readAccepted } from "./checkpoint.js";
import { type LabelCounts, Ledger } from "./ledger.js";
import { type RejectedRow, rejectedRow, rowNumber } from "./rejected-row.js";

/** What of a task decides which rows are selected. */
export interface SelectionSpec {
  readonly labels: readonly { readonly name: string }[];
  readonly count: ResolvedSpec["count"];
  readonly filters: Pick<ResolvedSpec["filters"], "duplicates" | "nearDuplicates" | "accept" | "acceptGroup">;
}

/**
 * Takes the groups in the order of their numbers, and says which of their rows are in the dataset.
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
   * @param see  is shown each of these; what it is for needs them, whether rows are compared or not.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when these are not as many as its labels count.
   */
  static async create(spec: SelectionSpec, resume?: Checkpoint, see?: (row: AcceptedRow) => void): Promise<Selection> {
    const selection = new Selection(spec, resume);
    if (resume === undefined || !(see || comparesRows(spec.filters))) return selection;
    await readAccepted(resume, (row) => {
      selection.#acceptance.remember(row);
      see?.(row);
    });
    return selection;
  }

  /**
   * Takes the next group; wait for it before the one after. The counts change at once, when the caller's own filter has
   * said its word on all rows.
   * @param group  its instances as the row filters leave them; all those of `labels` that count as accepted.
   * @returns the group with the instances that are in the dataset; where it has the rejected rows, with all of them.
   * @throws {FilterError} CORRSYNTH_FILTER when the caller's own filter fails.
   */
  async take({ group, instances, labels, rejected: before }: FinishedGroup): Promise<FinishedGroup> {
    const refused = await this.#acceptance.ask(instances);
    for (const [label, { rejected, takenFor }] of labels.entries()) {
      this.#ledger.rejectAll(label, rejected);
      this.#ledger.takeFor(label, takenFor);
    }
    const late: RejectedRow[] = [];
    const accepted = instances.filter((instance) => this.#accept(instance, refused.get(instance), late));
    const rejected = before && [...before, ...late].sort((a, b) => rowNumber(a) - rowNumber(b));
    return { group, instances: accepted, labels: this.#ledger.closeGroup(), ...(rejected ? { rejected } : {}) };
  }

  #accept(instance: Instance, refusal: string | undefined, rejected: RejectedRow[]): boolean {
    const label = this.#labels.get(instance.label)!;
    const reason = this.#acceptance.repeated(instance) ?? refusal;
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
}
