import { describe, expect, it } from "vitest";
import { type KmeansOptions, kmeans } from "../../../lib/evaluate/kmeans.js";
import { pace } from "../../../lib/evaluate/pace.js";

const line = (values: number[]) => ({ values: Float32Array.from(values), rows: values.length, dims: 1 });
const options: KmeansOptions = { clusters: 2, runs: 5, maxIterations: 500, seed: 0 };

describe("kmeans", () => {
  it("finds two pairs on a line", async () => {
    // centroids 0.5 and 10.5, every point 0.5 away: inertia 4 * 0.25
    const { assignment, inertia } = await kmeans(line([0, 10, 1, 11]), options, pace());
    expect(inertia).toBeCloseTo(1, 12);
    expect(assignment[0]).toBe(assignment[2]);
    expect(assignment[1]).toBe(assignment[3]);
    expect(assignment[0]).not.toBe(assignment[1]);
  });

  it("counts the run of least inertia: more runs never end higher", async () => {
    const points = line(Array.from({ length: 60 }, (_, i) => ((i * i * 7) % 101) + 200 * (i % 5)));
    const inertias: number[] = [];
    for (const runs of [1, 2, 4, 8, 16]) {
      inertias.push((await kmeans(points, { ...options, clusters: 5, runs }, pace())).inertia);
    }
    expect(inertias).toEqual([...inertias].sort((a, b) => b - a));
    expect(inertias[4]).toBeLessThan(inertias[0]!);
  });

  it("puts equal points in one cluster and leaves the others empty", async () => {
    const { assignment, inertia } = await kmeans(line([4, 4, 4, 4]), { ...options, clusters: 3 }, pace());
    expect(new Set(assignment).size).toBe(1);
    expect(inertia).toBe(0);
  });

  it("gives each point a cluster of its own when there are as many, and depends on nothing but the seed", async () => {
    const points = line([3, 1, 4, 15, 9]);
    const own = await kmeans(points, { ...options, clusters: 5 }, pace());
    expect(new Set(own.assignment).size).toBe(5);
    expect((await kmeans(points, { ...options, clusters: 5 }, pace())).assignment).toEqual(own.assignment);
  });
});
