import { expect, it } from "vitest";
import type { Instance } from "../../../lib/instance.js";
import type { FilterInput } from "../../../lib/task/spec.js";
import { acceptanceOf, outcomes, row } from "./row.js";

const cutOff = (text: string) => row(text, { ending: "length" });

const cases: [what: string, filters: FilterInput | false, given: (string | Instance)[], expected: string[]][] = [
  ["nothing but empty rows without filters", false, ["", "a", "a", cutOff("b and")], ["empty", "a", "a", "b and"]],
  [
    "unfinished rows are cut",
    {},
    [cutOff("One is. Two a"), cutOff("no end"), cutOff("It is whole."), "no end"],
    ["One is.", "unfinished", "It is whole.", "no end"],
  ],
  [
    "or dropped",
    { unfinished: "drop" },
    [cutOff("One is. Two a"), cutOff("It is whole."), "no end"],
    ["unfinished", "unfinished", "no end"],
  ],
  ["or kept", { unfinished: "keep" }, [cutOff("One is. Two a")], ["One is. Two a"]],
  [
    "tokens, the limits being in",
    { minTokens: 3, maxTokens: 5 },
    [2, 3, 5, 6].map((tokens) => row(`of ${tokens}`, { tokens })),
    ["short", "of 3", "of 5", "long"],
  ],
  [
    "words",
    { minWords: 2, maxWords: 3 },
    ["one", "one two", "one, two: three!", "one two three four"],
    ["short", "one two", "one, two: three!", "long"],
  ],
  [
    "words are counted in what is left of a text that was cut",
    { maxWords: 2 },
    [cutOff("One is. Two is not")],
    ["One is."],
  ],
  [
    "duplicates up to form, case and white space",
    { nearDuplicates: false },
    ["a café", "A  Cafe\u0301\n", "a café.", "a café"],
    ["a café", "duplicate", "a café.", "duplicate"],
  ],
  [
    "near duplicates",
    {},
    ["one two three four five six", "One, two, three, four, five, six!", "one two three four five seven"],
    ["one two three four five six", "near-duplicate", "one two three four five seven"],
  ],
  [
    "without a word for exact ones, these are near too",
    { duplicates: false },
    ["one two", "one two"],
    ["one two", "near-duplicate"],
  ],
  [
    "short texts differ by a word",
    { nearDuplicates: 0.5 },
    ["a large bird", "a small bird", "a bird", "bird"],
    ["a large bird", "a small bird", "a bird", "bird"],
  ],
  [
    "patterns, under their names",
    {
      reject: [{ name: "link", pattern: "https?://" }, "\\d{4}"],
      require: [{ name: "lower", pattern: "^\\p{Ll}" }],
    },
    ["see http://x", "in 1999", "Upper", "lower"],
    ["link", "reject /\\d{4}/", "lower", "lower"],
  ],
  ["the assistant", {}, ["As an AI, I cannot"], ["assistant"]],
  ["run-ons", { nearDuplicates: false }, ["fine\nDefinition of a plant: green"], ["run-on"]],
];

it.each(cases)("%s", (_, filters, given, expected) => {
  expect(outcomes(acceptanceOf(filters), given)).toEqual(expected);
});

it("rejects copies of what the prompts hold", () => {
  const seeds = ["a large bird of the sea that nests on rocks", "it"];
  const contexts = ["a long article about the sea and its birds"];
  const texts = ["A large bird of the sea that  nests on rocks", "a large bird of the sea, that nests on rocks!", "It"];
  expect(outcomes(acceptanceOf({}, { seeds }), [...texts, "a bird"])).toEqual(["copy", "copy", "copy", "a bird"]);
  expect(outcomes(acceptanceOf({ nearDuplicates: false }, { seeds }), texts.slice(0, 2))).toEqual(["copy", texts[1]]);
  expect(outcomes(acceptanceOf({ copies: false }, { seeds }), texts.slice(0, 1))).toEqual(texts.slice(0, 1));
  const ofContexts = ["A long article about the sea and its birds", "a long article: about the sea and its birds"];
  expect(outcomes(acceptanceOf({}, { contexts }), ofContexts)).toEqual(["copy", ofContexts[1]]);
});

it("counts a row under the first reason that applies", () => {
  const all: FilterInput = {
    unfinished: "drop",
    minTokens: 10,
    maxTokens: 20,
    reject: [{ name: "mine", pattern: "bird" }],
    require: [{ name: "needed", pattern: "a" }],
  };
  const refusal = "As an AI, I";
  const runOn = "x\nDefinition of a plant: b";
  const acceptance = acceptanceOf(all, { seeds: ["seed a"] });
  acceptance.remember(row("seen a"));
  // each has what the ones behind it have too, as far as a text can
  const table: [row: Instance, reason: string][] = [
    [row("", { ending: "length", tokens: 1 }), "empty"],
    [row(refusal, { ending: "length", tokens: 1 }), "unfinished"],
    [row(refusal, { tokens: 1 }), "short"],
    [row(refusal, { tokens: 21 }), "long"],
    [row(`${refusal} bird\n${runOn}`), "assistant"],
    [row(`${runOn} bird`), "run-on"],
    [row("bird"), "mine"],
    [row("ox"), "needed"],
    [row("SEED a"), "copy"],
    [row("seen a"), "duplicate"],
    [row("seen, a"), "near-duplicate"],
  ];
  for (const [given, reason] of table) expect(acceptance.judge(given), reason).toEqual({ reason });
});

it("a cut row says so and keeps what was drawn", () => {
  const drawn = row("One is. Two a", { ending: "length", tokens: 6, logprob: -3 });
  expect(acceptanceOf({}).judge(drawn)).toEqual({ row: { ...drawn, text: "One is.", cut: true } });
  const whole = row("One is.", { ending: "length" });
  expect(acceptanceOf({}).judge(whole)).toEqual({ row: whole });
});

it("judging changes nothing: only what is remembered is repeated", () => {
  const acceptance = acceptanceOf({});
  for (let i = 0; i < 2; i++) expect(acceptance.judge(row("the same text"))).toHaveProperty("row");
  acceptance.remember(row("the same text"));
  expect(acceptance.judge(row("the same text"))).toEqual({ reason: "duplicate" });
});
