import { afterAll, expect, it } from "vitest";
import { rowFilters, type Verdict } from "../../../lib/filters/acceptance.js";
import { assistantFilter } from "../../../lib/filters/assistant.js";
import { finished } from "../../../lib/filters/words.js";
import type { FilterInput } from "../../../lib/task/spec.js";
import { assistantRows, instanceOf, type MarkedRow, markedRows, taskOf } from "../../rows/read.js";
import { row } from "./row.js";

// What the rules say of rows that people have read. A row is usable when nothing is wrong with it but what `clean`
// takes off.
const rows = markedRows();
const isUsable = ({ defects }: MarkedRow) => defects.every((defect) => defect === "wrapped");
const only = (filters: FilterInput): FilterInput => ({
  ...{ reasoning: false, clean: true, assistant: false, runOns: false, repetition: false, script: false },
  ...{ copies: false, duplicates: false, nearDuplicates: false },
  ...filters,
});
const none = { seeds: new Set<string>(), contexts: new Set<string>() };

const known = new Map<string, ReturnType<typeof rowFilters>>();

function verdict(marked: MarkedRow, filters: FilterInput): Verdict {
  const key = JSON.stringify([marked.task, marked.format, filters]);
  const verdictOn = known.get(key) ?? rowFilters(taskOf(marked, filters), none, []);
  known.set(key, verdictOn);
  return verdictOn(instanceOf(marked));
}

/** As they are judged: cut to whole sentences, or as they were drawn where none is whole. */
function reasonOf(marked: MarkedRow, filters: FilterInput): string | undefined {
  const isWhole = finished(instanceOf(marked), "cut") !== undefined;
  const found = verdict(marked, { ...filters, unfinished: isWhole ? "cut" : "keep" });
  return "reason" in found ? found.reason : undefined;
}

const lines: string[] = [];
afterAll(() => console.log(["rule         rejects precision   recall", ...lines].join("\n")));
const percent = (part: number, of: number) => (of === 0 ? 1 : part / of);
const line = (rule: string, rejected: number, precision: number, recall: string) =>
  lines.push(
    `${rule.padEnd(12)} ${String(rejected).padStart(7)} ${precision.toFixed(3).padStart(9)} ${recall.padStart(8)}`,
  );

it("there are 300 rows of three models and four tasks or more, good and bad", () => {
  const different = (field: "model" | "task") => new Set(rows.map((marked) => marked[field])).size;
  expect(rows.length).toBeGreaterThanOrEqual(300);
  expect(different("model")).toBeGreaterThanOrEqual(3);
  expect(different("task")).toBe(4);
  for (const { good, defects, text } of rows) expect(good, text).toBe(defects.length === 0);
});

it.each([
  { rule: "assistant", filters: { assistant: true }, precision: 0.95, recall: 0.95 },
  { rule: "run-on", filters: { runOns: true }, precision: 0.95, recall: 0.8 },
  { rule: "repetition", filters: { repetition: true }, precision: 0.95, recall: 0.9 },
  { rule: "script", filters: { script: true }, precision: 0.95, recall: 0.95 },
])(
  "$rule: of what it rejects $precision are bad, of what it is for it finds $recall",
  ({ rule, filters, precision, recall }) => {
    const rejected = rows.filter((marked) => reasonOf(marked, only(filters)) === rule);
    const wanted = rows.filter(({ defects }) => defects.includes(rule));
    const found = wanted.filter((marked) => rejected.includes(marked));
    const right = percent(rejected.filter((marked) => !isUsable(marked)).length, rejected.length);
    line(rule, rejected.length, right, `${found.length}/${wanted.length}`);
    expect(right).toBeGreaterThanOrEqual(precision);
    expect(percent(found.length, wanted.length)).toBeGreaterThanOrEqual(recall);
  },
);

it("clean takes off what is only wrapped, and nothing of a good row", () => {
  const cleaned = rows.filter((marked) => {
    const found = verdict(marked, only({ unfinished: "cut" }));
    return "row" in found && found.row.cleaned === true;
  });
  const wrapped = rows.filter(({ defects }) => defects.join() === "wrapped");
  const found = wrapped.filter((marked) => cleaned.includes(marked));
  const right = percent(cleaned.filter(({ good }) => !good).length, cleaned.length);
  line("clean", cleaned.length, right, `${found.length}/${wrapped.length}`);
  expect(right).toBeGreaterThanOrEqual(0.95);
  expect(percent(found.length, wrapped.length)).toBeGreaterThanOrEqual(0.9);
});

it("all rules together take 95 of 100 usable rows, and leave out of the bad ones what they are for", () => {
  const usable = rows.filter(isUsable);
  const bad = rows.filter((marked) => !isUsable(marked));
  // a text of the wrong kind, or one without sense, is for no rule; nor is a copy, whose seed is not here
  const named = bad.filter(({ defects }) => defects.some((defect) => !["other", "copy", "wrapped"].includes(defect)));
  const isRejected = (marked: MarkedRow) => "reason" in verdict(marked, { copies: false });
  const [kept, left, leftNamed] = [usable, bad, named].map((all) => all.filter(isRejected).length);
  line("all", kept! + left!, percent(left!, kept! + left!), `${left}/${bad.length}`);
  lines.push(
    `             usable rows rejected: ${kept} of ${usable.length}; of the rules' own defects found: ${leftNamed} of ${named.length}`,
  );
  expect(percent(kept!, usable.length)).toBeLessThanOrEqual(0.05);
  expect(percent(leftNamed!, named.length)).toBeGreaterThanOrEqual(0.9);
});

it("assistants are told from people who begin alike", () => {
  const table = assistantRows();
  const good = table.filter(({ good }) => good);
  const bad = table.filter(({ good }) => !good);
  expect(Math.min(good.length, bad.length)).toBeGreaterThanOrEqual(200);
  const isRejected = ({ text }: { text: string }) => assistantFilter()(row(text)) !== undefined;
  const [wrong, found] = [good.filter(isRejected), bad.filter(isRejected)];
  line(
    "(its table)",
    wrong.length + found.length,
    percent(found.length, wrong.length + found.length),
    `${found.length}/${bad.length}`,
  );
  expect(wrong.map(({ text }) => text)).toEqual([]);
  expect(found.length / bad.length).toBeGreaterThanOrEqual(0.98);
});

// What the first trials of the product accepted.
it.each([
  ["reviews", "It is dull. Review: a one-sentence review of it. Review: another one. Review: bad", "run-on"],
  ["reviews", "… Review: a one-sentence review that is kind", "run-on"],
  ["trec", "what is the capital of france? 1. Write one short trivia question that asks for a place", "run-on"],
  ["trec", "What is the capital of Western Australia? Answer: Perth", "run-on"],
  ["trec", "Q: What is the capital of France? A: Paris", "run-on"],
  ["trec", "Which of these is a bird?\nA) a bat\nB) a robin", "run-on"],
  ["bank", "\"Sorry, but I can't help you with that.", "assistant"],
  ["bank", "I regret to inform you that I, as an AI language model, have no card", "assistant"],
  ["bank", "Hi [Customer's Name], my card is lost", "assistant"],
  ["bank", "Understood.", "assistant"],
  ["bank", "I am sorry to hear that your card is lost.", "assistant"],
  ["agnews", "I am unable to read it", "assistant"],
  ["agnews", "Sure, here is a summary: shares fell", "assistant"],
  ["agnews", "As an AI, I cannot read news", "assistant"],
  ["agnews", "Robert Downey Jr ., Jr ., Jr ., Jr ., Jr ., Jr ., Jr ., Jr", "repetition"],
  ["reviews", "YOU KNOW WHAT?! YOU KNOW WHAT?!", "repetition"],
  ["agnews", "Intuit集团 raised its forecast for the year", "script"],
] as const)("%s: %j", (task, text, reason) => {
  const format = task === "bank" ? "chat" : "raw";
  const marked: MarkedRow = {
    model: "",
    task,
    format,
    label: labelOf[task],
    text,
    ending: "stop",
    good: false,
    defects: [],
  };
  expect(verdict(marked, {})).toEqual({ reason });
});

const labelOf = { agnews: "business", bank: "card_arrival", reviews: "positive", trec: "location" };
