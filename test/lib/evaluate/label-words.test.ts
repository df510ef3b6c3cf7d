import { expect, it } from "vitest";
import { labelWords, tellingWords } from "../../../lib/evaluate/label-words.js";

const labels = [
  { name: "s", verbalization: "an article about sports" },
  { name: "b", verbalization: "an article on business and finance" },
];
const row = (label: string, text: string) => ({ label, text });

it("takes the words that tell a label from the others", () => {
  expect([...tellingWords(labels)]).toEqual([
    ["s", ["sports"]],
    ["b", ["business", "finance"]],
  ]);
  // nothing of its own
  expect(tellingWords([...labels, { name: "n", verbalization: "the article" }]).get("n")).toEqual([]);
});

it("counts the rows that hold a word of their own label, beside those of gold", () => {
  const rows = [
    row("s", "Sports fans cheered"),
    row("s", "A sport of kings"),
    row("s", "The cup final"),
    row("s", "A transport strike"),
    row("b", "The FINANCE minister spoke"),
    row("b", "Sports shares fell"), // another label's word
    row("n", "no word to look for"),
  ];
  const gold = [row("s", "Sports day"), row("s", "a goal"), row("s", "a win"), row("s", "a loss")];
  expect(labelWords(rows, labels, { of: "gold", rows: gold }).value).toEqual({
    n: 6,
    share: 3 / 6,
    beside: { of: "gold", n: 4, share: 1 / 4 },
    labels: [
      { label: "b", words: ["business", "finance"], n: 2, share: 1 / 2, beside: null },
      { label: "s", words: ["sports"], n: 4, share: 2 / 4, beside: 1 / 4 },
    ],
  });
  expect(labelWords(rows, labels).value).toMatchObject({ beside: null });
});

it("has nothing to say of labels without words of their own, and takes any name", () => {
  expect(labelWords([row("+1", "good")], [{ name: "+1", verbalization: "of the" }])).toEqual({
    value: null,
    reason: "no label that has rows has words of its own",
  });
  expect(
    labelWords([row("__proto__", "proto")], [{ name: "__proto__", verbalization: "__proto__" }]).value,
  ).toMatchObject({
    share: 1,
  });
});
