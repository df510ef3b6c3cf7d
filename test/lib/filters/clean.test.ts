import { expect, it } from "vitest";
import { cleaner } from "../../../lib/filters/clean.js";
import { acceptanceOf, row, specOf } from "./row.js";

const review = specOf(
  {},
  {
    prompt: { instruction: "Write a one-sentence review of a movie. The review is {label}.", answer: "Review:" },
    labels: { good: "positive", bad: "negative" },
  },
);

it.each([
  ['"I liked it."', "I liked it."],
  ["“I liked it.”", "I liked it."],
  ['“I liked it."', "I liked it."],
  ["'I don't like it.'", "I don't like it."],
  ['"I liked it".', "I liked it."],
  ['"I liked it and', "I liked it and"],
  ['I liked it."', "I liked it."],
  ["«Мне понравилось.»", "Мне понравилось."],
  ["„Es war gut.“", "Es war gut."],
  ["「とても良い映画でした。」", "とても良い映画でした。"],
  ["“这部电影很好。”", "这部电影很好。"],
  ["“这部电影很好”。", "这部电影很好。"],
  ["«فيلم رائع»؟", "فيلم رائع؟"],
  ["«فيلم رائع»", "فيلم رائع"],
  ['"यह फिल्म अच्छी है।"', "यह फिल्म अच्छी है।"],
  ['"หนังดีมาก"', "หนังดีมาก"],
  ["**I liked it.**", "I liked it."],
  ["*I liked it.*", "I liked it."],
  ["__I liked it.__", "I liked it."],
  ["- I liked it.", "I liked it."],
  ["1. I liked it.", "I liked it."],
  ["# I liked it.", "I liked it."],
  ["Review: I liked it.", "I liked it."],
  ["review： I liked it.", "I liked it."],
  ["**Review:** I liked it.", "I liked it."],
  ["**Review**: I liked it.", "I liked it."],
  ["**Positive review**\n\nI liked it.", "I liked it."],
  ["Positive movie review: I liked it.", "I liked it."],
  ["Review of the movie: I liked it.", "I liked it."],
  ["Positive: I liked it.", "I liked it."],
  ["good: I liked it.", "I liked it."],
  ['1. **Review:** "I liked it."', "I liked it."],
])("%j becomes %j", (text, expected) => {
  expect(cleaner(review, new Set())(text)).toBe(expected);
});

it.each([
  'He said "no" and left.',
  '"No," he said, "never."',
  "“Jaws” is better than “Alien”",
  "'Tis the season and rock 'n' roll",
  "the girls' night out",
  "*very* good, *very* long",
  "2 * 3 * 4",
  "1999 was a good year",
  "1. one\n2. two",
  "- one\n- two",
  "A review of the year",
  "Good film.",
  "The verdict: skip it.",
  "Spider-Man: Homecoming is fun",
  '"',
  "**",
  "Review:",
  "",
])("%j stays", (text) => {
  expect(cleaner(review, new Set())(text)).toBe(text);
});

it("what the seeds have is left", () => {
  const quoted = new Set(['"It was good."', '"It was bad."', "plain"]);
  expect(cleaner(review, quoted)('"I liked it."')).toBe('"I liked it."');
  expect(cleaner(review, quoted)("**I liked it.**")).toBe("I liked it.");
  const seldom = new Set(['"It was good."', ...Array.from({ length: 99 }, (_, i) => `plain ${i}`)]);
  expect(cleaner(review, seldom)('"I liked it."')).toBe("I liked it.");
});

it("a cleaned row says so; a cut one is cleaned of what the cut laid open", () => {
  const quoted = row('"a bird"');
  expect(acceptanceOf({}).judge(quoted)).toEqual({ row: { ...quoted, text: "a bird", cleaned: true } });
  expect(acceptanceOf({ clean: false }).judge(quoted)).toEqual({ row: quoted });
  const list = row("1. It is a bird.\n2. It", { ending: "length" });
  expect(acceptanceOf({}).judge(list)).toEqual({ row: { ...list, text: "It is a bird.", cut: true, cleaned: true } });
});
