import { expect, it } from "vitest";
import { conjugateGradients } from "../../../lib/numbers/conjugate-gradients.js";

const product = (matrix: readonly (readonly number[])[]) => (x: Float64Array, out: Float64Array) => {
  for (const [i, row] of matrix.entries()) out[i] = row.reduce((sum, part, j) => sum + part * x[j]!, 0);
};
const exactly = { tolerance: 1e-12, maxSteps: 100 };

it("solves systems that a reader can check by hand", () => {
  //                  matrix              b        x
  const table: [number[][], number[], number[]][] = [
    [[[2]], [6], [3]],
    [
      [
        [2, 0],
        [0, 4],
      ],
      [2, 2],
      [1, 0.5],
    ],
    [
      [
        [4, 1],
        [1, 3],
      ],
      [1, 2],
      [1 / 11, 7 / 11],
    ],
    [[[5]], [0], [0]],
  ];
  for (const [matrix, b, x] of table) {
    const found = conjugateGradients(product(matrix), Float64Array.from(b), exactly);
    for (const [i, part] of x.entries()) expect(found[i]).toBeCloseTo(part, 12);
  }
});

it("needs a step for each different eigenvalue, and takes no more than it may", () => {
  const steps = (diagonal: number[], maxSteps: number) => {
    let count = 0;
    const times = (x: Float64Array, out: Float64Array) => {
      count++;
      for (const [i, value] of diagonal.entries()) out[i] = value * x[i]!;
    };
    conjugateGradients(times, new Float64Array(diagonal.length).fill(1), { tolerance: 1e-9, maxSteps });
    return count;
  };
  expect([steps([2, 2, 2, 2], 9), steps([1, 1, 3, 3], 9), steps([1, 2, 3, 4], 9), steps([1, 2, 3, 4], 2)]).toEqual([
    1, 2, 4, 2,
  ]);
});
