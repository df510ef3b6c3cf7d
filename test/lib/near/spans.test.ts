import { expect, it } from "vitest";
import { ContentIndex } from "../../../lib/near/content.js";
import { type SharedSpans, SpanIndex } from "../../../lib/near/spans.js";

it.each<[known: string, text: string, shared: SharedSpans | undefined]>([
  ["a b c d e f", "a b c d e f", { words: 6, share: 1, longest: 6 }],
  ["a b c d e f", "A, b, c: D e f!", { words: 6, share: 1, longest: 6 }],
  ["a b c d", "x a b c d y z", { words: 4, share: 1, longest: 4 }],
  // one word of seven changed: three and three of them are left
  ["a b c d e f g", "a b c x e f g", { words: 6, share: 6 / 7, longest: 3 }],
  // two words in a row are a phrase of the language
  ["a b x c d y", "a b z c d w", undefined],
  ["a b", "a b", undefined],
  ["日本の首都はどこですか", "フランスの首都はどこですか", { words: 6, share: 6 / 7, longest: 6 }],
])("%j and %j", (known, text, shared) => {
  const index = new SpanIndex();
  index.add(known);
  const seen: SharedSpans[] = [];
  index.some(text, (found) => seen.push(found) < 0);
  expect(seen).toEqual(shared === undefined ? [] : [shared]);
});

it("each known text is asked about on its own", () => {
  const index = new SpanIndex();
  for (const text of ["a b c d", "d e f g"]) index.add(text);
  const shares: number[] = [];
  index.some("a b c d e f g", ({ share }) => shares.push(share) < 0);
  expect(shares).toEqual([1, 1]);
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
  expect(index.has(text)).toBe(isSame);
});
