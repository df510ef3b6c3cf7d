import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { distinctN } from "../../../lib/evaluate/index.js";

describe("distinctN", () => {
  it("gives the values worked out by hand", () => {
    const table: [texts: string[][], n: number, expected: number][] = [
      [[["a", "b", "c"]], 1, 1],
      [[["a", "a", "a", "a"]], 1, 1 / 4],
      [[["a", "a", "a", "a"]], 2, 1 / 3],
      [
        [
          ["a", "b"],
          ["a", "b"],
        ],
        2,
        1 / 2,
      ],
      // "b a" would occur only across the border of two texts
      [
        [
          ["a", "b"],
          ["a", "c"],
        ],
        2,
        1,
      ],
      [
        [
          ["a", "b"],
          ["a", "c"],
        ],
        1,
        3 / 4,
      ],
      // the one-word text has no bigram and counts for nothing
      [[["a"], ["a", "b"], ["a", "b", "a", "b"]], 2, 2 / 4],
    ];
    for (const [texts, n, expected] of table) {
      expect(distinctN(texts, n), JSON.stringify([texts, n])).toBeCloseTo(expected, 15);
    }
  });

  it("has no share of none", () => {
    expect([distinctN([["a"]], 2), distinctN([[]], 1), distinctN([], 1)]).toEqual([null, null, null]);
  });

  it("tells apart tokens that read the same when joined", () => {
    expect(distinctN([["a b"], ["a", "b"]], 1)).toBe(1);
    expect(
      distinctN(
        [
          ["a b", "c"],
          ["a", "b c"],
        ],
        2,
      ),
    ).toBe(1);
    expect(distinctN([["1", 1]], 1)).toBe(1);
  });

  it("agrees with counting JSON strings on a large skewed corpus", () => {
    // squares modulo a prime repeat often in a fixed, irregular order
    const texts = Array.from({ length: 300 }, (_, t) =>
      Array.from({ length: t % 40 }, (_, p) => ((t * 31 + p * p * 7) % 101) % 17),
    );
    for (const n of [1, 2, 3, 4]) {
      const ngrams = texts.flatMap((text) => text.slice(n - 1).map((_, p) => JSON.stringify(text.slice(p, p + n))));
      expect(distinctN(texts, n)).toBe(new Set(ngrams).size / ngrams.length);
    }
  });

  it("refuses an n that is no integer from 1", () => {
    for (const n of [0, -1, 1.5, Number.NaN]) expect(() => distinctN([["a"]], n)).toThrow(InvalidConfigError);
  });
});
