/** A row of a preview: what the model wrote, and what becomes of it. */
import type { NativeGroup } from "../engine/binding.js";
import type { Instance } from "../instance.js";
import type { Group } from "../prompt/group.js";
import type { FinishedGroup } from "./checkpoint.js";
import type { Prepared } from "./prepare.js";

/** A row as it was written and as it was judged. */
export interface PreviewRow<Label extends string = string>
  extends Pick<Instance<Label>, "id" | "label" | "group" | "repeat" | "tokens" | "ending" | "labelProbability"> {
  /** Its prompt: index into `Preview.prompts`. */
  readonly prompt: number;
  /** All that the model wrote, as it wrote it. */
  readonly written: string;
  /** The text as it is accepted, after what the filters take off; of other rows the text that was judged. */
  readonly text: string;
  /** What becomes of it; "surplus" where the label has its number already. */
  readonly fate: "accepted" | "rejected" | "surplus";
  /** The filter that rejects it. */
  readonly reason?: string;
  /** The label that the task's `check` takes it for; of those that it rejects. */
  readonly takenFor?: string;
  /** The text of `sampling.stop` that ended it. */
  readonly stop?: string;
}

/** A group that was made and judged. */
export interface MadeGroup {
  readonly group: Group;
  readonly result: NativeGroup;
  readonly judged: FinishedGroup;
}

/** Its rows, in their order. */
export function previewRows(
  { spec, shape }: Pick<Prepared, "spec" | "shape">,
  { group, result, judged }: MadeGroup,
  promptOf: (m: number) => number,
): PreviewRow[] {
  const accepted = new Map(judged.instances.map((row) => [row.id, row]));
  const rejected = new Map((judged.rejected ?? []).map((row) => [row.id, row]));
  return result.rows.flatMap(({ text: written, tokens, ending, stop }, m): PreviewRow[] => {
    if (group.present?.[m] === false) return [];
    const id = `${group.index}.${m}`;
    const label = spec.labels[group.labels[m]!]!.name;
    const { repeat } = shape.rows[m]!;
    const own = accepted.get(id);
    const refused = rejected.get(id);
    const base = { id, label, group: group.index, repeat, prompt: promptOf(m), written, tokens, ending };
    const ended = stop < 0 ? {} : { stop: spec.sampling.stop[stop]! };
    if (own !== undefined) {
      const { text, labelProbability } = own;
      const probability = labelProbability === undefined ? {} : { labelProbability };
      return [{ ...base, text, fate: "accepted", ...ended, ...probability }];
    }
    if (refused === undefined) return [{ ...base, text: written.trim(), fate: "surplus", ...ended }];
    const { text, reason, takenFor } = refused;
    const taken = takenFor === undefined ? {} : { takenFor };
    return [{ ...base, text, fate: "rejected", reason, ...ended, ...taken }];
  });
}
