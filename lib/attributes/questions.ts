/** What the teacher is asked about the attributes of a task's texts. Small models answer short questions best. */
import type { Label } from "../task/labels.js";

/** Texts that show what those of the task are like, and characters of each. */
const [mostExamples, mostShown] = [4, 200];

/**
 * In which ways the texts of a task differ.
 * @param examples  texts of the task; some are shown.
 */
export function dimensionsQuestion(labels: readonly Label[], examples: readonly string[], count: number): string {
  const phrases = labels.map(({ verbalization }) => `"${onOneLine(verbalization)}"`);
  const listed = phrases.length > 1 ? `${phrases.slice(0, -1).join(", ")} or ${phrases.at(-1)}` : phrases.join("");
  const lines = examples.slice(0, mostExamples).map(
    (text) =>
      `- ${onOneLine(text)
        .slice(0, mostShown)
        .replace(/[\ud800-\udbff]$/, "")}\n`,
  );
  const shown = lines.length > 0 ? `Texts such as these:\n${lines.join("")}` : "";
  return (
    `${shown}Texts labelled ${listed} are to differ from each other within their label. Name ${count} attributes in which such ` +
    "texts can differ, such as style or length. Give a numbered list of short names."
  );
}

/** Which values an attribute has: a template, in which {label} stands for the label's phrase. */
export function valuesTemplate(attribute: string, count: number): string {
  const name = attribute.replaceAll("_", " ");
  return (
    `Texts labelled "{label}" are to differ in their ${name}. Which ${count} kinds of ${name} can they have? ` +
    "Give a numbered list of short names."
  );
}

function onOneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
