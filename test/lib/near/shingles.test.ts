import { expect, it } from "vitest";
import { jaccard } from "../../../lib/near/near-index.js";
import { shingleHashes, shingleSets } from "../../../lib/near/shingles.js";

const texts = [
  "a b c",
  "a b d",
  "a b c a b c",
  "Well, this is it!",
  "well this is it",
  "yes",
  "Yes.",
  "no",
  "yes no",
  "yes no maybe",
  "!!!",
  "???",
  "今天天气很好",
  "今天天气真好",
  "",
];

it("gives the similarities of exact shingles, of every pair and length", () => {
  for (const length of [1, 2, 3]) {
    const exact = shingleSets(texts, length);
    const hashed = texts.map((text) => shingleHashes(text, length));
    for (const [i, a] of texts.entries()) {
      for (const [j, b] of texts.entries()) {
        const message = `${a} | ${b} | ${length}`;
        expect(jaccard(hashed[i]!, hashed[j]!), message).toBe(jaccard(exact[i]!, exact[j]!));
      }
    }
  }
});

it("gives increasing numbers, each once", () => {
  const hashes = shingleHashes("a b c d a b c d a b c d", 2);
  expect([...hashes]).toEqual([...new Set(hashes)].sort((a, b) => a - b));
  expect(hashes.length).toBe(4); // ab, bc, cd, da
});
