import { describe, expect, it } from "vitest";
import { pca } from "../../../lib/numbers/pca.js";
import type { Vectors } from "../../../lib/numbers/vectors.js";

function matrix(rows: readonly (readonly number[])[]): Vectors {
  return { values: Float32Array.from(rows.flat()), rows: rows.length, dims: rows[0]!.length };
}

const absolute = ({ values }: Vectors) => [...values].map(Math.abs);

// squares sum to 18 along the first axis and to 2 along the second: shares 0.9 and 0.1
const cross = [
  [3, 0],
  [-3, 0],
  [0, 1],
  [0, -1],
];

describe("pca", () => {
  it("keeps the first components that reach the share of variance", () => {
    const one = pca(matrix(cross), { variance: 0.9 }, 0);
    expect(one.points).toMatchObject({ rows: 4, dims: 1 });
    expect(absolute(one.points)).toEqual([3, 3, 0, 0]);
    expect(one.explained).toBeCloseTo(0.9, 14);
    const both = pca(matrix(cross), { variance: 0.91 }, 0);
    expect(absolute(both.points)).toEqual([3, 0, 3, 0, 0, 1, 0, 1]);
    expect(both.explained).toBe(1);
  });

  it("gives the same from the rows' products, when there are fewer rows than dimensions", () => {
    const wide = cross.map((row) => [...row, 0, 0, 0, 0]);
    const { points, explained } = pca(matrix(wide), { components: 2 }, 0);
    absolute(points).forEach((value, i) => {
      expect(value).toBeCloseTo([3, 0, 3, 0, 0, 1, 0, 1][i]!, 6);
    });
    expect(explained).toBeCloseTo(1, 12);
  });

  it("does not mind where the points lie, or how many there are of each", () => {
    const shifted = Array.from({ length: 700 }, (_, i) => cross[i % 4]!.map((value) => value + 5)); // 700: three blocks
    const { points } = pca(matrix(shifted), { variance: 0.9 }, 0);
    expect(points.dims).toBe(1);
    [3, 3, 0, 0].forEach((expected, i) => {
      expect(absolute(points)[696 + i]).toBeCloseTo(expected, 4);
    });
  });

  it("keeps one component of nothing when all rows are equal", () => {
    const { points, explained } = pca(
      matrix([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
      { variance: 0.9 },
      0,
    );
    expect([...points.values]).toEqual([0, 0, 0]);
    expect(explained).toBe(1);
  });

  it("fits on random rows beyond the given side, says so, and projects all rows", () => {
    const line = Array.from({ length: 40 }, (_, i) => [i, 2 * i, 2 * i]); // all variance along (1, 2, 2), length 3
    const { points, fittedRows } = pca(matrix(line), { variance: 0.9 }, 5, undefined, 2);
    expect(fittedRows).toBe(2);
    expect(points).toMatchObject({ rows: 40, dims: 1 });
    expect(Math.abs(points.values[39]! - points.values[0]!)).toBeCloseTo(3 * 39, 3);
    expect(pca(matrix(line), { variance: 0.9 }, 5, undefined, 3).fittedRows).toBe(40);
  });
});
