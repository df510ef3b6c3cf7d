// A map of texts in two dimensions: UMAP (McInnes et al., 2018) of their embeddings.
import { UMAP } from "umap-js";
import { InvalidConfigError } from "../errors.js";
import { type Pace, type PaceOptions, pace, part } from "./pace.js";
import { pca } from "./pca.js";
import { type Points, unitPoints } from "./points.js";
import { evaluationRandom } from "./random.js";

export interface UmapOptions extends PaceOptions {
  /** Nearest neighbours that count as near, the text itself among them, an integer from 2. Default 15. */
  readonly neighbors?: number;
  /** Least distance between points of the map, 0..1. Default 0.1. */
  readonly minDist?: number;
  /** Passes of the layout, an integer from 1. Default 500 up to 2,500 texts, 200 above. */
  readonly epochs?: number;
  /** An integer 0..2^53 − 1. Default 0. */
  readonly seed?: number;
}

/**
 * A place on the map for each embedding: neighbours stay together, while distances between far points, axes and orientation
 * mean nothing. The embeddings are scaled to length 1 and reduced to their first 50 principal components before.
 *
 * Fewer texts than `neighbors` have all the others as neighbours. Fewer than four texts have no
 * neighbourhoods to draw and are placed by their first two principal components; texts that are all equal lie at [0, 0].
 *
 * umap-js prepares its graph in one piece, about a second for each 1,500 texts, in which nothing else runs.
 * @returns a promise of one [x, y] for each embedding, the same for the same input and seed.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range, or embeddings that are not finite or differ
 *   in length.
 */
export async function umap(
  embeddings: readonly Float32Array[],
  options: UmapOptions = {},
): Promise<[x: number, y: number][]> {
  const { neighbors = 15, minDist = 0.1, epochs = embeddings.length <= 2500 ? 500 : 200, seed = 0 } = options;
  check("neighbors", neighbors, "an integer from 2", Number.isInteger(neighbors) && neighbors >= 2);
  check("minDist", minDist, "a number 0..1", minDist >= 0 && minDist <= 1);
  check("epochs", epochs, "an integer from 1", Number.isInteger(epochs) && epochs >= 1);
  if (embeddings.length === 0) return [];
  const steps = pace(options);
  const { points } = await pca(unitPoints(embeddings), { components: 50 }, seed, part(steps, 0, 0.1));
  if (points.values.every((value, i) => value === points.values[i % points.dims])) return embeddings.map(() => [0, 0]);
  if (points.rows < 4) return firstTwo(points);

  const random = evaluationRandom(seed, "umap");
  const map = new UMAP({
    nNeighbors: Math.min(neighbors, points.rows - 1),
    minDist,
    nEpochs: epochs,
    random: () => random.below(2 ** 32) / 2 ** 32,
  });
  const { indices, distances } = await nearest(points, Math.min(neighbors, points.rows - 1), part(steps, 0.1, 0.4));
  map.setPrecomputedKNN(indices, distances);
  map.initializeFit(vectors(points));
  for (let epoch = 0; epoch < epochs; epoch++) {
    await steps(0.4 + (0.6 * epoch) / epochs);
    map.step();
  }
  return map.getEmbedding().map(([x, y]) => [x!, y!]);
}

function firstTwo({ values, rows, dims }: Points): [number, number][] {
  return Array.from({ length: rows }, (_, r) => [values[r * dims]!, dims > 1 ? values[r * dims + 1]! : 0]);
}

function vectors({ values, rows, dims }: Points): number[][] {
  return Array.from({ length: rows }, (_, r) => [...values.subarray(r * dims, (r + 1) * dims)]);
}

// The nearest rows of each row, itself first at distance 0: exact, in pieces, and faster than umap-js's approximate search,
// which would block.
async function nearest(points: Points, count: number, pace: Pace) {
  const { rows, dims, values } = points;
  const indices: number[][] = [];
  const distances: number[][] = [];
  const squares = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    if (r % 16 === 0) await pace(r / rows);
    for (let s = 0; s < rows; s++) {
      let sum = 0;
      for (let d = 0; d < dims; d++) sum += (values[r * dims + d]! - values[s * dims + d]!) ** 2;
      squares[s] = sum;
    }
    squares[r] = -1; // before its duplicates
    const found = smallest(squares, count);
    indices.push(found);
    distances.push(found.map((s) => Math.sqrt(Math.max(0, squares[s]!))));
  }
  return { indices, distances };
}

// Indices of the smallest values in ascending order, by insertion into a short list.
function smallest(values: Float64Array, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (found.length === count && values[i]! >= values[found[count - 1]!]!) continue;
    let place = Math.min(found.length, count - 1);
    while (place > 0 && values[found[place - 1]!]! > values[i]!) {
      found[place] = found[place - 1]!;
      place--;
    }
    found[place] = i;
  }
  return found;
}

function check(path: string, value: number, expected: string, holds: boolean): void {
  if (!holds) throw new InvalidConfigError([{ path, message: `Expected ${expected}, received ${value}` }]);
}
