// MAUVE (Pillutla et al., NeurIPS 2021): how close the distribution of generated texts is to that of human ones.
import { checkInteger, checkOption } from "../checks/option.js";
import { invalidField } from "../errors.js";
import { kmeans } from "../numbers/kmeans.js";
import { pca } from "../numbers/pca.js";
import { type ProgressOptions, partOf, unwatched } from "../numbers/progress.js";
import { sum } from "../numbers/sum.js";
import { unitVectors, type Vectors } from "../numbers/vectors.js";

/** How MAUVE is read off two histograms. */
export interface CurveOptions {
  /** The scaling factor c > 0. Default 1 as in CorrSynth's tables, where two sets with nothing in common score 0.5. */
  readonly scaling?: number;
  /** Points of the divergence curve between its two ends, an integer from 2. Default 25. */
  readonly points?: number;
}

/** How MAUVE is computed. */
export interface MauveOptions extends CurveOptions, ProgressOptions {
  /** Clusters of k-means, an integer from 2. Default 30, the value of CorrSynth's tables. */
  readonly buckets?: number;
  /** Share of the variance that the principal components keep, above 0 and up to 1. Default 0.9. */
  readonly variance?: number;
  /** Runs of k-means, of which the best counts, an integer from 1. Default 5. */
  readonly runs?: number;
  /** Most iterations of one run, an integer from 1. Default 500. */
  readonly maxIterations?: number;
  /** An integer 0..2^53 − 1. Default 0. Another seed moves the score by about 0.01. */
  readonly seed?: number;
}

/** The score 0..1, 1 for equal histograms, and the curve it is the area under, from (1, 0) to (0, 1). */
export interface MauveCurve {
  readonly score: number;
  readonly curve: [x: number, y: number][];
}

/**
 * MAUVE of two sets of embeddings, with what its number depends on; `score` is null, and `reason` says why, for an
 * empty set.
 */
export type Mauve =
  | (MauveCurve & {
      readonly scaling: number;
      /** Clusters in use: those asked for, or fewer for a small set. */
      readonly buckets: number;
      /** Principal components in use. */
      readonly components: number;
      /** Rows that the components were fitted on: 768 random ones where rows and dimensions are both more, else all. */
      readonly fittedRows: number;
      /** Rows of each set in each cluster. */
      readonly histograms: { readonly p: number[]; readonly q: number[] };
    })
  | { readonly score: null; readonly reason: string };

/**
 * MAUVE: both sets of embeddings are scaled to length 1, reduced to their principal components and clustered together;
 * the score compares the two histograms over the clusters. It depends on the model behind the embeddings, on c, on the
 * number of clusters and on the sizes of the sets: name them beside it, and compare only scores where they agree.
 *
 * Sets with fewer rows, p and q together, than `buckets` are split into max(2, round(min(|p|, |q|) / 10)) clusters
 * instead, or scores would only say that every text is unlike every other.
 * @param p  embeddings of the human (gold) texts: in the publications, a causal language model's last state of the last
 * token.
 * @param q  embeddings of the generated texts, from the same model.
 * Synchronous and long, half a minute for 12,000 texts: `evaluate` runs it on a thread of its own.
 * @returns `score` is null when a set is empty.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range, or embeddings that are not finite
 * or differ in length.
 * @example
 * import { mauve } from "corrsynth/evaluate";
 * const vectors = Array.from({ length: 40 }, (_, i) => Float32Array.of(i % 4, i % 5, 1));
 * console.log(mauve(vectors, vectors).score?.toFixed(3)); // 1.000
 */
export function mauve(p: readonly Float32Array[], q: readonly Float32Array[], options: MauveOptions = {}): Mauve {
  const { buckets = 30, variance = 0.9, runs = 5, maxIterations = 500, seed = 0, scaling = 1, points = 25 } = options;
  checkInteger("buckets", buckets, 2);
  checkInteger("runs", runs, 1);
  checkInteger("maxIterations", maxIterations, 1);
  checkCurve(scaling, points);
  checkOption("variance", variance, "a share above 0 and up to 1", variance > 0 && variance <= 1);
  if (p.length === 0 || q.length === 0) {
    return { score: null, reason: `MAUVE compares two sets of texts, received ${p.length} and ${q.length}` };
  }
  const { onProgress: progress = unwatched } = options;
  const all = stack(unitVectors(p, "p"), unitVectors(q, "q"));
  const projection = pca(all, { variance }, seed, partOf(progress, 0, 0.3));
  const clusters = all.rows < buckets ? Math.max(2, Math.round(Math.min(p.length, q.length) / 10)) : buckets;
  const clustering = { clusters, runs, maxIterations, seed };
  const { assignment } = kmeans(projection.points, clustering, partOf(progress, 0.3, 1));
  const histograms = {
    p: histogram(assignment.subarray(0, p.length), clusters),
    q: histogram(assignment.subarray(p.length), clusters),
  };
  const {
    points: { dims: components },
    fittedRows,
  } = projection;
  const curve = mauveFromHistograms(histograms.p, histograms.q, { scaling, points });
  return { ...curve, scaling, buckets: clusters, components, fittedRows, histograms };
}

function stack(p: Vectors, q: Vectors): Vectors {
  if (p.dims !== q.dims) throw invalidField("q", `Expected vectors of ${p.dims} numbers as in p, received ${q.dims}`);
  const values = new Float32Array(p.values.length + q.values.length);
  values.set(p.values);
  values.set(q.values, p.values.length);
  return { values, rows: p.rows + q.rows, dims: p.dims };
}

function histogram(assignment: Int32Array, clusters: number): number[] {
  const counts = new Array<number>(clusters).fill(0);
  for (const cluster of assignment) counts[cluster]!++;
  return counts;
}

/**
 * MAUVE of two histograms over the same clusters: the area under the curve of the points
 * (exp(−c KL(Q‖R)), exp(−c KL(P‖R))) over the mixtures R = wP + (1 − w)Q. Counts or shares, no smoothing.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the histograms differ in length, hold a value that is
 * negative or not finite, or sum to 0, or for an option out of range.
 * @example
 * import { mauveFromHistograms } from "corrsynth/evaluate";
 * console.log(mauveFromHistograms([3, 1], [3, 1]).score.toFixed(2)); // 1.00
 * console.log(mauveFromHistograms([4, 0], [0, 4]).score.toFixed(2)); // nothing in common: 0.50
 */
export function mauveFromHistograms(
  p: readonly number[],
  q: readonly number[],
  options: CurveOptions = {},
): MauveCurve {
  const { scaling = 1, points = 25 } = options;
  checkCurve(scaling, points);
  if (p.length !== q.length) throw invalidField("q", `Expected ${p.length} clusters as in p, received ${q.length}`);
  const pShares = shares("p", p);
  const qShares = shares("q", q);
  const curve: [number, number][] = [[1, 0]];
  for (let i = 0; i < points; i++) {
    const w = 1e-6 + ((1 - 2e-6) * i) / (points - 1);
    const mixture = pShares.map((share, k) => w * share + (1 - w) * qShares[k]!);
    curve.push([Math.exp(-scaling * divergence(qShares, mixture)), Math.exp(-scaling * divergence(pShares, mixture))]);
  }
  curve.push([0, 1]);
  // As w grows, x falls and y rises, so the points are in order along both axes. Then the trapezoids under y(x), those
  // under x(y), and the polygon of the curve and the origin are one area: Gauss's formula.
  let twice = 0;
  for (let i = 0; i + 1 < curve.length; i++) twice += curve[i]![0] * curve[i + 1]![1] - curve[i + 1]![0] * curve[i]![1];
  return { score: twice / 2, curve };
}

// KL(a‖b) in nats. b is positive wherever a is. Never negative (Gibbs), which rounding might make it.
function divergence(a: readonly number[], b: readonly number[]): number {
  return Math.max(
    0,
    a.reduce((sum, share, k) => sum + (share > 0 ? share * Math.log(share / b[k]!) : 0), 0),
  );
}

function shares(path: string, counts: readonly number[]): number[] {
  const wrong = counts.find((count) => !(count >= 0 && count < Number.POSITIVE_INFINITY));
  if (wrong !== undefined) throw invalidField(path, `Expected counts from 0, received ${wrong}`);
  const total = sum(counts);
  if (total === 0) throw invalidField(path, "Expected at least one text in a histogram, received none");
  return counts.map((count) => count / total);
}

function checkCurve(scaling: number, points: number): void {
  checkOption("scaling", scaling, "a number above 0", scaling > 0 && scaling < Number.POSITIVE_INFINITY);
  checkInteger("points", points, 2);
}
