/** What the engine gives: the rows of a finished group, judged by all that needs nothing but the row. */
import type { NativeGroup } from "../engine/binding.js";
import type { RowFilters } from "../filters/acceptance.js";
import type { Instance } from "../instance.js";
import type { Group } from "../prompt/group.js";
import type { FinishedGroup } from "./checkpoint.js";
import { Ledger } from "./ledger.js";
import type { Prepared } from "./prepare.js";

/**
 * The group as it is before anything is known of the others: its instances are the rows that no row filter rejects, in row order,
 * and count as accepted. It depends on the task and its number alone, as far as its tokens do.
 */
export function generatedGroup(
  prepared: Prepared,
  filters: RowFilters,
  group: Group,
  result: NativeGroup,
): FinishedGroup {
  const ledger = new Ledger(prepared.spec.labels.map(() => Number.POSITIVE_INFINITY));
  const instances: Instance[] = [];
  for (const [m, instance] of rowsOf(prepared, group, result).entries()) {
    const { label } = prepared.shape.rows[m]!;
    const verdict = filters.judge(instance);
    if ("reason" in verdict) ledger.reject(label, verdict.reason);
    else if (ledger.accept(label)) instances.push(verdict.row);
  }
  return { group: group.index, instances, labels: ledger.closeGroup() };
}

function rowsOf({ spec, shape }: Prepared, group: Group, result: NativeGroup): Instance[] {
  return result.rows.map((row, m) => {
    const { label, repeat } = shape.rows[m]!;
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
