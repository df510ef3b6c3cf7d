// How much each row should count: weights learnt by bilevel steps (SunGen, Gao et al. 2023).
import { checkInteger, checkOption } from "../checks/option.js";
import { type ProgressOptions, unwatched } from "../numbers/progress.js";
import { type InfluenceOptions, parted, pick } from "./influence.js";
import { LastLayer } from "./last-layer.js";
import { type JudgedRow, layered } from "./row-vectors.js";

/** How weights are learnt. */
export interface RowWeightsOptions extends InfluenceOptions, ProgressOptions {
  /** Outer steps, each with a student of its own, an integer from 1; default 30. */
  readonly steps?: number | undefined;
  /** Length of a step: what a row of the mean slope loses or gains, above 0; default 0.05. */
  readonly rate?: number | undefined;
}

/**
 * A weight 0..1 for each row, small where its label is more likely wrong, for `weight` of `trainStudent` and `evaluate`.
 *
 * All begin at one half. In each step a part of the rows is held out, a student learns from the others by their weights, and
 * each of these moves down the slope of the reverse cross-entropy of the held-out rows: the derivative of the trained
 * student's loss, by the implicit function theorem. Synchronous: seconds for 1,000 rows.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `rowInfluence`.
 * @example
 * import { rowWeights } from "corrsynth/evaluate";
 * const of = (label: string, texts: string[]) => texts.map((text) => ({ text, label }));
 * const rows = [...of("fruit", ["red apple", "ripe apple", "green apple"]), ...of("tool", ["old saw", "new saw", "red saw"])];
 * console.log(rowWeights(rows, { steps: 5 }).length); // 6
 */
export function rowWeights(rows: readonly JudgedRow[], options: RowWeightsOptions = {}): number[] {
  const { heldOut = 0.2, c = 10, seed = 0, steps = 30, rate = 0.05, onProgress = unwatched } = options;
  checkOption("heldOut", heldOut, "a share above 0 and below 1", heldOut > 0 && heldOut < 1);
  checkOption("c", c, "a number above 0", c > 0 && Number.isFinite(c));
  checkOption("rate", rate, "a number above 0", rate > 0 && Number.isFinite(rate));
  checkInteger("steps", steps, 1);
  const read = layered(rows, options.labels);
  const weights = read.weights.map((weight) => (weight > 0 ? 0.5 : 0));
  const shape = { labels: read.labels.length, dims: read.dims, c, tolerance: 1e-5 };
  let start: Float64Array | undefined;
  for (let step = 0; step < steps; step++) {
    onProgress(step / steps);
    const { held, learnt } = parted(read, heldOut, seed, step);
    const own = Float64Array.from(learnt, (r) => weights[r]!);
    const layer = new LastLayer(pick(read, learnt), own, { ...shape, start });
    start = layer.values;
    const slopes = layer.slopes(pick(read, held));
    const mean = slopes.reduce((sum, slope) => sum + Math.abs(slope), 0) / slopes.length || 1;
    for (const [i, r] of learnt.entries()) {
      weights[r] = Math.min(1, Math.max(0, weights[r]! - (rate * slopes[i]!) / mean));
    }
  }
  return [...weights];
}
