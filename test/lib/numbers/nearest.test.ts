import { describe, expect, it } from "vitest";
import { nearest } from "../../../lib/numbers/nearest.js";
import { evaluationRandom } from "../../../lib/random.js";

describe("nearest", () => {
  it("finds the nearest rows in order, the row itself before its duplicates", () => {
    const points = { values: Float32Array.from([0, 10, 1, 10, 3]), rows: 5, dims: 1 };
    const { indices, distances } = nearest(points, 3);
    const rows = [0, 3, 6, 9, 12].map((at) => [[...indices.slice(at, at + 3)], [...distances.slice(at, at + 3)]]);
    expect(rows).toEqual([
      [
        [0, 2, 4],
        [0, 1, 3],
      ],
      [
        [1, 3, 4],
        [0, 0, 7],
      ],
      [
        [2, 0, 4],
        [0, 1, 2],
      ],
      [
        [3, 1, 4],
        [0, 0, 7],
      ],
      [
        [4, 2, 0],
        [0, 2, 3],
      ],
    ]);
  });

  it("gives what sorting all distances gives", () => {
    const [rows, dims] = [150, 21];
    const random = evaluationRandom(3, "umap");
    const values = Float32Array.from({ length: rows * dims }, () => random.below(3)); // with many ties
    const { indices } = nearest({ values, rows, dims }, 7);
    const square = (a: number, b: number) => {
      const difference = (d: number) => values[a * dims + d]! - values[b * dims + d]!;
      return Array.from({ length: dims }, (_, d) => difference(d) ** 2).reduce((sum, value) => sum + value, 0);
    };
    for (let r = 0; r < rows; r++) {
      const others = Array.from({ length: rows }, (_, s) => s).filter((s) => s !== r);
      const sorted = others.sort((a, b) => square(r, a) - square(r, b) || a - b);
      expect([...indices.slice(r * 7, r * 7 + 7)]).toEqual([r, ...sorted.slice(0, 6)]);
    }
  });
});
