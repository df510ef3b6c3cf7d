import { describe, expect, it } from "vitest";
import { jaccard, NearIndex } from "../../../lib/near/near-index.js";
import { shingleSets } from "../../../lib/near/shingles.js";
import { normalise } from "../../../lib/text/normalise.js";

const similarity = (a: string, b: string, length: number) => {
  const [first, second] = shingleSets([a, b], length);
  return jaccard(first!, second!);
};

describe("normalise", () => {
  it("forgets case, white space and how accents are encoded, and nothing else", () => {
    expect(normalise("  Two\t WORDS\n\u00a0here ")).toBe("two words here");
    expect(normalise("cafe\u0301")).toBe(normalise("CAF\u00c9"));
    expect(normalise("a.")).not.toBe(normalise("a"));
    expect(normalise(" \n\t")).toBe("");
  });
});

describe("shingleSets", () => {
  it("gives the similarities worked out by hand", () => {
    const table: [a: string, b: string, length: number, expected: number][] = [
      ["a b c", "a b d", 1, 2 / 4],
      // {ab, bc} and {ab, bd}
      ["a b c", "a b d", 2, 1 / 3],
      ["a b c", "a b d", 3, 0],
      // a shingle counts once however often it occurs: {a, b} and {a, b}
      ["a a a b", "b a", 1, 1],
      // case and punctuation do not count
      ["Well, this is it!", "well this is it", 3, 1],
      // fewer words than a shingle has: the whole text is one
      ["yes", "Yes.", 3, 1],
      ["yes", "no", 3, 0],
      ["yes no", "yes no maybe", 3, 0],
      // no words at all: the text itself
      ["!!!", "!!!", 3, 1],
      ["!!!", "???", 3, 0],
      // a dictionary's words where a script has no spaces: {今天, 天气, 很好} and {今天, 天气, 真好}
      ["今天天气很好", "今天天气真好", 1, 2 / 4],
      ["GPT今天", "gpt 今天", 1, 1],
    ];
    for (const [a, b, length, expected] of table)
      expect(similarity(a, b, length), `${a} | ${b} | ${length}`).toBeCloseTo(expected, 15);
  });

  it("has no shingle that runs from one text into the next", () => {
    // "b c" would only occur across the border
    const [first, second, third] = shingleSets(["a b", "c d", "b c"], 2);
    expect(jaccard(first!, third!) + jaccard(second!, third!)).toBe(0);
  });

  it("takes no texts, and texts that are all too short", () => {
    expect(shingleSets([], 3)).toEqual([]);
    expect(shingleSets(["a", "a b", "a"], 3).map((set) => set.length)).toEqual([1, 1, 1]);
  });
});

describe("jaccard", () => {
  it("is 0 for two empty sets", () => {
    expect(jaccard(new Int32Array(0), new Int32Array(0))).toBe(0);
  });
});

describe("NearIndex", () => {
  it("misses fewer than one in a hundred pairs that lie just at the threshold, and reports none below it", () => {
    for (const [shared, each, threshold] of [
      [7, 10, 0.5], // 7 of 13 is above 0.5
      [14, 17, 0.7], // 14 of 20
      [16, 18, 0.8], // 16 of 20
      [38, 39, 0.95], // 38 of 40
    ] as const) {
      const pairs = 1000;
      let found = 0;
      for (let p = 0; p < pairs; p++) {
        // ids as texts have them: small numbers, here a different stretch for each pair
        const set = (side: number) =>
          Int32Array.from({ length: each }, (_, i) => p * 100 + (i < shared ? i : 50 * side + i));
        const index = new NearIndex(threshold);
        index.add(set(0));
        index.match(set(1), (text, similar) => {
          expect([text, similar]).toEqual([0, shared / (2 * each - shared)]);
          found++;
        });
        index.match(Int32Array.of(p * 100, 7e6), () => expect.unreachable("1 of many is not alike"));
      }
      expect(found, String(threshold)).toBeGreaterThan(0.99 * pairs);
    }
  });

  it("reports each text once, though many bands propose it, and none that is to be skipped", () => {
    const index = new NearIndex(0.5);
    const set = Int32Array.of(1, 2, 3);
    for (let i = 0; i < 3; i++) index.add(set);
    const found: number[] = [];
    index.match(
      set,
      (text) => found.push(text),
      (text) => text === 1,
    );
    expect(found).toEqual([0, 2]);
  });
});
