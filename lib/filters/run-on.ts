/** Texts that do not end where they should, and go on in the format of the prompt. */
import { joinAnswer } from "../prompt/prompt.js";
import type { ResolvedSpec } from "../task/spec.js";
import { parseTemplate } from "../task/template.js";
import type { RowFilter } from "./reasons.js";

/**
 * Rejects "run-on": a text that has, at the start of a line, the beginning of the instruction, the answer prefix, or a
 * role of the chat template in plain words; or anywhere a whole instruction, as rendered for any label; the separator
 * with another block behind it; or a control token of the chat template in plain letters. No text is rejected for a
 * word or two that it may have of its own: what is shorter than three words (an instruction to stand anywhere: five)
 * and does not end in a mark, as "Summary:" does, is left out. Of an instruction with placeholders that differ from row
 * to row, the text between them counts.
 * @param template  what the model's chat template adds to our texts; empty for raw prompts.
 */
export function runOnFilter(spec: ResolvedSpec, template: readonly string[]): RowFilter {
  const ofLabels = spec.labels.map(({ verbalization }) => promptMarks(spec.prompt, verbalization));
  const marks = [...ofLabels, templateMarks(template)];
  const anywhere = [...new Set(marks.flatMap((mark) => mark.anywhere))];
  const atLine = [...new Set(marks.flatMap((mark) => mark.atLine))].map((mark) => `\n${mark}`);
  return ({ text }) => {
    const lines = `\n${text.replaceAll(/\n[ \t\r\n]+/g, "\n")}`; // no white space before the first word of a line
    const isFound = anywhere.some((mark) => text.includes(mark)) || atLine.some((mark) => lines.includes(mark));
    return isFound ? "run-on" : undefined;
  };
}

/** What gives a run-on away. */
interface Marks {
  readonly atLine: readonly string[];
  readonly anywhere: readonly string[];
}

function promptMarks({ instruction, answer, separator }: ResolvedSpec["prompt"], verbalization: string): Marks {
  const stretches = rendered(instruction, verbalization);
  const prefix = rendered(answer, verbalization);
  const first = stretches[0] ?? "";
  const block = stretches.length === 1 && prefix.length === 1 ? joinAnswer(first, prefix[0]!) : first;
  return {
    atLine: [
      ...(words(first) >= 3 ? [beginning(first)] : []),
      ...(prefix.length === 1 && isTelling(prefix[0]!) ? prefix : []),
    ],
    anywhere: [
      ...stretches.filter((stretch) => words(stretch) >= 5),
      ...(separator !== "" && isTelling(block) ? [separator + block] : []),
    ],
  };
}

function templateMarks(template: readonly string[]): Marks {
  return {
    // USER:, ### Response:
    atLine: template.flatMap((part) => /(?:^|\s)((?:#{1,6} ?)?\p{L}{2,20}:)\s*$/u.exec(part)?.[1] ?? []),
    // <|im_start|>, [INST], </s>: nothing that a text has of its own
    anywhere: template.flatMap((part) => part.match(/<[|｜/]?[\w｜▁ -]{1,40}[|｜]?>|\[\/?[A-Z_]{3,20}\]/g) ?? []),
  };
}

/**
 * The stretches of a template between placeholders that differ from row to row, rendered for a label. One where there
 * are none.
 */
function rendered(template: string, verbalization: string): string[] {
  const stretches = [""];
  for (const segment of parseTemplate(template).segments) {
    const text = "literal" in segment ? segment.literal : segment.placeholder === "label" ? verbalization : undefined;
    if (text === undefined) stretches.push("");
    else stretches.push(stretches.pop()! + text);
  }
  return stretches.map((stretch) => stretch.trim());
}

/** Three words, or a mark at the end. */
function isTelling(text: string): boolean {
  return words(text) >= 3 || /\p{L}.*[^\p{L}\p{N}\s]$/u.test(text);
}

function words(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

// Five words tell an instruction from other text, and a row that the token limit cut off in the middle of one has them.
function beginning(text: string): string {
  return /^(?:\S+\s+){0,4}\S+/.exec(text)?.[0] ?? text;
}
