// k-means by Lloyd's algorithm, as MAUVE is defined on it: random rows as first centroids, the best of several runs.
import { evaluationRandom } from "../random.js";
import { type Progress, partOf, progressEvery, unwatched } from "./progress.js";
import { dot, type Vectors } from "./vectors.js";

export interface KmeansOptions {
  /** Clusters, 1..rows. */
  readonly clusters: number;
  /** Independent runs, from 1; the one of least inertia counts. */
  readonly runs: number;
  /** Most iterations of a run, from 1; it ends earlier once no row changes its cluster. */
  readonly maxIterations: number;
  readonly seed: number;
}

export interface Clustering {
  /** Cluster of each row. Some clusters may be empty. */
  readonly assignment: Int32Array;
  /** Sum of squared distances of the rows to their centroids. */
  readonly inertia: number;
}

/**
 * Clusters the points. On a tie a row goes to the first of the nearest centroids; a cluster left empty keeps its
 * centroid.
 */
export function kmeans(points: Vectors, options: KmeansOptions, progress: Progress = unwatched): Clustering {
  let best: Clustering | undefined;
  for (let run = 0; run < options.runs; run++) {
    const found = lloyd(points, options, run, partOf(progress, run / options.runs, (run + 1) / options.runs));
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  return best!;
}

function lloyd(points: Vectors, options: KmeansOptions, run: number, progress: Progress): Clustering {
  const { values, rows, dims } = points;
  const { clusters, maxIterations, seed } = options;
  const chosen = evaluationRandom(seed, "kmeans", run).sample(rows, clusters);
  const centroids = new Float32Array(clusters * dims);
  chosen.forEach((r, c) => {
    centroids.set(values.subarray(r * dims, (r + 1) * dims), c * dims);
  });
  const assignment = new Int32Array(rows).fill(-1);
  const bounds = new DistanceBounds(points, clusters);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const changed = assign(points, centroids, assignment, bounds, () => progress(1 - 1 / (1 + iteration / 10)));
    if (changed === 0) break;
    const before = centroids.slice();
    moveCentroids(points, centroids, assignment);
    bounds.loosen(before, centroids);
  }
  let inertia = 0;
  for (let i = 0; i < values.length; i++) {
    const centroid = assignment[Math.floor(i / dims)]!;
    inertia += (values[i]! - centroids[centroid * dims + (i % dims)]!) ** 2;
  }
  return { assignment, inertia };
}

// Gives each row its nearest centroid c: the one with the largest x·c − |c|²/2. Returns how many rows changed.
function assign(
  { values, rows, dims }: Vectors,
  centroids: Float32Array,
  assignment: Int32Array,
  bounds: DistanceBounds,
  tell: () => void,
): number {
  const clusters = centroids.length / dims;
  const halfSquares = Float64Array.from(
    { length: clusters },
    (_, c) => dot(centroids, c * dims, centroids, c * dims, dims) / 2,
  );
  let changed = 0;
  for (let r = 0; r < rows; r++) {
    if (r % progressEvery === 0) tell();
    const own = assignment[r]!;
    const ofOwn =
      own < 0 ? Number.NEGATIVE_INFINITY : dot(values, r * dims, centroids, own * dims, dims) - halfSquares[own]!;
    let [nearest, best] = [0, Number.NEGATIVE_INFINITY];
    for (let c = 0; c < clusters; c++) {
      if (c !== own && bounds.isFarther(r, c, ofOwn)) continue;
      const closeness = c === own ? ofOwn : dot(values, r * dims, centroids, c * dims, dims) - halfSquares[c]!;
      bounds.set(r, c, closeness);
      if (closeness > best) [nearest, best] = [c, closeness];
    }
    if (own !== nearest) changed++;
    assignment[r] = nearest;
  }
  return changed;
}

// What is known of the distances from the iterations before (Elkan, ICML 2003): a centroid that moved by m is nearer to
// no row by more than m. Most need not be looked at again; the assignment stays what looking at all of them gives, bit
// for bit, since a centroid is passed over only where it is farther by more than what rounding could hide.
class DistanceBounds {
  readonly #clusters: number;
  readonly #squares: Float64Array; // |x|² of each row
  readonly #least: Float64Array; // [row][centroid]: not nearer than that
  readonly #tolerance: number; // of a squared distance: thousands of times the rounding of a dot product

  constructor({ values, rows, dims }: Vectors, clusters: number) {
    this.#clusters = clusters;
    this.#squares = Float64Array.from({ length: rows }, (_, r) => dot(values, r * dims, values, r * dims, dims));
    this.#least = new Float64Array(rows * clusters);
    this.#tolerance = 1e-10 * this.#squares.reduce((largest, square) => Math.max(largest, square), 0);
  }

  /** Whether the centroid is certainly farther from the row than one with this x·c − |c|²/2. */
  isFarther(row: number, centroid: number, closeness: number): boolean {
    const least = this.#least[row * this.#clusters + centroid]!;
    return least * least > this.#squares[row]! - 2 * closeness + 2 * this.#tolerance;
  }

  /** Takes down what the centroid's x·c − |c|²/2 says of its distance, |x − c|² = |x|² − 2(x·c − |c|²/2). */
  set(row: number, centroid: number, closeness: number): void {
    const square = this.#squares[row]! - 2 * closeness - this.#tolerance;
    this.#least[row * this.#clusters + centroid] = square > 0 ? Math.sqrt(square) : 0;
  }

  /** After the centroids have moved. */
  loosen(before: Float32Array, after: Float32Array): void {
    const dims = before.length / this.#clusters;
    const moved = new Float64Array(this.#clusters);
    before.forEach((value, i) => {
      moved[Math.floor(i / dims)]! += (after[i]! - value) ** 2;
    });
    const by = moved.map(Math.sqrt);
    for (let start = 0; start < this.#least.length; start += this.#clusters) {
      for (let c = 0; c < this.#clusters; c++) {
        this.#least[start + c] = Math.max(0, this.#least[start + c]! - by[c]!);
      }
    }
  }
}

function moveCentroids({ values, rows, dims }: Vectors, centroids: Float32Array, assignment: Int32Array): void {
  const sums = new Float64Array(centroids.length);
  const counts = new Int32Array(centroids.length / dims);
  for (let r = 0; r < rows; r++) {
    const c = assignment[r]!;
    counts[c]!++;
    for (let d = 0; d < dims; d++) sums[c * dims + d]! += values[r * dims + d]!;
  }
  for (let i = 0; i < sums.length; i++) {
    const count = counts[Math.floor(i / dims)]!;
    if (count > 0) centroids[i] = sums[i]! / count;
  }
}
