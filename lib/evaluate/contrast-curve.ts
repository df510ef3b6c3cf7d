// The contrast curve of the paper's Figure 2: how far apart the contrasted logits stay while texts are written.
import { invalidField } from "../errors.js";

/** One value a step. */
export interface ContrastCurve {
  /** The smoothing that was used. */
  readonly beta: number;
  /** Mean of d_t over the sequences that reached step t. */
  readonly mean: Float64Array;
  /** Exponential moving average of that mean. */
  readonly smoothed: Float64Array;
  /** Sequences that reached step t: late steps stand on few. */
  readonly sequences: Int32Array;
}

/**
 * The contrast curve from the raw distances d_t = max over w of |lg_t(w) − contrast_t(w)| of each sequence: their mean
 * at each step, smoothed by s_0 = d_0, s_t = β s_{t−1} + (1 − β) d_t. The paper draws one sequence and does not state
 * its β: show it.
 * @param sequences  [sequence][step]; they may differ in length.
 * @param options.beta  0 (no smoothing) up to, not including, 1. Default 0.9.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for another β, or a distance that is negative or not finite.
 * @example
 * import { contrastCurve } from "corrsynth/evaluate";
 * const { mean, sequences } = contrastCurve([[4, 2], [2]]);
 * console.log(mean, sequences); // 3 and 2, of two sequences and of one
 */
export function contrastCurve(
  sequences: readonly ArrayLike<number>[],
  options: { readonly beta?: number } = {},
): ContrastCurve {
  const beta = options.beta ?? 0.9;
  if (!(beta >= 0 && beta < 1)) throw invalidField("beta", `Expected 0 up to, not including, 1, received ${beta}`);
  const steps = sequences.reduce((longest, { length }) => Math.max(longest, length), 0);
  const mean = new Float64Array(steps);
  const reached = new Int32Array(steps);
  sequences.forEach((distances, s) => {
    for (let t = 0; t < distances.length; t++) {
      const distance = distances[t]!;
      if (!(distance >= 0 && distance < Number.POSITIVE_INFINITY)) {
        throw invalidField(`sequences[${s}][${t}]`, `Expected a distance from 0, received ${distance}`);
      }
      mean[t]! += distance;
      reached[t]!++;
    }
  });
  for (let t = 0; t < steps; t++) mean[t]! /= reached[t]!;
  const smoothed = new Float64Array(mean);
  for (let t = 1; t < steps; t++) smoothed[t] = beta * smoothed[t - 1]! + (1 - beta) * mean[t]!;
  return { beta, mean, smoothed, sequences: reached };
}
