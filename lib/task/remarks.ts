/** What is sound in a task and yet hardly meant: told, not refused. */
import { mostNamed } from "../checks/nearest.js";
import { tabooDefaults, usesPlaceholder } from "./prompt-spec.js";
import type { ParsedSpec } from "./schema.js";

/** One line for each, naming the field. */
export function taskRemarks(spec: Pick<ParsedSpec, "prompt" | "sampling" | "method" | "attributes">): string[] {
  const { prompt, sampling, method } = spec;
  const { instruction, answer, system = "", separator } = prompt;
  const texts: readonly (readonly [path: string, text: string])[] = [
    ...sampling.stop.map((text, i) => [`sampling.stop[${i}]`, text] as const),
    ["prompt.separator", separator],
    ["prompt.instruction", instruction],
    ["prompt.answer", answer],
    ["prompt.system", system],
    ["method.negative", method.name === "cfg-prompt" ? method.negative : ""],
  ];
  const escapes = texts.flatMap(([path, text]) => escapeRemark(path, text) ?? []);
  return [...escapes, ...answerRemarks(prompt, sampling), ...unusedAttributes(spec)];
}

// They are drawn and told of each row, but no prompt has them.
function unusedAttributes(spec: Pick<ParsedSpec, "prompt" | "method" | "attributes">): string[] {
  const unused = Object.keys(spec.attributes).filter((name) => !usesPlaceholder(spec, name));
  if (unused.length === 0) return [];
  const [names, holders] = [
    unused.slice(0, mostNamed).join(", "),
    unused.slice(0, mostNamed).map((name) => `{${name}}`),
  ];
  const one = unused.length === 1;
  return [
    `No text of the prompt has the ${one ? "placeholder" : "placeholders"} of attributes ${names}: put ${holders.join(", ")} into the ` +
      `instruction, or leave ${one ? "it" : "them"} out`,
  ];
}

/** Tokens that a text and its probability hardly do with. */
const fewTokens = 32;

// An answer of several texts is longer than one, and has lines.
function answerRemarks({ verbalized }: ParsedSpec["prompt"], { maxTokens, stop }: ParsedSpec["sampling"]): string[] {
  if (verbalized === undefined) return [];
  const { texts } = verbalized;
  const remarks: string[] = [];
  if (maxTokens < fewTokens * texts) {
    const each = `${Math.floor(maxTokens / texts)} for each of ${texts} texts with its probability`;
    remarks.push(`sampling.maxTokens ${maxTokens} is that of the whole answer: ${each}, so that most are cut off`);
  }
  const [line] = stop.filter((text) => text.includes("\n"));
  if (line !== undefined) {
    remarks.push(`sampling.stop has ${JSON.stringify(line)}, which ends an answer of several texts at a line break`);
  }
  return remarks;
}

/** Why a label check that is calibrated by rows of the run goes with no {taboo}. */
export const tabooCheckIssue =
  "Expected seeds to calibrate it by, since with {taboo} no group is made before the rows of the one before it were " +
  "judged: give more seeds, or check the rows when they are together, with checkLabels";

/** How a task is a rival for comparison, in a line each. */
export function rivalNotes(spec: Pick<ParsedSpec, "prompt" | "method" | "filters">): string[] {
  const { taboo = tabooDefaults, verbalized } = spec.prompt;
  const kept = spec.filters.hint ? "rows without it are rejected" : "rows without it are kept";
  return [
    ...(usesPlaceholder(spec, "hint") ? [`{hint} is a word of a random seed of the label; ${kept}`] : []),
    ...(usesPlaceholder(spec, "taboo")
      ? [
          `{taboo} names up to ${taboo.words} words that most accepted rows of the label have, from the second such row on: ` +
            "groups are decoded one at a time, and prompts are reckoned here without these words",
        ]
      : []),
    ...(verbalized
      ? [`An answer is read as up to ${verbalized.texts} texts with probabilities, of which one is drawn as the row`]
      : []),
  ];
}

// YAML reads escapes in double quotes only. Before a small letter it is more likely the name of a macro, as in \nabla.
function escapeRemark(path: string, text: string): string | undefined {
  const [found] = /\\[nrt](?![a-z])/.exec(text) ?? [];
  if (found === undefined) return undefined;
  const meant = { n: "a line break", r: "a carriage return", t: "a tab" }[found[1]!];
  return `${path} has a backslash and the letter ${found[1]}, which is not ${meant}: in YAML write it in double quotes, "${found}"`;
}
