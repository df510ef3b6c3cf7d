import { describe, expect, it } from "vitest";
import { umapGraph } from "../../../lib/evaluate/umap-graph.js";
import { closeness } from "../../../lib/evaluate/umap-layout.js";
import { nearest } from "../../../lib/numbers/nearest.js";
import { evaluationRandom } from "../../../lib/random.js";

const random = evaluationRandom(2, "umap");
const points = { values: Float32Array.from({ length: 600 }, () => random.below(1000) / 1000), rows: 200, dims: 3 };

describe("umapGraph", () => {
  it("is symmetric, in order, without loops, and ties each point to its nearest for certain", () => {
    const neighbors = nearest(points, 10);
    const { from, to, weights } = umapGraph(neighbors);
    const weight = new Map(Array.from(from, (a, e) => [`${a} ${to[e]}`, weights[e]!]));
    expect(weight.size).toBe(from.length);
    for (let e = 0; e < from.length; e++) {
      expect(weight.get(`${to[e]} ${from[e]}`)).toBe(weights[e]);
      expect(to[e]).not.toBe(from[e]);
      if (e > 0) expect(from[e]! * 200 + to[e]!).toBeGreaterThan(from[e - 1]! * 200 + to[e - 1]!);
    }
    expect(weights.every((value) => value > 0 && value <= 1)).toBe(true);
    for (let r = 0; r < 200; r++) expect(weight.get(`${r} ${neighbors.indices[r * 10 + 1]}`)).toBeCloseTo(1, 12);
  });

  it("weighs by hand-worked numbers", () => {
    // Points 0, 1, 3 with all others as neighbours: the nearest weighs 1, the second log2(3) - 1 = 0.585.
    const line = nearest({ values: Float32Array.of(0, 1, 3), rows: 3, dims: 1 }, 3);
    const { from, to, weights } = umapGraph(line);
    const second = Math.log2(3) - 1;
    expect([...from]).toEqual([0, 0, 1, 1, 2, 2]);
    expect([...to]).toEqual([1, 2, 0, 2, 0, 1]);
    // 0-1 is the nearest of both, 1-2 that of 2; 0-2 is the second of both: a + b - ab.
    for (const [e, expected] of [1, 2 * second - second ** 2, 1, 1, 2 * second - second ** 2, 1].entries()) {
      expect(weights[e]).toBeCloseTo(expected, 4);
    }
  });
});

describe("closeness", () => {
  it("fits the curve that UMAP's authors print", () => {
    //  minDist   a       b
    for (const [minDist, a, b] of [
      [0, 1.9328, 0.7905],
      [0.1, 1.5769, 0.8951],
      [0.5, 0.583, 1.3342],
    ] as const) {
      const found = closeness(minDist);
      expect(found.a).toBeCloseTo(a, 4);
      expect(found.b).toBeCloseTo(b, 4);
    }
    expect(closeness(1)).toEqual({ a: expect.closeTo(0.115, 3), b: expect.closeTo(1.929, 3) });
  });
});
