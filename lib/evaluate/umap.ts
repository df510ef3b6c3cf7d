// A map of texts in two dimensions: UMAP (McInnes et al., 2018) of their embeddings.
import { checkInteger, checkOption } from "../checks/option.js";
import { nearest } from "../numbers/nearest.js";
import { pca } from "../numbers/pca.js";
import { type ProgressOptions, partOf, unwatched } from "../numbers/progress.js";
import { unitVectors, type Vectors } from "../numbers/vectors.js";
import { evaluationRandom } from "../random.js";
import { umapGraph } from "./umap-graph.js";
import { umapLayout } from "./umap-layout.js";

/** How a map is drawn. */
export interface UmapOptions extends ProgressOptions {
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
 * A place on the map for each embedding: neighbours stay together, while distances between far points, axes and
 * orientation mean nothing. The embeddings are scaled to length 1 and reduced to their first 50 principal components
 * before.
 *
 * Fewer texts than `neighbors` have all the others as neighbours. Fewer than four texts have no neighbourhoods to draw
 * and are placed by their first two principal components; texts that are all equal lie at [0, 0]. Synchronous and long,
 * a minute for 10,000 texts: `evaluate` runs it on a thread of its own.
 * @returns one [x, y] for each embedding, the same for the same input and seed.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range, or embeddings that are not finite
 * or differ in length.
 * @example
 * import { umap } from "corrsynth/evaluate";
 * const vectors = Array.from({ length: 20 }, (_, i) => Float32Array.of(i % 4, i % 5, 1));
 * console.log(umap(vectors).length); // 20
 */
export function umap(embeddings: readonly Float32Array[], options: UmapOptions = {}): [x: number, y: number][] {
  const { neighbors = 15, minDist = 0.1, epochs = embeddings.length <= 2500 ? 500 : 200, seed = 0 } = options;
  const { onProgress: progress = unwatched } = options;
  checkInteger("neighbors", neighbors, 2);
  checkOption("minDist", minDist, "a number 0..1", minDist >= 0 && minDist <= 1);
  checkInteger("epochs", epochs, 1);
  if (embeddings.length === 0) return [];
  const { points } = pca(unitVectors(embeddings), { components: 50 }, seed, partOf(progress, 0, 0.1));
  if (points.values.every((value, i) => value === points.values[i % points.dims])) return embeddings.map(() => [0, 0]);
  if (points.rows < 4) return firstTwo(points);

  const neighborhoods = nearest(points, Math.min(neighbors, points.rows - 1), partOf(progress, 0.1, 0.4));
  const edges = umapGraph(neighborhoods, partOf(progress, 0.4, 0.5));
  const stream = evaluationRandom(seed, "umap");
  const random = () => stream.below(2 ** 32) / 2 ** 32;
  const places = umapLayout(edges, points.rows, { minDist, epochs, random }, partOf(progress, 0.5, 1));
  return Array.from({ length: points.rows }, (_, r) => [places[2 * r]!, places[2 * r + 1]!]);
}

function firstTwo({ values, rows, dims }: Vectors): [number, number][] {
  return Array.from({ length: rows }, (_, r) => [values[r * dims]!, dims > 1 ? values[r * dims + 1]! : 0]);
}
