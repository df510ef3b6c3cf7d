/** What is sound in a task and yet hardly meant: told, not refused. */
import type { ParsedSpec } from "./schema.js";

/** One line for each, naming the field. */
export function taskRemarks({
  prompt,
  sampling,
  method,
}: Pick<ParsedSpec, "prompt" | "sampling" | "method">): string[] {
  const { instruction, answer, system = "", separator } = prompt;
  const texts: readonly (readonly [path: string, text: string])[] = [
    ...sampling.stop.map((text, i) => [`sampling.stop[${i}]`, text] as const),
    ["prompt.separator", separator],
    ["prompt.instruction", instruction],
    ["prompt.answer", answer],
    ["prompt.system", system],
    ["method.negative", method.name === "cfg-prompt" ? method.negative : ""],
  ];
  return texts.flatMap(([path, text]) => escapeRemark(path, text) ?? []);
}

// YAML reads escapes in double quotes only. Before a small letter it is more likely the name of a macro, as in \nabla.
function escapeRemark(path: string, text: string): string | undefined {
  const [found] = /\\[nrt](?![a-z])/.exec(text) ?? [];
  if (found === undefined) return undefined;
  const meant = { n: "a line break", r: "a carriage return", t: "a tab" }[found[1]!];
  return `${path} has a backslash and the letter ${found[1]}, which is not ${meant}: in YAML write it in double quotes, "${found}"`;
}
