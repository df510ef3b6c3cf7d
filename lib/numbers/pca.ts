// Principal component analysis of many rows, in typed arrays.
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { evaluationRandom } from "../random.js";
import { type Progress, partOf, unwatched } from "./progress.js";
import { euclideanLength } from "./sum.js";
import { dot, type Vectors } from "./vectors.js";

/** How many components are kept: enough for a share of the variance 0..1, or a fixed number. */
export type Keep = { readonly variance: number } | { readonly components: number };

/** Rows in the coordinates of their leading components. */
export interface Projection {
  /** Centred, not whitened; as many rows as went in. */
  readonly points: Vectors;
  /** Share of the variance that the kept components explain, 0..1; 1 when there is none. */
  readonly explained: number;
  /** Rows that the components were fitted on. */
  readonly fittedRows: number;
}

/**
 * Projects the points onto their leading principal components: with `variance`, the first ones whose cumulative share
 * reaches it, the one that crosses included; at least one in any case.
 * @param exactUpTo  where both rows and dimensions are more, the components are fitted on so many random rows.
 */
export function pca(
  points: Vectors,
  keep: Keep,
  seed: number,
  progress: Progress = unwatched,
  exactUpTo = 768, // the eigen-decomposition is cubic: 0.1 s at a side of 192, 3 s at 768
): Projection {
  const { rows, dims } = points;
  const centered = center(points);
  const exact = Math.min(rows, dims) <= exactUpTo;
  const fitted = exact ? centered : choose(centered, evaluationRandom(seed, "pca").sample(rows, exactUpTo));
  const { components, explained } = leadingComponents(fitted, keep, partOf(progress, 0, 0.6));
  const kept = components.rows;
  const values = new Float32Array(rows * kept);
  for (let r = 0; r < rows; r++) {
    if (r % 16 === 0) progress(0.6 + (0.4 * r) / rows);
    for (let c = 0; c < kept; c++) {
      values[r * kept + c] = dot(centered.values, r * dims, components.values, c * dims, dims);
    }
  }
  return { points: { values, rows, dims: kept }, explained, fittedRows: fitted.rows };
}

function center({ values, rows, dims }: Vectors): Vectors {
  const means = new Float64Array(dims);
  const centered = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let d = 0; d < dims; d++) means[d]! += values[r * dims + d]! / rows;
  }
  for (let r = 0; r < rows; r++) {
    for (let d = 0; d < dims; d++) centered[r * dims + d] = values[r * dims + d]! - means[d]!;
  }
  return { values: centered, rows, dims };
}

function choose({ values, dims }: Vectors, chosen: readonly number[]): Vectors {
  const own = new Float32Array(chosen.length * dims);
  chosen.forEach((r, i) => {
    own.set(values.subarray(r * dims, (r + 1) * dims), i * dims);
  });
  return { values: own, rows: chosen.length, dims };
}

// X'X and XX' have the same eigenvalues but for zeros, so the smaller one is decomposed. An eigenvector u of XX' gives
// the component X'u, scaled to length 1.
function leadingComponents(points: Vectors, keep: Keep, progress: Progress) {
  const { values, rows, dims } = points;
  const byColumns = dims <= rows;
  const side = byColumns ? dims : rows;
  const products = (byColumns ? columnProducts : rowProducts)(points, partOf(progress, 0, 0.4));
  const eigen = symmetricEigen(products);
  const order = eigen.values
    .map((value, index) => ({ value: Math.max(0, value), index })) // rounding may leave −1e-17
    .sort((a, b) => b.value - a.value || a.index - b.index);
  const total = order.reduce((sum, { value }) => sum + value, 0);
  const wanted = "components" in keep ? keep.components : side;
  const enough = "variance" in keep ? keep.variance * total : Number.POSITIVE_INFINITY;
  let [kept, sum] = [0, 0];
  while (kept < Math.min(wanted, side) && (kept === 0 || sum < enough)) sum += order[kept++]!.value;

  const components = new Float32Array(kept * dims);
  for (let c = 0; c < kept; c++) {
    progress(0.8 + (0.2 * c) / kept);
    const vector = eigen.vectors[order[c]!.index]!;
    const component = byColumns ? Float64Array.from(vector) : combine(values, vector, dims);
    const length = euclideanLength(component) || 1;
    for (let d = 0; d < dims; d++) components[c * dims + d] = component[d]! / length;
  }
  return { components: { values: components, rows: kept, dims }, explained: total > 0 ? sum / total : 1 };
}

// Values in no particular order; `vectors[c]` is the eigenvector of `values[c]`, of length 1.
function symmetricEigen(matrix: Matrix): { readonly values: number[]; readonly vectors: number[][] } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { values: realEigenvalues, vectors: eigenvectorMatrix.transpose().to2DArray() };
}

// X'u
function combine(values: Float32Array, weights: readonly number[], dims: number): Float64Array {
  const sum = new Float64Array(dims);
  weights.forEach((weight, r) => {
    for (let d = 0; d < dims; d++) sum[d]! += weight * values[r * dims + d]!;
  });
  return sum;
}

// XX'
function rowProducts({ values, rows, dims }: Vectors, progress: Progress): Matrix {
  const products = Matrix.zeros(rows, rows);
  addProducts(products, values, dims, progress);
  return products;
}

// X'X, a block of rows at a time: the block transposed fits the cache, and its columns are contiguous.
function columnProducts({ values, rows, dims }: Vectors, progress: Progress): Matrix {
  const products = Matrix.zeros(dims, dims);
  for (let start = 0; start < rows; start += 256) {
    const length = Math.min(256, rows - start);
    const columns = new Float32Array(dims * length);
    for (let r = 0; r < length; r++) {
      for (let d = 0; d < dims; d++) columns[d * length + r] = values[(start + r) * dims + d]!;
    }
    addProducts(products, columns, length, partOf(progress, start / rows, (start + length) / rows));
  }
  return products;
}

// Adds the products of all pairs of the vectors, each `length` numbers long.
function addProducts(products: Matrix, vectors: Float32Array, length: number, progress: Progress): void {
  for (let i = 0; i < products.rows; i++) {
    if (i % 16 === 0) progress(i / products.rows);
    for (let j = 0; j <= i; j++) {
      const sum = products.get(i, j) + dot(vectors, i * length, vectors, j * length, length);
      products.set(i, j, sum);
      products.set(j, i, sum);
    }
  }
}
