import { expect, test } from "vitest";
import { joinAnswer, promptTexts, renderChatContents, renderRaw } from "../../../lib/prompt/prompt.js";
import type { PromptSpec } from "../../../lib/task/prompt-spec.js";
import { fillTemplate, parseTemplate } from "../../../lib/task/template.js";

const prompt: PromptSpec = {
  instruction: "Definition of {label}",
  answer: ":",
  shots: 1,
  format: "raw",
  examples: "text",
  separator: "\n\n",
};
const values = new Map([["label", "an animal"]]);
const rodent = { text: "small burrowing rodent of dry grassland", values };

test("a prompt is its examples' blocks, one blank line between, then the question", () => {
  expect(renderRaw(promptTexts(prompt), [rodent, { text: "large bird", values }], values)).toBe(
    "Definition of an animal: small burrowing rodent of dry grassland\n\n" +
      "Definition of an animal: large bird\n\n" +
      "Definition of an animal:",
  );
});

test("the separator can be one line feed", () => {
  const texts = promptTexts({ ...prompt, separator: "\n" });
  expect(renderRaw(texts, [rodent], values)).toBe(
    "Definition of an animal: small burrowing rodent of dry grassland\nDefinition of an animal:",
  );
});

test("instruction and answer are joined by a space where a writer would put one", () => {
  //             instruction, answer, joined
  const table: [string, string, string][] = [
    ["Write about sports.", "Summary:", "Write about sports. Summary:"],
    ["Definition of x", ":", "Definition of x:"],
    ["Write.", "\nSummary:", "Write.\nSummary:"],
    ["Write.\n", "Summary:", "Write.\nSummary:"],
    ["Write (x", ")", "Write (x)"],
    ["Write", "(x)", "Write (x)"],
    ["Write", '"', 'Write "'],
    ["Write.", "", "Write."],
    ["", "Summary:", "Summary:"],
    ["定义", "：", "定义："],
  ];
  for (const [instruction, answer, joined] of table) expect(joinAnswer(instruction, answer)).toBe(joined);
});

test("an example follows its answer prefix after one space, or directly after a space, a line feed or an opening quote", () => {
  //             answer, block with example "t", end of the prompt
  const table: [string, string, string][] = [
    ["A:", "I A: t", "I A:"],
    ["A: ", "I A: t", "I A:"],
    ["A:\n", "I A:\nt", "I A:\n"],
    ['A: "', 'I A: "t', 'I A: "'],
    ["", "I t", "I"],
  ];
  for (const [answer, block, end] of table) {
    const texts = promptTexts({ ...prompt, instruction: "I", answer });
    expect(renderRaw(texts, [{ text: "t", values }], values)).toBe(`${block}\n\n${end}`);
  }
});

test("a value is never read as a template", () => {
  const hostile = new Map([["label", "{context} {{x}}"]]);
  expect(renderRaw(promptTexts(prompt), [], hostile)).toBe("Definition of {context} {{x}}:");
});

test("without context, the instruction gives way to the one for that, if there is one", () => {
  const context = { ...prompt, instruction: "{context} {label}" };
  expect(renderRaw(promptTexts(context, true), [], new Map([...values, ["context", ""]]))).toBe(" an animal:");
  expect(renderRaw(promptTexts({ ...context, withoutContext: "Of {label}" }, true), [], values)).toBe("Of an animal:");
});

test("a chat has the final answer prefix outside of the user's text", () => {
  const texts = promptTexts({ ...prompt, answer: " Summary: ", system: "You know {label}." });
  expect(renderChatContents(texts, [rodent], values, false)).toEqual([
    "You know an animal.",
    `Definition of an animal Summary: ${rodent.text}\n\nDefinition of an animal`,
    "Summary:",
  ]);
});

test("examples that are turns ask as the question does, and answer with the prefix as it will", () => {
  //             answer prefix, the assistant's turn, how the last one begins
  const table: [string, string, string][] = [
    ["", "large bird", ""],
    [" Summary: ", "Summary: large bird", "Summary:"],
    ["Definition:\n", "Definition:\nlarge bird", "Definition:\n"],
    ["Of {label}:", "Of a bird: large bird", "Of an animal:"],
  ];
  const bird = { text: "large bird", values: new Map([["label", "a bird"]]) };
  for (const [answer, turn, begin] of table) {
    const texts = promptTexts({ ...prompt, instruction: "Define {label}. ", answer });
    const contents = ["Define a bird.", turn, "Define an animal.", begin];
    expect(renderChatContents(texts, [bird], values, true)).toEqual(contents);
  }
});

test("an empty system message is none", () => {
  expect(renderChatContents(promptTexts({ ...prompt, system: "" }), [], values, true)).toHaveLength(2);
});

test("templates: doubled braces are braces, lone ones are errors", () => {
  const fill = (text: string) => fillTemplate(parseTemplate(text).segments, values);
  expect(fill("{{label}}")).toBe("{label}");
  expect(fill("{{{label}}}")).toBe("{an animal}");
  expect(fill("a{x}b")).toBe("ab");
  expect(parseTemplate("{label} {").errors).toHaveLength(1);
  expect(parseTemplate("} {").errors).toHaveLength(2);
});

test("a long run of spaces costs linear time", () => {
  const spaces = { text: `a${" ".repeat(300_000)}b`, values };
  const start = performance.now();
  renderRaw(promptTexts(prompt), [spaces], values);
  expect(performance.now() - start).toBeLessThan(1000);
});
