// k-means by Lloyd's algorithm, as MAUVE is defined on it: random rows as first centroids, the best of several runs.
import { type Pace, part } from "./pace.js";
import { dot, type Points } from "./points.js";
import { evaluationRandom } from "./random.js";

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

/** Clusters the points. On a tie a row goes to the first of the nearest centroids; a cluster left empty keeps its centroid. */
export async function kmeans(points: Points, options: KmeansOptions, pace: Pace): Promise<Clustering> {
  let best: Clustering | undefined;
  for (let run = 0; run < options.runs; run++) {
    const found = await lloyd(points, options, run, part(pace, run / options.runs, (run + 1) / options.runs));
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  return best!;
}

async function lloyd(points: Points, options: KmeansOptions, run: number, pace: Pace): Promise<Clustering> {
  const { values, rows, dims } = points;
  const { clusters, maxIterations, seed } = options;
  const chosen = evaluationRandom(seed, "kmeans", run).sample(rows, clusters);
  const centroids = new Float32Array(clusters * dims);
  chosen.forEach((r, c) => {
    centroids.set(values.subarray(r * dims, (r + 1) * dims), c * dims);
  });
  const assignment = new Int32Array(rows).fill(-1);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const changed = await assign(points, centroids, assignment, () => pace(1 - 1 / (1 + iteration / 10)));
    if (changed === 0) break;
    moveCentroids(points, centroids, assignment);
  }
  let inertia = 0;
  for (let i = 0; i < values.length; i++) {
    const centroid = assignment[Math.floor(i / dims)]!;
    inertia += (values[i]! - centroids[centroid * dims + (i % dims)]!) ** 2;
  }
  return { assignment, inertia };
}

// Gives each row its nearest centroid c: the one with the largest x·c − |c|²/2. Returns how many rows changed.
async function assign(
  { values, rows, dims }: Points,
  centroids: Float32Array,
  assignment: Int32Array,
  breathe: () => Promise<void>,
): Promise<number> {
  const clusters = centroids.length / dims;
  const halfSquares = Float64Array.from(
    { length: clusters },
    (_, c) => dot(centroids, c * dims, centroids, c * dims, dims) / 2,
  );
  let changed = 0;
  for (let r = 0; r < rows; r++) {
    if (r % 64 === 0) await breathe();
    let [nearest, best] = [0, Number.NEGATIVE_INFINITY];
    for (let c = 0; c < clusters; c++) {
      const closeness = dot(values, r * dims, centroids, c * dims, dims) - halfSquares[c]!;
      if (closeness > best) [nearest, best] = [c, closeness];
    }
    if (assignment[r] !== nearest) changed++;
    assignment[r] = nearest;
  }
  return changed;
}

function moveCentroids({ values, rows, dims }: Points, centroids: Float32Array, assignment: Int32Array): void {
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
