/**
 * Doors for tests: the engine's own step, fed with logits from outside.
 * @module corrsynth/testing
 */
import "./checks/installed.js";

import { binding } from "./engine/loaded-addon.js";

/** One step of one group. Rows are m = 0..M-1, tokens w = 0..V-1. */
export interface SampleStepOptions {
  /** Raw logits, row-major, M · V. −∞ is allowed, NaN is not. */
  logits: Float32Array;
  /** V ≥ 1. */
  vocab: number;
  /**
   * γ in (0, 10^6], exponent on a row's own distribution. Where partners have ended, what it holds above 1 falls by
   * their weights, to 1 at the least.
   */
  gamma: number;
  /** γ_mn, row-major, M · M. The diagonal and the rows of ended rows are not read. */
  weights: ArrayLike<number>;
  /** M flags: 0 or false for a row that has ended. */
  active: ArrayLike<number | boolean>;
  /** α in [0, 1]; 0 keeps the whole vocabulary. */
  plausibility: number;
  /** Nucleus mass, (0, 1]. */
  topP: number;
  /** Default 0: off. */
  topK?: number;
  /** T > 0, default 1. */
  temperature?: number;
  /** 64-bit key of the random numbers, default 0. */
  seed?: number | bigint;
  /** 64-bit group number, default 0. */
  group?: number | bigint;
  /** 32-bit step number, default 0. */
  step?: number;
}

/**
 * Draws one token for each active row exactly as the engine does: plausible set, contrast, temperature, nucleus, draw
 * (eqs. 3, 7, 10-15). Returns M token ids, −1 for ended rows.
 * @throws {RangeError} when the lengths do not fit together or a number is out of its range.
 * @throws {Error} with code "NOT_A_NUMBER" when a row has a NaN or no finite best logit.
 * @example
 * const tokens = sampleStep({
 *   logits: new Float32Array([2, 1, 0, 0, 1, 2]), vocab: 3, gamma: 1, weights: [0, 0.5, 0.5, 0],
 *   active: [1, 1], plausibility: 0.001, topP: 0.9, seed: 7,
 * });
 */
export function sampleStep(options: SampleStepOptions): Int32Array {
  const { logits, vocab, gamma, weights, active, plausibility, topP } = options;
  const { topK = 0, temperature = 1, seed = 0, group = 0, step = 0 } = options;
  return binding().sampleStep({
    logits,
    vocab,
    gamma,
    weights: Float64Array.from(weights),
    active: Uint8Array.from(active, Number),
    plausibility,
    topP,
    topK,
    temperature,
    seed: BigInt(seed),
    group: BigInt(group),
    step,
  });
}
