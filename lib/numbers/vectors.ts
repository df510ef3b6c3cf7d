// Embeddings as one matrix of float32, checked.
import { invalidField } from "../errors.js";

/** Vectors of equal length laid end to end: row r is `values[r * dims]` up to `values[(r + 1) * dims]`. */
export interface Vectors {
  readonly values: Float32Array;
  readonly rows: number;
  readonly dims: number;
}

/**
 * The embeddings scaled to length 1; a vector of zeros, which has no direction, stays.
 * @param path  what the embeddings are called in errors.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when two differ in length, or one is empty or holds a value
 * that is not finite.
 */
export function unitVectors(embeddings: readonly Float32Array[], path = "embeddings"): Vectors {
  const rows = embeddings.length;
  const dims = embeddings[0]?.length ?? 0;
  const values = new Float32Array(rows * dims);
  embeddings.forEach((embedding, r) => {
    if (embedding.length !== dims || dims === 0) {
      const expected = `a vector of ${dims || "at least 1"} numbers like the first`;
      throw invalidField(`${path}[${r}]`, `Expected ${expected}, received ${embedding.length}`);
    }
    let squares = 0;
    for (let d = 0; d < dims; d++) squares += embedding[d]! ** 2;
    if (!Number.isFinite(squares)) {
      throw invalidField(`${path}[${r}]`, "Expected finite numbers: embed this text again, or leave it out");
    }
    const length = Math.sqrt(squares) || 1;
    for (let d = 0; d < dims; d++) values[r * dims + d] = embedding[d]! / length;
  });
  return { values, rows, dims };
}

/**
 * The product Σ a[i + k] b[j + k] over k < length. Four sums side by side, since each would wait for its last addition.
 */
export function dot(a: Float32Array, i: number, b: Float32Array, j: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[i + k]! * b[j + k]!;
    s1 += a[i + k + 1]! * b[j + k + 1]!;
    s2 += a[i + k + 2]! * b[j + k + 2]!;
    s3 += a[i + k + 3]! * b[j + k + 3]!;
  }
  for (; k < length; k++) s0 += a[i + k]! * b[j + k]!;
  return s0 + s1 + s2 + s3;
}
