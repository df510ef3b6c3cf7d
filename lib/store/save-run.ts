// From a run to its directory: every finished group is committed, and the manifest says how it ended.
import type { Calibration } from "../label-check/label-check.js";
import { QuotaError } from "../run/quota-error.js";
import type { WritableGroup } from "./group-writer.js";
import type { RunDescription } from "./manifest.js";
import type { RunDirectory } from "./run-directory.js";

/** What {@link saveRun} needs of a run: to be iterated over, and its report. */
export interface SavableRun<Report> extends AsyncIterable<unknown> {
  readonly finished: Promise<Report>;
}

/** What {@link saveRun} asks of a run: options of `synthesize`. */
export interface SaveOptions {
  readonly resume: RunDirectory["checkpoint"];
  /** Writes a finished group. */
  readonly onGroup: (group: WritableGroup) => Promise<void>;
  /** Keeps what its label check is calibrated by. */
  readonly onCalibration: (calibration: Calibration) => Promise<void>;
}

/** What a directory holds when a run is about to be written to it. */
export interface OpenedRun {
  readonly path: string;
  /** Nothing is left to do: all that was asked for is there. */
  readonly isDone: boolean;
  /** Rows of earlier sessions that are safe; 0 of a new run. */
  readonly rows: number;
  /** Number of the group that the run goes on with; undefined of a new run, and of one that is done. */
  readonly goesOnWith: number | undefined;
  /** Rows that were wanted before, where more are now; else undefined. */
  readonly grownFrom: number | undefined;
  /** What was found missing and will be made again, for people; undefined where nothing was. */
  readonly notice: string | undefined;
}

/**
 * Writes a run to its directory as its groups finish, and returns its report. A run of which the directory holds a part
 * goes on behind that, also where it was done with fewer rows than are wanted now; one that is done is not started, and its report is the stored one: null of a directory
 * that was merged. The manifest is there, in state "running", before the run starts. When it stops or fails, what was
 * finished stays, the manifest says why, and the error is thrown on; a run that ends so before its first group leaves
 * nothing behind. A {@link QuotaError} is the end of a run, not a refusal: its report goes into the manifest as that of
 * any other, under state "incomplete". The directory is let go of in any case.
 * @param start  starts the run with these options.
 * @param options.signal  the run's own signal: an error after it has fired means "stopped", any other "failed".
 * @param options.goesOn  starts a run that is done, too: a shard that more groups are asked of. Default false.
 * @param options.onRows  called with the rows of each group that was committed.
 * @param options.onOpen  called when the directory is found to be one of this run, before the run starts.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the directory holds another run, with the differences.
 * @throws {StorageError} CORRSYNTH_STORAGE when the directory can no longer be written; and whatever the run throws.
 */
export async function saveRun<Report>(
  directory: RunDirectory,
  description: RunDescription,
  start: (options: SaveOptions) => SavableRun<Report>,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly goesOn?: boolean;
    readonly onOpen?: ((found: OpenedRun) => void) | undefined;
    readonly onRows?: ((rows: WritableGroup["instances"]) => void) | undefined;
  } = {},
): Promise<Report | null> {
  let hasGroups = false;
  try {
    directory.check(description);
    const done = directory.doneFor(description);
    const isDone = done !== undefined && options.goesOn !== true;
    options.onOpen?.(openedRun(directory, description, isDone));
    if (isDone) return (done.report ?? null) as Report | null;
    await directory.begin(description);
    const run = start({
      resume: directory.checkpoint,
      onCalibration: (calibration) => directory.calibrate(calibration),
      onGroup: async (group) => {
        hasGroups = true;
        await directory.commit(group);
        options.onRows?.(group.instances);
      },
    });
    run.finished.catch(() => undefined); // iterating tells the same error first, and nobody would wait for this one
    for await (const _ of run); // drives it; what it yields comes with its group
    const report = await run.finished;
    await directory.close({ state: "done", report });
    return report;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof QuotaError) {
      await directory.close({ state: "incomplete", report: error.report, reason });
    } else {
      const state = options.signal?.aborted ? "stopped" : "failed";
      const end = hasGroups ? directory.close({ state, reason }) : directory.withdraw();
      await end.catch(() => undefined); // the first error is the one to tell
    }
    throw error;
  } finally {
    await directory.release();
  }
}

function openedRun(directory: RunDirectory, description: RunDescription, isDone: boolean): OpenedRun {
  const { path, instances, checkpoint, notice } = directory;
  const goesOnWith = isDone ? undefined : checkpoint?.groups;
  return { path, isDone, rows: instances, goesOnWith, grownFrom: directory.grownFrom(description), notice };
}
