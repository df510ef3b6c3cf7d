import { expect, it } from "vitest";
import { ContentIndex } from "../../../lib/near/content.js";
import { type SharedSpans, SpanIndex, sharedSpans } from "../../../lib/near/spans.js";

const none = { words: 0, share: 0, longest: 0 };

it.each<[known: string, text: string, shared: SharedSpans]>([
  ["a b c d e f", "a b c d e f", { words: 6, share: 1, longest: 6 }],
  ["a b c d e f", "A, b, c: D e f!", { words: 6, share: 1, longest: 6 }],
  ["a b c d", "x a b c d y z", { words: 4, share: 1, longest: 4 }],
  // one word of seven changed: three and three of them are left
  ["a b c d e f g", "a b c x e f g", { words: 6, share: 6 / 7, longest: 3 }],
  // two words in a row are a phrase of the language
  ["a b x c d y", "a b z c d w", none],
  ["a b", "a b", none],
  ["日本の首都はどこですか", "フランスの首都はどこですか", { words: 6, share: 6 / 7, longest: 6 }],
])("%j and %j", (known, text, shared) => {
  expect(sharedSpans(text, known)).toEqual(shared);
});

it.each<[what: string, text: string, source: number | undefined]>([
  ["six words that are all of a text", "a b c d e f", 0],
  ["five of them", "a b c d e", undefined],
  ["a known text with more behind", "a b c d e f and so on", 0],
  ["eight of nine words, five in a row", "p q r s t x u v w", 1],
  ["a phrase that both have", "p q r s t other words than those here", undefined],
  ["the first of two", "k l m n o p q r s t u v w k l m n o", 1],
])("%s: %j", (_, text, source) => {
  const index = new SpanIndex();
  for (const known of ["a b c d e f", "p q r s t u v w", "k l m n o p q r s t u v w"]) index.add(known);
  expect(index.find(text)).toBe(source);
});

it("takes texts of one word over and over, in time that grows with their length", () => {
  const index = new SpanIndex();
  for (let t = 0; t < 100; t++) index.add("so ".repeat(20_000));
  expect(index.find("so ".repeat(20_000))).toBe(0);
  expect(index.find("so what ".repeat(20_000))).toBeUndefined();
});

it.each<[known: string, text: string, isSame: boolean]>([
  ["what is the capital of japan", "what's the capital of Japan?", true],
  ["what is the capital of japan", "what is the captial of japan", true],
  ["what is the capital of japan", "what is the capital of france", false],
  ["what does fbi stand for", "what does cia stand for", false],
  ["who won in 1996", "who won in 1998", false],
  ["bird", "a bird", false],
  ["a cat on a mat", "a car on a mat", false],
  ["can i top up", "can i not top up", false],
  [`${"word ".repeat(24)}the`, `${"word ".repeat(24)}a`, false], // too long to say
])("%j and %j: %s", (known, text, isSame) => {
  const index = new ContentIndex();
  index.add(known);
  expect(index.find(text)).toBe(isSame ? 0 : undefined);
});
