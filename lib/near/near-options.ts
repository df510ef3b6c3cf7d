// What a caller may say of near duplicates, checked.
import { InvalidConfigError } from "../errors.js";
import { nearness } from "./thresholds.js";

/** What counts as nearly the same. */
export interface NearOptions {
  /** Words in a shingle, an integer from 1; default 3. A text with fewer words is one shingle. */
  readonly shingle?: number;
  /** Least Jaccard similarity of the shingle sets of two near duplicates, 0.1..1; default 0.7. */
  readonly threshold?: number;
  /** Most pairs listed, an integer from 0; default 100. */
  readonly pairs?: number;
  /** Called between two pieces of the work with the share of it that is done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

/** Every how many texts a search for near duplicates tells its progress: some milliseconds of work. */
export const progressEvery = 64;

/**
 * The options with their defaults.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG naming every option out of range.
 */
export function nearOptions(options: NearOptions): Required<NearOptions> {
  const { shingle = nearness.metrics.shingle, threshold = nearness.metrics.threshold } = options;
  const { pairs = 100, onProgress = () => undefined } = options;
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
