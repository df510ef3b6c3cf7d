/** Which of the texts of a verbalized answer is the row. */
import type { Instance } from "../instance.js";
import { continuing } from "../prompt/prompt.js";
import { RandomStream } from "../random.js";
import type { ResolvedSpec } from "../task/spec.js";
import { fillTemplate, parseTemplate } from "../task/template.js";
import { candidatesIn } from "./verbalized.js";

/**
 * A function that takes a row whose text is the whole answer to the one with the text that was drawn, by the answer's
 * own probabilities, and says so in it; undefined where the answer has no text with a probability. The draw depends on
 * the seed, the group and the row alone. What the prompt's answer prefix began is read as part of the answer.
 */
export function drawnText(
  { labels, prompt, sampling }: Pick<ResolvedSpec, "labels" | "prompt" | "sampling">,
  { texts }: NonNullable<ResolvedSpec["prompt"]["verbalized"]>,
): (row: Instance) => Instance | undefined {
  const { segments } = parseTemplate(prompt.answer);
  const phrases = new Map(labels.map(({ name, verbalization }) => [name, verbalization]));
  return (row) => {
    const values = { ...row.attributes, label: phrases.get(row.label) ?? "", texts: String(texts) };
    const begun = fillTemplate(segments, new Map(Object.entries(values)));
    const answer = begun + continuing([{ text: begun, special: false }], row.text);
    const found = candidatesIn(answer, row.ending === "length").slice(0, texts);
    const number = Number(row.id.slice(row.id.indexOf(".") + 1));
    const stream = new RandomStream(BigInt(sampling.seed), row.group, "verbalized", number);
    const drawn = found[drawIndex(found, stream.below(2 ** 32) / 2 ** 32)];
    if (drawn === undefined) return undefined;
    return { ...row, text: drawn.text, verbalizedTexts: found.length, verbalizedProbability: drawn.probability };
  };
}

/** @param uniform  0..1, without 1. All alike where all are 0; -1 of none. */
function drawIndex(found: readonly { readonly probability: number }[], uniform: number): number {
  const total = found.reduce((sum, { probability }) => sum + probability, 0);
  if (total === 0) return found.length === 0 ? -1 : Math.floor(uniform * found.length);
  let left = uniform * total;
  for (const [i, { probability }] of found.entries()) {
    left -= probability;
    if (left < 0) return i;
  }
  return found.findLastIndex(({ probability }) => probability > 0); // rounding
}
