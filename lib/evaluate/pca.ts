// Principal component analysis of many rows, in typed arrays.
import { Matrix } from "ml-matrix";
import { evaluationRandom } from "../random.js";
import { symmetricEigen } from "./eigen.js";
import { type Pace, part } from "./pace.js";
import { dot, type Points } from "./points.js";

/** How many components are kept: enough for a share of the variance 0..1, or a fixed number. */
export type Keep = { readonly variance: number } | { readonly components: number };

/** Rows in the coordinates of their leading components. */
export interface Projection {
  /** Centred, not whitened; as many rows as went in. */
  readonly points: Points;
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
export async function pca(
  points: Points,
  keep: Keep,
  seed: number,
  pace: Pace,
  exactUpTo = 768, // the eigen-decomposition is cubic: 0.1 s at a side of 192, 3 s at 768
): Promise<Projection> {
  const { rows, dims } = points;
  const centered = await center(points, pace);
  const exact = Math.min(rows, dims) <= exactUpTo;
  const fitted = exact ? centered : choose(centered, evaluationRandom(seed, "pca").sample(rows, exactUpTo));
  const { components, explained } = await leadingComponents(fitted, keep, part(pace, 0, 0.6));
  const kept = components.rows;
  const values = new Float32Array(rows * kept);
  const project = part(pace, 0.6, 1);
  for (let r = 0; r < rows; r++) {
    if (r % 16 === 0) await project(r / rows);
    for (let c = 0; c < kept; c++) {
      values[r * kept + c] = dot(centered.values, r * dims, components.values, c * dims, dims);
    }
  }
  return { points: { values, rows, dims: kept }, explained, fittedRows: fitted.rows };
}

async function center({ values, rows, dims }: Points, pace: Pace): Promise<Points> {
  const means = new Float64Array(dims);
  const centered = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    if (r % 64 === 0) await pace(0);
    for (let d = 0; d < dims; d++) means[d]! += values[r * dims + d]! / rows;
  }
  for (let r = 0; r < rows; r++) {
    if (r % 64 === 0) await pace(0);
    for (let d = 0; d < dims; d++) centered[r * dims + d] = values[r * dims + d]! - means[d]!;
  }
  return { values: centered, rows, dims };
}

function choose({ values, dims }: Points, chosen: readonly number[]): Points {
  const own = new Float32Array(chosen.length * dims);
  chosen.forEach((r, i) => {
    own.set(values.subarray(r * dims, (r + 1) * dims), i * dims);
  });
  return { values: own, rows: chosen.length, dims };
}

// X'X and XX' have the same eigenvalues but for zeros, so the smaller one is decomposed. An eigenvector u of XX' gives the
// component X'u, scaled to length 1.
async function leadingComponents(points: Points, keep: Keep, pace: Pace) {
  const { values, rows, dims } = points;
  const byColumns = dims <= rows;
  const side = byColumns ? dims : rows;
  const products = await (byColumns ? columnProducts : rowProducts)(points, part(pace, 0, 0.4));
  const eigen = await symmetricEigen(products, part(pace, 0.4, 0.8));
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
    await pace(0.8 + (0.2 * c) / kept);
    const vector = eigen.vectors[order[c]!.index]!;
    const component = byColumns ? Float64Array.from(vector) : combine(values, vector, dims);
    const length = Math.hypot(...component) || 1;
    for (let d = 0; d < dims; d++) components[c * dims + d] = component[d]! / length;
  }
  return { components: { values: components, rows: kept, dims }, explained: total > 0 ? sum / total : 1 };
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
async function rowProducts({ values, rows, dims }: Points, pace: Pace): Promise<Matrix> {
  const products = Matrix.zeros(rows, rows);
  await addProducts(products, values, dims, pace);
  return products;
}

// X'X, a block of rows at a time: the block transposed fits the cache, and its columns are contiguous.
async function columnProducts({ values, rows, dims }: Points, pace: Pace): Promise<Matrix> {
  const products = Matrix.zeros(dims, dims);
  for (let start = 0; start < rows; start += 256) {
    const length = Math.min(256, rows - start);
    const columns = new Float32Array(dims * length);
    for (let r = 0; r < length; r++) {
      for (let d = 0; d < dims; d++) columns[d * length + r] = values[(start + r) * dims + d]!;
    }
    await addProducts(products, columns, length, part(pace, start / rows, (start + length) / rows));
  }
  return products;
}

// Adds the products of all pairs of the vectors, each `length` numbers long.
async function addProducts(products: Matrix, vectors: Float32Array, length: number, pace: Pace): Promise<void> {
  for (let i = 0; i < products.rows; i++) {
    if (i % 16 === 0) await pace(i / products.rows);
    for (let j = 0; j <= i; j++) {
      const sum = products.get(i, j) + dot(vectors, i * length, vectors, j * length, length);
      products.set(i, j, sum);
      products.set(j, i, sum);
    }
  }
}
