// Stops are proposed where most rows run to the limit, and where these have something in common.
import { expect, test } from "vitest";
import { cutAt, type ProposedStop, proposeStops, stopNotes } from "../../../lib/run/stop-proposals.js";

const length = (...texts: string[]) => texts.map((written) => ({ written, ending: "length" }));
const ended = (count: number) => Array.from({ length: count }, () => ({ written: "It is over.", ending: "eos" }));
const none = new Set<string>();
const lines = new Set(Array.from({ length: 8 }, (_, i) => `a seed of one line, number ${i}`));
const brief = (found: readonly ProposedStop[]) => found.map(({ stop, rows, words }) => [stop, rows, words]);

const runOn = length("a red fox\nDefinition of a fox: b", "a hen and\nDefinition of a hen: c", "an owl\nb c d");
const items = length("one two\n2. three", "one two three\n2. four");

test.each<[string, Parameters<typeof proposeStops>, unknown[]]>([
  ["nothing where rows end", [[...runOn, ...ended(4)], none], []],
  ["the line break that all have", [runOn, none], [["\n", 3, 8 / 3]]],
  ["half of the rows are enough", [[...runOn, ...ended(3)], none], [["\n", 3, 8 / 3]]],
  ["of equal ones what leaves more, or is longer", [items, none], [["\n2.", 2, 2.5]]],
  ["a line break where seeds have none", [items, lines], [["\n", 2, 2.5]]],
  ["no mark that seeds have", [items, new Set(["one\n2. two", "a\nb"])], []],
  ["no stop that is there", [length("a\nb", "c\nd"), none, ["\n"]], []],
  ["no stop that would leave nothing", [length("\na b", "\nc d"), none], []],
  [
    "the answer prefix in the middle of a line",
    [length("so dull Review: it", "so fine Review: it"), none],
    [["Review:", 2, 2]],
  ],
  ["control tokens as text", [length("a b<|im_end|> c", "d<|im_end|>"), none], [["<|im_end|>", 2, 1.5]]],
  ["nothing of rows that have nothing in common", [length("a b c", "d e f"), none], []],
  ["nothing that one row alone has", [length("a b\nc", "d e f", "g h i"), none], []],
  ["nothing of less than a quarter", [length("a\nb", "c\nd", ...Array.from({ length: 8 }, () => "e")), none], []],
])("%s", (_, given, expected) => {
  expect(brief(proposeStops(...given))).toEqual(expected);
});

test("a text is cut at the first stop that leaves something of it", () => {
  const stops = [{ stop: "\n" }, { stop: "##" }];
  expect(["a b\nc", "a ## b\nc", "a", "\na##b"].map((text) => cutAt(stops, text))).toEqual(["a b", "a ", "a", "\na"]);
});

test("what is left is looked at again, and at most three are proposed", () => {
  const marks = ["\n", "<|a|>", "[INST]", "</s>"];
  const texts = marks.flatMap((mark) => [`one two${mark}three`, `one two${mark}four`]);
  const found = proposeStops(length(...texts), none);
  expect(found).toHaveLength(3);
  expect(found.every(({ rows, words }) => rows === 2 && words === 2)).toBe(true);
});

test.each<[string, Parameters<typeof stopNotes>, RegExp[]]>([
  ["nothing where rows end", [ended(3), [], 40], []],
  [
    "that nothing ends them",
    [length("a", "b"), [], 40],
    [/^2 of 2 rows ran to sampling\.maxTokens \(40\), and have nothing/],
  ],
  [
    "what would",
    [[...length("a", "b", "c"), ...ended(1)], [{ stop: "\n", rows: 2, words: 3 }], 40],
    [
      /^3 of 4 rows .*: with "\\n" in sampling\.stop 2 of them would have ended, after 3 words on average; 1 would still/,
    ],
  ],
])("says %s", (_, given, expected) => {
  const notes = stopNotes(...given);
  expect(notes).toHaveLength(expected.length);
  for (const [i, pattern] of expected.entries()) expect(notes[i]).toMatch(pattern);
});
