import { describe, expect, it } from "vitest";
import { type KmeansOptions, kmeans } from "../../../lib/numbers/kmeans.js";
import { dot, type Vectors } from "../../../lib/numbers/vectors.js";
import { evaluationRandom } from "../../../lib/random.js";

const line = (values: number[]) => ({ values: Float32Array.from(values), rows: values.length, dims: 1 });
const options: KmeansOptions = { clusters: 2, runs: 5, maxIterations: 500, seed: 0 };

describe("kmeans", () => {
  it("finds two pairs on a line", () => {
    // centroids 0.5 and 10.5, every point 0.5 away: inertia 4 * 0.25
    const { assignment, inertia } = kmeans(line([0, 10, 1, 11]), options);
    expect(inertia).toBeCloseTo(1, 12);
    expect(assignment[0]).toBe(assignment[2]);
    expect(assignment[1]).toBe(assignment[3]);
    expect(assignment[0]).not.toBe(assignment[1]);
  });

  it("counts the run of least inertia: more runs never end higher", () => {
    const points = line(Array.from({ length: 60 }, (_, i) => ((i * i * 7) % 101) + 200 * (i % 5)));
    const inertias: number[] = [];
    for (const runs of [1, 2, 4, 8, 16]) {
      inertias.push(kmeans(points, { ...options, clusters: 5, runs }).inertia);
    }
    expect(inertias).toEqual([...inertias].sort((a, b) => b - a));
    expect(inertias[4]).toBeLessThan(inertias[0]!);
  });

  it("puts equal points in one cluster and leaves the others empty", () => {
    const { assignment, inertia } = kmeans(line([4, 4, 4, 4]), { ...options, clusters: 3 });
    expect(new Set(assignment).size).toBe(1);
    expect(inertia).toBe(0);
  });

  it("gives each point a cluster of its own when there are as many, and depends on nothing but the seed", () => {
    const points = line([3, 1, 4, 15, 9]);
    const own = kmeans(points, { ...options, clusters: 5 });
    expect(new Set(own.assignment).size).toBe(5);
    expect(kmeans(points, { ...options, clusters: 5 }).assignment).toEqual(own.assignment);
  });

  it("looks at few centroids again and still ends where looking at all of them ends", () => {
    const random = evaluationRandom(7, "sample");
    //    rows dims clusters spread  at
    for (const [rows, dims, clusters, spread, at] of [
      [600, 5, 12, 1000, 0],
      [600, 20, 8, 1000, 0],
      [300, 2, 9, 4, 0], // a grid: many ties, many duplicates
      [300, 3, 6, 1000, 1e5], // far from the origin, where distances lose digits
    ] as const) {
      const values = Float32Array.from({ length: rows * dims }, () => at + random.below(spread));
      const points = { values, rows, dims };
      const { assignment } = kmeans(points, { clusters, runs: 1, maxIterations: 60, seed: 4 });
      expect([...assignment], `${rows} x ${dims}`).toEqual(plainLloyd(points, clusters, 60, 4));
    }
  });
});

// Every distance, every time.
function plainLloyd({ values, rows, dims }: Vectors, clusters: number, iterations: number, seed: number): number[] {
  const chosen = evaluationRandom(seed, "kmeans", 0).sample(rows, clusters);
  const centroids = Float32Array.from(chosen.flatMap((r) => [...values.slice(r * dims, (r + 1) * dims)]));
  let assignment = Array<number>(rows).fill(-1);
  for (let i = 0; i < iterations; i++) {
    const next = assignment.map((_, r) => {
      const closeness = Array.from({ length: clusters }, (_, c) => {
        const own = dot(centroids, c * dims, centroids, c * dims, dims) / 2;
        return dot(values, r * dims, centroids, c * dims, dims) - own;
      });
      return closeness.indexOf(Math.max(...closeness));
    });
    if (next.every((c, r) => c === assignment[r])) break;
    assignment = next;
    for (let c = 0; c < clusters; c++) {
      const own = assignment.flatMap((of, r) => (of === c ? [r] : []));
      if (own.length === 0) continue;
      for (let d = 0; d < dims; d++) {
        let sum = 0;
        for (const r of own) sum += values[r * dims + d]!;
        centroids[c * dims + d] = sum / own.length;
      }
    }
  }
  return assignment;
}
