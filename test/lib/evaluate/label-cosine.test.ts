import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { labelCosine } from "../../../lib/evaluate/label-cosine.js";
import { evaluationRandom } from "../../../lib/random.js";

const vectors = (...rows: number[][]) => rows.map((row) => Float32Array.from(row));

describe("labelCosine", () => {
  it("gives the values worked out by hand, each text paired with itself on the diagonal, labels sorted", () => {
    // b: (1, 0) and (0, 1): ordered pairs 1, 0, 0, 1 -> 2/4.   a: (3, 4) -> unit (0.6, 0.8): alone, so none.
    // a x b: 0.6 and 0.8 -> 0.7
    const { labels, matrix } = labelCosine(vectors([1, 0], [0, 1], [3, 4]), ["b", "b", "a"]);
    expect(labels).toEqual(["a", "b"]);
    expect(matrix).toEqual([
      [null, expect.closeTo(0.7, 7)],
      [expect.closeTo(0.7, 7), expect.closeTo(0.5, 7)],
    ]);
  });

  it("reaches -1 for opposite texts and takes zeros as similar to nothing", () => {
    expect(labelCosine(vectors([1, 0], [-5, 0]), ["a", "b"]).matrix[0]![1]).toBe(-1);
    expect(labelCosine(vectors([0, 0], [1, 0]), ["a", "b"]).matrix).toEqual([
      [null, 0],
      [0, null],
    ]);
  });

  it("equals the mean over all ordered pairs, one by one", () => {
    const random = evaluationRandom(3, "kmeans");
    const labels = Array.from({ length: 30 }, () => "abc"[random.below(3)]!);
    const embeddings = labels.map(() => Float32Array.from({ length: 5 }, () => random.below(2001) - 1000));
    const cosine = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, value, d) => sum + value * b[d]!, 0) / Math.hypot(...a) / Math.hypot(...b);
    const found = labelCosine(embeddings, labels);
    found.labels.forEach((first, i) => {
      found.labels.forEach((second, j) => {
        const pairs = embeddings.flatMap((a, r) =>
          labels[r] === first ? embeddings.flatMap((b, s) => (labels[s] === second ? [cosine(a, b)] : [])) : [],
        );
        expect(found.matrix[i]![j]).toBeCloseTo(pairs.reduce((a, b) => a + b, 0) / pairs.length, 6);
      });
    });
  });

  it("handles one label, one text and none", () => {
    expect(labelCosine(vectors([2, 0], [2, 0]), ["x", "x"])).toEqual({ labels: ["x"], matrix: [[1]] });
    expect(labelCosine(vectors([2, 0]), ["x"])).toEqual({ labels: ["x"], matrix: [[null]] });
    expect(labelCosine([], [])).toEqual({ labels: [], matrix: [] });
  });

  it("refuses embeddings without labels and embeddings of different lengths", () => {
    expect(() => labelCosine(vectors([1]), [])).toThrow(
      /labels: Expected one for each of the 1 embeddings, received 0/,
    );
    expect(() => labelCosine(vectors([1], [1, 2]), ["a", "b"])).toThrow(InvalidConfigError);
  });
});
