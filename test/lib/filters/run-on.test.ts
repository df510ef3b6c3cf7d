import { expect, it } from "vitest";
import { runOnFilter } from "../../../lib/filters/run-on.js";
import { row, specOf, type TaskParts } from "./row.js";

const news: TaskParts = {
  prompt: { instruction: "Write a summary for a news article about {label}. Be brief.", answer: "Summary:" },
  labels: { business: "business", sports: "sports" },
};
const styled: TaskParts = {
  prompt: { instruction: "Write a {style} review of a {label} movie.", answer: "Review ({style}):" },
  labels: { good: "positive", bad: "negative" },
  attributes: { style: ["short", "long"] },
};
const bare: TaskParts = {
  prompt: { instruction: "{label}", answer: "", separator: "\n" },
  labels: { sports: "sports", tech: "tech" },
};
const colon: TaskParts = { ...bare, prompt: { instruction: "{label}", answer: ":", separator: " | " } };
const chatMl = ["<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"];
const plainRoles = ["You are helpful. USER: ", " ASSISTANT:"];
const inst = ["<s>[INST] ", " [/INST]"];

const table: [what: string, parts: TaskParts, template: string[], rejected: string[], accepted: string[]][] = [
  [
    "instruction and answer prefix",
    news,
    [],
    [
      "Shares fell.\n\nWrite a summary for a news article about sports. Be brief.\nSummary: They won.",
      "Shares fell.\nWrite a summary for a", // cut off by the token limit
      "Shares fell.\r\n   Summary: They won.",
      "Summary: Shares fell.",
      "Shares fell. Write a summary for a news article about business. Be brief.",
      "A summary for a news article about sports",
    ],
    ["Shares fell.", "Write a letter, they said.", "In summary: they won.", "Summary of the day"],
  ],
  [
    "text between placeholders that differ from row to row",
    styled,
    [],
    ["Good.\n\nWrite a short review of a positive movie.\nReview (short): Bad."],
    ["Good.\n\nWrite a review (short): see below"],
  ],
  ["a bare label proves nothing", bare, [], [], ["sports fans", "They won.\nsports and more", "a\ntech"]],
  [
    "but a whole block behind the separator",
    colon,
    [],
    ["They won | sports: They lost"],
    ["They won. sports: fun", "a | b"],
  ],
  [
    "roles of ChatML",
    news,
    chatMl,
    ["Fine.<|im_end|>", "Fine.\n<|im_start|>user\nMore"],
    ["Fine, said the user", "the assistant\nuser", "a <b> c"],
  ],
  [
    "roles as plain words",
    news,
    plainRoles,
    ["Fine.\nUSER: more", "ASSISTANT: Fine"],
    ["The USER: a study", "the user: x"],
  ],
  ["roles of [INST]", news, inst, ["Fine. [/INST] ok", "[INST] more"], ["INST is a word", "[1] a note"]],
];

it.each(table)("%s", (_, parts, template, rejected, accepted) => {
  const filter = runOnFilter(specOf({}, parts), template);
  for (const text of accepted) expect(filter(row(text)), text).toBe(undefined);
  for (const text of rejected) expect(filter(row(text)), text).toBe("run-on");
});
