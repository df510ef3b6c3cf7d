// The nearest neighbours of points, exactly.
import { type Progress, unwatched } from "./progress.js";
import type { Vectors } from "./vectors.js";

/** Of each row the nearest rows in ascending distance, itself first at distance 0. */
export interface Neighbors {
  /** How many of each row. */
  readonly count: number;
  /** [row][neighbour] */
  readonly indices: Int32Array;
  readonly distances: Float64Array;
}

/**
 * @param count  neighbours of each row, the row itself among them, 1..rows. Equally near ones come in the order of the
 * rows.
 */
export function nearest({ values, rows, dims }: Vectors, count: number, progress: Progress = unwatched): Neighbors {
  const indices = new Int32Array(rows * count);
  const distances = new Float64Array(rows * count);
  const squares = new Float64Array(count);
  for (let r = 0; r < rows; r++) {
    if (r % 16 === 0) progress(r / rows);
    const start = r * count;
    let found = 1;
    indices[start] = r; // before its duplicates
    for (let s = 0; s < rows; s++) {
      if (s === r) continue;
      const limit = found < count ? Number.POSITIVE_INFINITY : squares[count - 1]!;
      const square = squaredDistance(values, r * dims, s * dims, dims, limit);
      if (square >= limit) continue;
      let place = Math.min(found, count - 1);
      for (; place > 1 && squares[place - 1]! > square; place--) {
        indices[start + place] = indices[start + place - 1]!;
        squares[place] = squares[place - 1]!;
      }
      indices[start + place] = s;
      squares[place] = square;
      found = Math.min(found + 1, count);
    }
    for (let i = 1; i < count; i++) distances[start + i] = Math.sqrt(squares[i]!);
  }
  return { count, indices, distances };
}

// The sum, or some part of it that has reached the limit: of principal components the first few mostly say enough.
function squaredDistance(values: Float32Array, a: number, b: number, dims: number, limit: number): number {
  let sum = 0;
  for (let d = 0; d < dims; ) {
    for (const end = Math.min(d + 8, dims); d < end; d++) sum += (values[a + d]! - values[b + d]!) ** 2;
    if (sum >= limit) return sum;
  }
  return sum;
}
