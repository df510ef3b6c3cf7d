/** How a run is watched and stopped. */

import { show } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { Calibration } from "../label-check/label-check.js";
import type { Checkpoint, FinishedGroup } from "./checkpoint.js";
import type { Progress } from "./report.js";

/** How a run is watched and stopped. */
export interface RunOptions {
  /**
   * Stops the run between two operations of a decode, and wherever it waits; iteration and `finished` then reject with
   * the signal's reason.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called at most about ten times a second, and once at the end. An error that it throws stops the run. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Called with each group, in the order of their numbers, when all its instances were taken; a promise is waited for
   * before the next instance comes. When the run is stopped or fails, the groups that had finished are handed over
   * before it rejects, whether their instances were taken or not, for a second at most: a promise that has not settled
   * by then is waited for no longer, and no group comes after it. An error that it throws stops the run.
   *
   * Who keeps what it is given, durably and in order, can go on from there with `resume`.
   */
  readonly onGroup?: ((group: FinishedGroup) => void | Promise<void>) | undefined;
  /**
   * Of a task with `check`: called once with what calibrates it, before the first group is handed over, which waits for a
   * promise. Who keeps it for `resume` has every row judged alike. An error that it throws stops the run.
   */
  readonly onCalibration?: ((calibration: Calibration) => void | Promise<void>) | undefined;
  /**
   * Goes on where an earlier run of the same task and teacher was stopped: only what is missing is generated and
   * yielded. With `engine.reproducible` both parts together are the dataset that one run would have given. Without,
   * rows share batches with other rows than they would have, so that single tokens can differ; counts are exact all the
   * same. Where duplicates are rejected, as they are by default, the checkpoint must have the rows that were accepted:
   * what comes is compared with them too.
   */
  readonly resume?: Checkpoint | undefined;
}

/**
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every option that is of another kind; `resume` is looked
 *   at elsewhere.
 */
export function checkOptions({ signal, onProgress, onGroup, onCalibration }: RunOptions): void {
  const issues: ConfigIssue[] = [];
  const expect = (path: string, isRight: boolean, expected: string, received: unknown) => {
    if (!isRight) issues.push({ path, message: `Expected ${expected}, received ${show(received)}` });
  };
  expect("signal", signal === undefined || isSignal(signal), "an AbortSignal", signal);
  for (const [path, value] of Object.entries({ onProgress, onGroup, onCalibration })) {
    expect(path, value === undefined || typeof value === "function", "a function", value);
  }
  if (issues.length > 0) throw new InvalidConfigError(issues);
}

// Another implementation of it will do.
function isSignal(value: Partial<AbortSignal> | null): boolean {
  return typeof value?.aborted === "boolean" && typeof value.addEventListener === "function";
}
