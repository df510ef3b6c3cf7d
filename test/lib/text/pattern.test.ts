// Patterns that people give: as JavaScript understands them, in time in proportion to the text, or refused at once.
import { describe, expect, it, test } from "vitest";
import { linearPattern } from "../../../lib/text/pattern.js";

//                  pattern, flags
const usual: [string, string][] = [
  ["https?://", ""],
  ["[.!?]$", ""],
  ["^\\s*$", "m"],
  ["\\b(cat|dog)s?\\b", "i"],
  ["a.b", ""],
  ["a.b", "s"],
  ["\\d{2,}", ""],
  ["(?<year>20\\d\\d)", ""],
  ["\\u00e9", ""],
  ["\\u{1f600}", "u"],
  ["[^a-z ]", "i"],
  ["^(?:\\w+ ){2}\\w+$", ""],
  ["ж", "i"],
  ["[/\\-]", ""],
];
const texts = [
  ...[
    "",
    " ",
    "Two cats.",
    "a DOG",
    "a\nb",
    "a-b",
    "axb",
    "in 2024",
    "7",
    "café",
    "a 😀",
    "one two three",
    "Ж",
    "and/or",
  ],
  "see http://x.org",
];

test.each(usual)("/%s/%s matches what JavaScript's does", (pattern, flags) => {
  const [ours, theirs] = [linearPattern(pattern, flags.replace("u", "")), new RegExp(pattern, flags)];
  expect(texts.filter((text) => ours.test(text))).toEqual(texts.filter((text) => theirs.test(text)));
});

// Each of these keeps V8 busy for longer than anybody waits, and no signal ends it.
const hostile: [string, string][] = [
  ["(a+)+$", `${"a".repeat(9999)}!`],
  ["(a|aa)+$", `${"a".repeat(9999)}!`],
  ["^(\\w+\\s?)*$", `${"word ".repeat(1999)}!`],
  ["(x+x+)+y", "x".repeat(10_000)],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "a".repeat(10_000)],
  ["(.*a){20}[^a]", "a".repeat(10_000)],
];
test.each(hostile)("%s comes back from a text that would hold up a pattern which backtracks", (pattern, text) => {
  expect(linearPattern(pattern, "").test(text)).toBe(false);
});

describe("a pattern is refused", () => {
  //            pattern, why
  it.each([
    ["(?=a)", /\(\?=/],
    ["a(?!b)", /\(\?!/],
    ["(?<=a)b", /\(\?<=a/],
    ["(?<!a)b", /\(\?<!a/],
    ["(a)\\1", /\\1/],
    ["(?<n>a)\\k<n>", /\\k/],
    ["(", /missing closing \)/],
    ["a{1001}", /repeat count/],
    ["(a{1000}){1000}", /too large|repeat count/],
    ["(".repeat(1001) + ")".repeat(1001), /nests too deeply/],
    [".{1000}.{1000}", /comes to \d+ instructions, more than 2000: lower its counts, or make several/],
    ["a".repeat(10_001), /has 10001 characters, more than 10000/],
  ])("%#: %s", (pattern, why) => {
    expect(() => linearPattern(pattern, "")).toThrow(why);
  });
});
