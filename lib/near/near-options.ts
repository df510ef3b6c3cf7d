// What a caller may say of near duplicates, checked.
import { InvalidConfigError } from "../errors.js";
import { type Progress, type ProgressOptions, unwatched } from "../numbers/progress.js";
import { nearness } from "./thresholds.js";

/** What counts as nearly the same. */
export interface NearOptions extends ProgressOptions {
  /** Words in a shingle, an integer from 1; default 3. A text with fewer words is one shingle. */
  readonly shingle?: number;
  /** Least Jaccard similarity of the shingle sets of two near duplicates, 0.1..1; default 0.7. */
  readonly threshold?: number;
  /** Most pairs listed, an integer from 0; default 100. */
  readonly pairs?: number;
}

/** The options, all of them given. */
export interface NearSettings extends Required<Omit<NearOptions, "onProgress">> {
  readonly onProgress: Progress;
}

/**
 * The options with their defaults.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG naming every option out of range.
 */
export function nearOptions(options: NearOptions): NearSettings {
  const { shingle = nearness.metrics.shingle, threshold = nearness.metrics.threshold } = options;
  const { pairs = 100, onProgress = unwatched } = options;
  const issues = [];
  if (!Number.isInteger(shingle) || shingle < 1)
    issues.push({ path: "shingle", message: `Expected an integer from 1, received ${shingle}` });
  if (!(threshold >= 0.1 && threshold <= 1))
    issues.push({ path: "threshold", message: `Expected a number from 0.1 to 1, received ${threshold}` });
  if (!Number.isInteger(pairs) || pairs < 0)
    issues.push({ path: "pairs", message: `Expected an integer from 0, received ${pairs}` });
  if (issues.length > 0) throw new InvalidConfigError(issues);
  return { shingle, threshold, pairs, onProgress };
}
