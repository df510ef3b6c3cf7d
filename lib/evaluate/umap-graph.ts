// UMAP's graph (McInnes et al., 2018, section 3.1): how surely two points are neighbours.
import type { Neighbors } from "../numbers/nearest.js";
import { type Progress, progressEvery, unwatched } from "../numbers/progress.js";

/** Edges in the order of their points; every edge is there in both directions. */
export interface Edges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Above 0, up to 1. */
  readonly weights: Float64Array;
}

/**
 * The fuzzy union of every point's neighbourhood. Seen from point i a neighbour at distance d weighs exp(−(d − ρ)/σ),
 * where ρ is the distance of the nearest that is not at the same place, and σ makes the weights sum to log2 of their
 * number; the two directions a and b of an edge come to a + b − ab.
 */
export function umapGraph(neighbors: Neighbors, progress: Progress = unwatched): Edges {
  const { count, indices, distances } = neighbors;
  const rows = indices.length / count;
  const overall = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  const weights = new Float64Array(indices.length);
  const toOf: number[][] = Array.from({ length: rows }, () => []); // neighbours in either direction
  for (let r = 0; r < rows; r++) {
    if (r % progressEvery === 0) progress((0.5 * r) / rows);
    const own = distances.subarray(r * count, (r + 1) * count);
    const rho = own.find((distance) => distance > 0) ?? 0;
    const sigma = bandwidth(own, rho, overall);
    for (let i = r * count + 1; i < (r + 1) * count; i++) {
      const beyond = distances[i]! - rho;
      weights[i] = beyond <= 0 ? 1 : Math.exp(-(beyond / sigma));
      toOf[r]!.push(indices[i]!);
      toOf[indices[i]!]!.push(r);
    }
  }

  const [from, to, values]: [number[], number[], number[]] = [[], [], []];
  const weightOf = (a: number, b: number) => {
    const place = indices.subarray(a * count + 1, (a + 1) * count).indexOf(b);
    return place < 0 ? 0 : weights[a * count + 1 + place]!;
  };
  for (let r = 0; r < rows; r++) {
    if (r % progressEvery === 0) progress(0.5 + (0.5 * r) / rows);
    for (const s of new Set(toOf[r]!.sort((a, b) => a - b))) {
      const [a, b] = [weightOf(r, s), weightOf(s, r)];
      from.push(r);
      to.push(s);
      values.push(a + b - a * b);
    }
  }
  return { from: Int32Array.from(from), to: Int32Array.from(to), weights: Float64Array.from(values) };
}

const tolerance = 1e-5;
const leastShare = 1e-3; // of the mean distance: points that lie together must not shut out all others

// σ by bisection; log2 counts the point itself, the sum does not.
function bandwidth(distances: Float64Array, rho: number, overall: number): number {
  const target = Math.log2(distances.length);
  let [low, high, sigma] = [0, Number.POSITIVE_INFINITY, 1];
  for (let i = 0; i < 64; i++) {
    let sum = 0;
    for (let n = 1; n < distances.length; n++) {
      const beyond = distances[n]! - rho;
      sum += beyond > 0 ? Math.exp(-(beyond / sigma)) : 1;
    }
    if (Math.abs(sum - target) < tolerance) break;
    if (sum > target) high = sigma;
    else low = sigma;
    sigma = high === Number.POSITIVE_INFINITY ? 2 * sigma : (low + high) / 2;
  }
  const mean = rho > 0 ? distances.reduce((sum, distance) => sum + distance, 0) / distances.length : overall;
  return Math.max(sigma, leastShare * mean);
}
