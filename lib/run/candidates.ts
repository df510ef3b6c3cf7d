/** What the engine gives: the rows of a finished group, before anything is counted or refused. */
import type { NativeGroup } from "../binding.js";
import type { Group } from "../prompt/group.js";
import type { Instance } from "./instance.js";
import type { Prepared } from "./prepare.js";

/** One generated row. */
export interface Candidate {
  /** Index of the label. */
  readonly label: number;
  readonly instance: Instance;
}

/** The rows of a finished group, in row order. */
export function candidates(prepared: Prepared, group: Group, result: NativeGroup): Candidate[] {
  const { spec, shape } = prepared;
  return result.rows.map((row, m) => {
    const { label, repeat } = shape.rows[m]!;
    const attributes = group.attributes[m];
    const context = group.contexts[m];
    return {
      label,
      instance: {
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
        ...(spec.sampling.trace ? { contrast: Array.from(row.distances) } : {}),
        seed: spec.sampling.seed,
      },
    };
  });
}
