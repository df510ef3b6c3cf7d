import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../../lib/evaluate/eigen.js";
import { pace } from "../../../lib/evaluate/pace.js";
import { evaluationRandom } from "../../../lib/random.js";

function symmetric(side: number): Matrix {
  const random = evaluationRandom(side, "pca");
  const half = new Matrix(Array.from({ length: side }, () => Array.from({ length: side }, () => random.below(100))));
  return half.add(half.transpose());
}

describe("symmetricEigen", () => {
  it("gives the same numbers here and on a thread of its own", async () => {
    for (const side of [1, 5, 96, 97, 130]) {
      const matrix = symmetric(side);
      const { values, vectors } = await symmetricEigen(matrix, pace());
      const here = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
      expect(values, `side ${side}`).toEqual(here.realEigenvalues);
      expect(vectors, `side ${side}`).toEqual(here.eigenvectorMatrix.transpose().to2DArray());
    }
  });

  it("leaves the event loop free on the way, and ends where the pace ends it", async () => {
    const reason = new Error("enough");
    let turns = 0;
    const stopped = symmetricEigen(symmetric(500), async () => {
      if (++turns === 2) throw reason; // the first comes before any work
    });
    await expect(stopped).rejects.toBe(reason);
  });
});
