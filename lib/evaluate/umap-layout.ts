// UMAP's layout (McInnes et al., 2018, section 3.2 and appendix): edges pull their ends together, points push others
// away.
import { type Progress, unwatched } from "../numbers/progress.js";
import type { Edges } from "./umap-graph.js";

export interface LayoutOptions {
  readonly minDist: number;
  readonly epochs: number;
  /** A number 0..1, without 1. */
  readonly random: () => number;
}

const negatives = 5; // points pushed away for each pull
const clip = 4; // largest step of one coordinate, before the learning rate

/**
 * A place for each of `rows` points: stochastic gradient descent from random places, at a learning rate that falls from
 * 1 to 0.
 */
export function umapLayout(
  edges: Edges,
  rows: number,
  options: LayoutOptions,
  progress: Progress = unwatched,
): Float64Array {
  const { epochs, random } = options;
  const { a, b } = closeness(options.minDist);
  const places = Float64Array.from({ length: 2 * rows }, () => random() * 20 - 10);
  const { from, to, period } = schedule(edges, epochs);
  const nextPull = period.slice();
  const nextPush = period.map((epochsBetween) => epochsBetween / negatives);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = epoch === 0 ? 1 : 1 - (epoch - 1) / epochs;
    for (let e = 0; e < period.length; e++) {
      if (e % 4096 === 0) progress((epoch + e / period.length) / epochs);
      if (nextPull[e]! > epoch) continue;
      nextPull[e]! += period[e]!;
      const [head, tail] = [2 * to[e]!, 2 * from[e]!];
      attract(head, tail, rate);
      const pushPeriod = period[e]! / negatives;
      const pushes = Math.floor((epoch - nextPush[e]!) / pushPeriod);
      for (let p = 0; p < pushes; p++) repel(head, 2 * Math.floor(random() * rows), rate);
      nextPush[e]! += pushes * pushPeriod;
    }
  }
  return places;

  // Along the gradient of ln(1 / (1 + a d^2b)).
  function attract(head: number, tail: number, rate: number): void {
    const square = squaredDistance(head, tail);
    const slope = square > 0 ? (-2 * a * b * square ** (b - 1)) / (a * square ** b + 1) : 0;
    for (let d = 0; d < 2; d++) {
      const step = bounded(slope * (places[head + d]! - places[tail + d]!)) * rate;
      places[head + d]! += step;
      places[tail + d]! -= step;
    }
  }

  // Along the gradient of ln(1 − 1 / (1 + a d^2b)), kept finite where the two meet.
  function repel(head: number, other: number, rate: number): void {
    if (head === other) return;
    const square = squaredDistance(head, other);
    const slope = (2 * b) / ((0.001 + square) * (a * square ** b + 1));
    for (let d = 0; d < 2; d++) {
      const step = square > 0 ? bounded(slope * (places[head + d]! - places[other + d]!)) : clip;
      places[head + d]! += step * rate;
    }
  }

  function squaredDistance(i: number, j: number): number {
    return (places[i]! - places[j]!) ** 2 + (places[i + 1]! - places[j + 1]!) ** 2;
  }
}

const bounded = (step: number): number => Math.max(-clip, Math.min(clip, step));

// Every how many epochs an edge pulls: the heaviest each time, others as often as they weigh; the lightest, less than
// once in all, never.
function schedule({ from, to, weights }: Edges, epochs: number) {
  const heaviest = weights.reduce((a, b) => Math.max(a, b), 0);
  const kept = [...weights.keys()].filter((e) => weights[e]! > 0 && weights[e]! >= heaviest / epochs);
  return {
    from: Int32Array.from(kept, (e) => from[e]!),
    to: Int32Array.from(kept, (e) => to[e]!),
    period: Float64Array.from(kept, (e) => epochs / ((weights[e]! / heaviest) * epochs)),
  };
}

/**
 * The a and b of 1 / (1 + a d^2b) that come closest, in least squares over distances 0..3, to the wanted closeness on
 * the map: 1 up to `minDist`, exp(−(d − minDist)) beyond. Levenberg and Marquardt's method from a = b = 1.
 */
export function closeness(minDist: number): { readonly a: number; readonly b: number } {
  const distances = Array.from({ length: 300 }, (_, i) => (3 * i) / 299);
  const wanted = distances.map((d) => (d < minDist ? 1 : Math.exp(minDist - d)));
  let [a, b, damping] = [1, 1, 1e-3];
  let best = sumsAt(a, b);
  for (let i = 0; i < 100 && damping < 1e12; i++) {
    const { aa, ab, bb, ra, rb } = best;
    const [da, db] = [aa * (1 + damping), bb * (1 + damping)];
    const determinant = da * db - ab * ab;
    const [nextA, nextB] = [a + (db * ra - ab * rb) / determinant, b + (da * rb - ab * ra) / determinant];
    const next = sumsAt(nextA, nextB);
    const isBetter = nextA > 0 && nextB > 0 && next.error < best.error;
    damping *= isBetter ? 0.1 : 10;
    if (isBetter) [a, b, best] = [nextA, nextB, next];
  }
  return { a, b };

  // The squared error, and the sums that the normal equations are made of: Jacobian times Jacobian, Jacobian times
  // residual.
  function sumsAt(a: number, b: number) {
    const sums = { error: 0, aa: 0, ab: 0, bb: 0, ra: 0, rb: 0 };
    distances.forEach((d, i) => {
      const power = d ** (2 * b);
      const value = 1 / (1 + a * power);
      const residual = wanted[i]! - value;
      const byA = -power * value * value;
      const byB = d > 0 ? 2 * a * byA * Math.log(d) : 0;
      sums.error += residual * residual;
      sums.aa += byA * byA;
      sums.ab += byA * byB;
      sums.bb += byB * byB;
      sums.ra += byA * residual;
      sums.rb += byB * residual;
    });
    return sums;
  }
}
