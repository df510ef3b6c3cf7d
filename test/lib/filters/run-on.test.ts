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

const inOther = (instruction: string, answer: string): TaskParts => ({
  prompt: { instruction, answer },
  labels: { good: "good", bad: "bad" },
});
const trivia = inOther("Write one short trivia question that asks for {label}.", "Question:");
table.push(
  [
    "in any case and any place",
    trivia,
    [],
    [
      "what is it? QUESTION: what is that",
      "what is it Question: what is that",
      "what is it? 1. write one short trivia question about it",
      '"Write one short trivia question',
      "this is one short trivia question that asks for more", // six words of it
      "what is it? Answer: a bird",
      "Q: what is it? A: a bird",
      "what is it?\nA) a bird\nB) a plant",
      "which is it: (a) a bird (b) a plant",
      "1. what is it?\n2. what is that?",
      "what is it? Explanation: it is a bird",
      "a good question:",
    ],
    [
      "what is the question: to be or not to be?",
      "the answer to it is 42",
      "was it 1. FC Köln that won?",
      "who is A. B. Smith?",
      "one short trivia question",
      "is vitamin a) a drug or none?",
    ],
  ],
  [
    "Chinese",
    inOther("写一条关于{label}的影评，不超过一句话。", "影评："),
    [],
    ["很好看。影评：不好看", "很好看。写一条关于good的影评，不超过一句话。"],
    ["这条影评写得很好。"],
  ],
  [
    "Japanese",
    inOther("{label}映画の短い感想を一文で書いてください。", "感想："),
    [],
    ["良い映画でした。感想：悪い", "良い。good映画の短い感想を一文で書いてください。"],
    ["感想は一言、良かった。"],
  ],
  [
    "Thai",
    inOther("เขียนรีวิวสั้นๆ เกี่ยวกับหนัง {label}", "รีวิว:"),
    [],
    ["หนังดีมาก\nรีวิว: ไม่ดี", "ดี เขียนรีวิวสั้นๆ เกี่ยวกับหนัง good"],
    ["รีวิวนี้ดีมาก"],
  ],
  [
    "Arabic",
    inOther("اكتب مراجعة قصيرة عن فيلم {label}.", "مراجعة:"),
    [],
    ["فيلم رائع. مراجعة: سيئ", "رائع.\nاكتب مراجعة قصيرة عن فيلم good."],
    ["هذه مراجعة قصيرة جيدة"],
  ],
  [
    "Hindi",
    inOther("एक {label} फिल्म की छोटी समीक्षा लिखिए।", "समीक्षा:"),
    [],
    ["फिल्म अच्छी है। समीक्षा: खराब", "अच्छी।\nएक good फिल्म की छोटी समीक्षा लिखिए।"],
    ["यह समीक्षा अच्छी है"],
  ],
  [
    "Russian",
    inOther("Напиши короткий отзыв о фильме: {label}.", "Отзыв:"),
    [],
    ["Хороший фильм. отзыв: плохой", "Хороший.\nнапиши короткий отзыв о фильме"],
    ["Это мой отзыв о фильме."],
  ],
);

it("what the seeds have is no sign", () => {
  const dialogues = new Set(["Q: where is it? A: there", "Q: who is it? A: me"]);
  expect(runOnFilter(specOf({}, trivia), [], dialogues)(row("Q: what is it? A: a bird"))).toBe(undefined);
  expect(runOnFilter(specOf({}, trivia), [], dialogues)(row("Q: what is it? Question: a bird"))).toBe("run-on");
});

it.each(table)("%s", (_, parts, template, rejected, accepted) => {
  const filter = runOnFilter(specOf({}, parts), template);
  for (const text of accepted) expect(filter(row(text)), text).toBe(undefined);
  for (const text of rejected) expect(filter(row(text)), text).toBe("run-on");
});
