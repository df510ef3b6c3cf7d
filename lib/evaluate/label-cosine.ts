// How close the texts of each label lie to those of each other label, by their embeddings.
import { invalidField } from "../errors.js";
import { unitVectors } from "../numbers/vectors.js";

/**
 * Mean cosine similarities: `matrix[i][j]` of `labels[i]` and `labels[j]`, −1..1, symmetric; null on the diagonal of a
 * label that has one text.
 */
export interface LabelCosine {
  /** The distinct labels, sorted. */
  readonly labels: string[];
  readonly matrix: readonly (readonly (number | null)[])[];
}

/**
 * The mean cosine similarity over all ordered pairs of a text of one label and a text of another. On the diagonal a
 * text is also paired with itself, so a label of few texts has more there than one of many, and one of a single text
 * has nothing to say. An embedding of zeros counts as similar to nothing.
 *
 * O(rows × dimensions): the mean over all pairs is the product of the two labels' mean unit vectors.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there are not as many labels as embeddings, or the
 * embeddings are not finite or differ in length.
 * @example
 * import { labelCosine } from "corrsynth/evaluate";
 * const vectors = [[1, 0], [1, 0], [0, 1]].map((values) => Float32Array.from(values));
 * console.log(labelCosine(vectors, ["cat", "cat", "dog"]).matrix); // [ [ 1, 0 ], [ 0, null ] ]
 */
export function labelCosine(embeddings: readonly Float32Array[], labels: readonly string[]): LabelCosine {
  if (embeddings.length !== labels.length) {
    const message = `Expected one for each of the ${embeddings.length} embeddings, received ${labels.length}`;
    throw invalidField("labels", message);
  }
  const { values, dims } = unitVectors(embeddings);
  const sorted = [...new Set(labels)].sort();
  const means = new Map(sorted.map((label) => [label, { texts: 0, sum: new Float64Array(dims) }]));
  labels.forEach((label, r) => {
    const mean = means.get(label)!;
    mean.texts++;
    for (let d = 0; d < dims; d++) mean.sum[d]! += values[r * dims + d]!;
  });
  const matrix = sorted.map((a) =>
    sorted.map((b) => {
      const [first, second] = [means.get(a)!, means.get(b)!];
      if (a === b && first.texts === 1) return null;
      const product = first.sum.reduce((total, value, d) => total + value * second.sum[d]!, 0);
      return product / (first.texts * second.texts);
    }),
  );
  return { labels: sorted, matrix };
}
