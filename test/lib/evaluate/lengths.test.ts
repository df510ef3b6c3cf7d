import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { lengthBinWidth, lengthDistance, lengthDistribution } from "../../../lib/evaluate/lengths.js";

describe("lengthDistribution", () => {
  it("gives the values worked out by hand", () => {
    // mean (2+4+4+4+5+5+7+9)/8 = 5, variance (9+1+1+1+0+0+4+16)/8 = 4. Sorted positions 0..7: the 5 % quantile lies at
    // 0.35 between 2 and 4, the 25 % at 1.75, the median at 3.5 between 4 and 5, the 75 % at 5.25, the 95 % at 6.65.
    expect(lengthDistribution([9, 2, 4, 4, 0, 5, 4, 7, 5], { binWidth: 2 })).toEqual({
      texts: 8,
      blank: 1,
      mean: 5,
      sd: 2,
      quantiles: {
        min: 2,
        p5: expect.closeTo(2 + 0.35 * 2, 14),
        p25: 4,
        median: 4.5,
        p75: expect.closeTo(5 + 0.25 * 2, 14),
        p95: expect.closeTo(7 + 0.65 * 2, 14),
        max: 9,
      },
      // 0-1: none, 2-3: one 2, 4-5: three 4s and two 5s, 6-7: one 7, 8-9: one 9
      histogram: { binWidth: 2, counts: [0, 1, 5, 1, 1] },
    });
  });

  it("has the value of the one text everywhere, and no spread", () => {
    const quantiles = { min: 3, p5: 3, p25: 3, median: 3, p75: 3, p95: 3, max: 3 };
    expect(lengthDistribution([3])).toMatchObject({ texts: 1, mean: 3, sd: 0, quantiles });
  });

  it("is null without texts", () => {
    for (const lengths of [[], [0, 0]]) {
      const result = lengthDistribution(lengths);
      expect(result).toMatchObject({ texts: 0, blank: lengths.length, mean: null, sd: null, quantiles: null });
      expect(result.histogram.counts).toEqual([]);
    }
  });

  it("refuses lengths and widths that are no such integers, by their position", () => {
    for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => lengthDistribution([1, length])).toThrow("lengths[1]");
    for (const binWidth of [0, 1.5, Number.NaN])
      expect(() => lengthDistribution([1], { binWidth })).toThrow(InvalidConfigError);
  });
});

describe("lengthBinWidth", () => {
  it("is the least round width that needs at most 30 bins for all sets", () => {
    const table: [longest: number, width: number][] = [
      [0, 1],
      [29, 1],
      [30, 2],
      [59, 2],
      [60, 5],
      [149, 5],
      [150, 10],
      [299, 10],
      [300, 20],
    ];
    for (const [longest, width] of table) expect(lengthBinWidth([1], [longest, 2]), String(longest)).toBe(width);
    expect(lengthBinWidth()).toBe(1);
    expect(lengthDistribution([150, 299]).histogram.counts).toHaveLength(30);
    expect(() => lengthBinWidth([Number.NaN])).toThrow(InvalidConfigError);
  });
});

describe("lengthDistance", () => {
  it("gives the values worked out by hand", () => {
    const table: [p: number[], q: number[], wasserstein: number, kolmogorovSmirnov: number][] = [
      // shares up to a length: 1/2 against 0 from 1 to 2, 1/2 against 1 from 2 to 3
      [[1, 3], [2, 2], 1, 1 / 2],
      // all three move to 4: by 3, 2 and 1, on average 2
      [[4], [1, 2, 3], 2, 1],
      // a half against two thirds from 1 to 5: 1/6 * 4
      [[1, 5], [1, 1, 5], 2 / 3, 1 / 6],
      [[7, 8], [8, 7, 8, 7], 0, 0],
      // blank texts do not take part
      [[0, 7], [7, 0, 0], 0, 0],
    ];
    for (const [p, q, wasserstein, kolmogorovSmirnov] of table) {
      for (const [a, b] of [
        [p, q],
        [q, p],
      ] as const) {
        const distance = lengthDistance(a, b)!;
        expect(distance.wasserstein, JSON.stringify([a, b])).toBeCloseTo(wasserstein, 14);
        expect(distance.kolmogorovSmirnov, JSON.stringify([a, b])).toBeCloseTo(kolmogorovSmirnov, 14);
      }
    }
  });

  it("is the shift in tokens where all texts are longer by so much", () => {
    const lengths = [3, 9, 9, 14, 40];
    expect(
      lengthDistance(
        lengths,
        lengths.map((length) => length + 6),
      )!.wasserstein,
    ).toBeCloseTo(6, 12);
  });

  it("is null where either side has no texts", () => {
    for (const [p, q] of [
      [[], [1]],
      [[1], [0]],
      [[], []],
    ] as const)
      expect(lengthDistance(p, q)).toBeNull();
  });

  it("says which list holds what is no length", () => {
    expect(() => lengthDistance([1], [2, -3])).toThrow("gold[1]");
    expect(() => lengthDistance([0.5], [2])).toThrow("lengths[0]");
  });
});
