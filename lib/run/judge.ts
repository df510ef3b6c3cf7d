/** The first part of judging: what each row of a group is by itself. */
import type { NativeGroup } from "../engine/binding.js";
import { rowFilters, type Verdict } from "../filters/acceptance.js";
import type { Instance } from "../instance.js";
import type { Group } from "../prompt/group.js";
import { Checking, type CheckingOptions } from "./checking.js";
import type { FinishedGroup } from "./checkpoint.js";
import { Ledger } from "./ledger.js";
import type { Prepared } from "./prepare.js";
import { type RejectedRow, rejectedRow, rowNumber } from "./rejected-row.js";

/**
 * It depends on the task and the group's number alone, as far as its tokens do, and on what calibrates the label check:
 * so any machine may do it, in any order.
 */
export class RowJudge {
  readonly #prepared: Pick<Prepared, "spec" | "shape">;
  readonly #verdictOn: (row: Instance) => Verdict;
  readonly #checking: Checking | undefined;
  readonly #labels: ReadonlyMap<string, number>;

  constructor(
    prepared: Pick<Prepared, "spec" | "shape" | "sources" | "template" | "check">,
    options: CheckingOptions = {},
  ) {
    this.#prepared = prepared;
    this.#verdictOn = rowFilters(prepared.spec, prepared.sources, prepared.template);
    const { check, spec } = prepared;
    this.#checking = check && new Checking(check, spec, options);
    this.#labels = new Map(spec.labels.map(({ name }, label) => [name, label]));
  }

  /** Whether groups are not judged before there are rows of further ones, which calibrate the label check. */
  get isHeld(): boolean {
    return this.#checking?.isHeld === true;
  }

  /** Has them judged with what rows there are. */
  release(): void {
    this.#checking?.release();
  }

  /** Seconds that the label check took, calibration included. */
  get checkSeconds(): number {
    return this.#checking?.seconds ?? 0;
  }

  /** Those of them that judging took. */
  get judgingSeconds(): number {
    return this.#checking?.judgingSeconds ?? 0;
  }

  /**
   * The group before anything is known of the others: the rows that neither row filters nor label check reject, all
   * counted as accepted. Call it for one group after the other; the row filters have judged it when it returns.
   * @param signal  stops the label check.
   */
  async judge(group: Group, result: NativeGroup, signal?: AbortSignal): Promise<FinishedGroup> {
    const { spec } = this.#prepared;
    const { kept, refused } = this.#filter(group, result);
    const checked = await this.#checking?.judge(kept, signal);
    const instances = checked?.kept ?? kept;
    const rejected = [...refused, ...(checked?.refused ?? [])].sort((a, b) => rowNumber(a) - rowNumber(b));
    const ledger = new Ledger(spec.labels.map(() => Number.POSITIVE_INFINITY));
    const labelOf = ({ label }: { readonly label: string }) => this.#labels.get(label)!;
    for (const row of instances) ledger.accept(labelOf(row));
    for (const row of rejected) ledger.reject(labelOf(row), row.reason);
    for (const [label, takenFor] of checked?.takenFor.entries() ?? []) ledger.takeFor(label, takenFor);
    const ofRejected = spec.filters.keepRejected ? { rejected } : {};
    return { group: group.index, instances, labels: ledger.closeGroup(), ...ofRejected };
  }

  #filter(group: Group, result: NativeGroup): { kept: Instance[]; refused: RejectedRow[] } {
    const kept: Instance[] = [];
    const refused: RejectedRow[] = [];
    for (const [m, instance] of this.#rowsOf(group, result).entries()) {
      if (group.present?.[m] === false) continue;
      const verdict = this.#verdictOn(instance);
      if ("reason" in verdict) refused.push(rejectedRow(instance, verdict.reason));
      else kept.push(verdict.row);
    }
    return { kept, refused };
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
        ...(group.sharedContext === undefined ? {} : { contextText: group.sharedContext }),
        tokens: row.tokens,
        ending: row.ending,
        ...(spec.sampling.logprobs ? { logprob: row.logProb } : {}),
        ...(spec.sampling.contrastNorms ? { contrastNorms: Array.from(row.contrastNorms) } : {}),
        seed: spec.sampling.seed,
      };
    });
  }
}
