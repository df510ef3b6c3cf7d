import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { mauve, mauveFromHistograms } from "../../../lib/evaluate/mauve.js";
import { evaluationRandom } from "../../../lib/random.js";

describe("mauveFromHistograms", () => {
  it("scores disjoint histograms exactly 0.5 at c = 1", () => {
    // R = wP + (1 - w)Q: KL(Q||R) = -ln(1 - w) and KL(P||R) = -ln w, so the curve is the line x = 1 - w, y = w
    const { score, curve } = mauveFromHistograms([3, 1, 0, 0], [0, 0, 5, 5]);
    expect(score).toBeCloseTo(0.5, 14);
    for (const [x, y] of curve) expect(x + y).toBeCloseTo(1, 14);
  });

  it("scores disjoint histograms 0.41 % at c = 5, and 1/252 with a fine curve", () => {
    // x = (1 - w)^5, y = w^5: the area is the integral of 5 w^5 (1 - w)^4, 5 * 5! 4! / 10! = 1/252
    expect(100 * mauveFromHistograms([1, 0], [0, 1], { scaling: 5 }).score!).toBeCloseTo(0.41, 2);
    expect(mauveFromHistograms([1, 0], [0, 1], { scaling: 5, points: 20_001 }).score).toBeCloseTo(1 / 252, 8);
  });

  it("scores equal histograms 1, whatever c, and whether given as counts or shares", () => {
    for (const scaling of [0.5, 1, 5]) {
      expect(mauveFromHistograms([1, 2, 0, 4], [1, 2, 0, 4], { scaling }).score).toBeCloseTo(1, 12);
      expect(mauveFromHistograms([1, 2, 0, 4], [0.125, 0.25, 0, 0.5], { scaling }).score).toBeCloseTo(1, 12);
    }
  });

  it("follows the curve worked out by hand for P = (1, 0), Q = (1/2, 1/2)", () => {
    // R = ((1 + w)/2, (1 - w)/2)
    // x = exp(-KL(Q||R)) = 2 sqrt((1 + w)/2 (1 - w)/2) = sqrt(1 - w^2);   y = exp(-KL(P||R)) = (1 + w)/2
    const { score, curve } = mauveFromHistograms([7, 0], [2, 2]);
    expect(curve).toHaveLength(27);
    expect(curve[0]).toEqual([1, 0]);
    expect(curve[26]).toEqual([0, 1]);
    curve.slice(1, 26).forEach(([x, y], i) => {
      const w = 1e-6 + ((1 - 2e-6) * i) / 24;
      expect(x).toBeCloseTo(Math.sqrt(1 - w * w), 12);
      expect(y).toBeCloseTo((1 + w) / 2, 12);
    });
    // The exact area under y(x) = (1 + sqrt(1 - x^2)) / 2 is 1/2 + pi/8; trapezoids inside a convex curve miss a little.
    expect(mauveFromHistograms([7, 0], [2, 2], { points: 20_001 }).score).toBeCloseTo(0.5 + Math.PI / 8, 6);
    expect(score).toBeLessThan(0.5 + Math.PI / 8);
    expect(score).toBeCloseTo(0.5 + Math.PI / 8, 2);
  });

  it("equals half the trapezoids under y(x) plus half those under x(y), and does not mind which set is which", () => {
    const [p, q] = [
      [5, 3, 0, 1, 9],
      [2, 3, 4, 0, 1],
    ];
    const { score, curve } = mauveFromHistograms(p, q, { scaling: 2 });
    const area = (points: [number, number][]) => {
      const sorted = [...points].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
      return sorted.slice(1).reduce((sum, [x, y], i) => sum + ((x - sorted[i]![0]) * (y + sorted[i]![1])) / 2, 0);
    };
    expect(score).toBeCloseTo((area(curve) + area(curve.map(([x, y]) => [y, x]))) / 2, 14);
    expect(mauveFromHistograms(q, p, { scaling: 2 }).score).toBeCloseTo(score, 14);
    expect(mauveFromHistograms([...p, 0, 0], [...q, 0, 0], { scaling: 2 }).score).toBeCloseTo(score, 14);
  });

  it("refuses histograms and options it has no score for", () => {
    for (const [p, q] of [
      [[1], [1, 2]],
      [
        [0, 0],
        [1, 1],
      ],
      [
        [1, 1],
        [0, 0],
      ],
      [
        [-1, 2],
        [1, 1],
      ],
      [[Number.NaN], [1]],
      [[], []],
    ]) {
      expect(() => mauveFromHistograms(p!, q!), JSON.stringify([p, q])).toThrow(InvalidConfigError);
    }
    for (const options of [{ scaling: 0 }, { scaling: Number.NaN }, { points: 1 }, { points: 2.5 }]) {
      expect(() => mauveFromHistograms([1], [1], options)).toThrow(InvalidConfigError);
    }
  });
});

const random = evaluationRandom(99, "kmeans");
const noise = () => (random.below(2001) - 1000) / 10_000;
/** `count` vectors near an axis of 8 dimensions. */
const near = (axis: number, count: number) =>
  Array.from({ length: count }, () => Float32Array.from({ length: 8 }, (_, d) => (d === axis ? 1 : 0) + noise()));

describe("mauve", () => {
  it("scores a set against itself 1, and against one with nothing in common 0.5", () => {
    const set = [...near(0, 30), ...near(1, 30)];
    expect(mauve(set, set)).toMatchObject({ score: expect.closeTo(1, 12), buckets: 30, scaling: 1 });
    expect(mauve(set, [...near(2, 30), ...near(3, 30)], { buckets: 4 })).toMatchObject({
      score: expect.closeTo(0.5, 12),
    });
  });

  it("is the score of the histograms over the clusters", () => {
    const result = mauve(near(0, 40), [...near(0, 20), ...near(1, 20)], { buckets: 2, scaling: 2 });
    if (result.score === null) throw new Error(result.reason);
    expect([result.histograms.p, result.histograms.q].map((counts) => [...counts].sort((a, b) => a - b))).toEqual([
      [0, 40],
      [20, 20],
    ]);
    expect(result.score).toBe(mauveFromHistograms(result.histograms.p, result.histograms.q, { scaling: 2 }).score);
    expect(result.score).toBeCloseTo(mauveFromHistograms([1, 0], [0.5, 0.5], { scaling: 2 }).score, 12);
  });

  it("does not mind the length of an embedding, only its direction", () => {
    const [p, q] = [near(0, 40), [...near(0, 20), ...near(1, 20)]];
    const scaled = q.map((embedding, i) => embedding.map((value) => value * 2 ** (i % 5)));
    expect(mauve(p, scaled, { buckets: 5 })).toEqual(mauve(p, q, { buckets: 5 }));
  });

  it("takes max(2, round(smaller set / 10)) clusters when there are fewer texts than clusters", () => {
    expect(mauve(near(0, 10), near(1, 19))).toMatchObject({ buckets: 2, score: expect.closeTo(0.5, 12) });
    expect(mauve(near(0, 15), near(0, 15))).toMatchObject({ buckets: 30 });
    expect(mauve(near(0, 44), near(0, 50), { buckets: 100 })).toMatchObject({ buckets: 4 });
  });

  it("handles one text against one, equal texts, and embeddings of zeros", () => {
    const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    expect(mauve([a], [b]).score).toBeCloseTo(0.5, 12);
    expect(mauve([a], [a]).score).toBeCloseTo(1, 12);
    expect(mauve(Array(50).fill(a), Array(40).fill(a)).score).toBeCloseTo(1, 12);
    expect(mauve(Array(50).fill(new Float32Array(2)), Array(50).fill(a), { buckets: 2 }).score).toBeCloseTo(0.5, 12);
  });

  it("is null with a reason for an empty set", () => {
    expect(mauve([], [Float32Array.of(1)])).toEqual({ score: null, reason: expect.stringContaining("0 and 1") });
    expect(mauve([Float32Array.of(1)], [])).toMatchObject({ score: null });
  });

  it("gives the same for the same seed, and little else for another", () => {
    const [p, q] = [
      Array.from({ length: 200 }, (_, i) => near(i % 8, 1)[0]!),
      Array.from({ length: 200 }, (_, i) => near(i % 5, 1)[0]!),
    ];
    const first = mauve(p, q);
    expect(mauve(p, q)).toEqual(first);
    const other = mauve(p, q, { seed: 1 });
    expect(other).not.toEqual(first);
    expect(Math.abs(other.score! - first.score!)).toBeLessThan(0.1);
  });

  it("refuses embeddings that are not finite or differ in length, and options out of range", () => {
    const good = Float32Array.of(1, 2);
    for (const bad of [
      Float32Array.of(1),
      Float32Array.of(1, Number.NaN),
      Float32Array.of(1, Number.POSITIVE_INFINITY),
    ]) {
      expect(() => mauve([good], [good, bad])).toThrow(InvalidConfigError);
    }
    expect(() => mauve([good], [Float32Array.of(1)])).toThrow(/q: Expected vectors of 2 numbers as in p, received 1/);
    expect(() => mauve([new Float32Array(0)], [new Float32Array(0)])).toThrow(InvalidConfigError);
    for (const options of [
      { buckets: 1 },
      { variance: 0 },
      { variance: 1.1 },
      { runs: 0 },
      { maxIterations: 0 },
      { seed: -1 },
    ]) {
      expect(() => mauve([good], [good], options), JSON.stringify(options)).toThrow(InvalidConfigError);
    }
  });

  it("reports growing shares", () => {
    const [p, q] = [near(0, 50), near(1, 50)];
    const shares: number[] = [];
    mauve(p, q, { onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(0);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  });
});
