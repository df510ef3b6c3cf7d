// From a run to its directory: every finished group is committed, and the manifest says how it ended.
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
}

/**
 * Writes a run to its directory as its groups finish, and returns its report. A run of which the directory holds a part goes on
 * behind that; one that is done there is not started, and its report is the stored one. When the run stops or fails, what was
 * finished stays, the manifest says why, and the error is thrown on; a run that is refused before its first group leaves nothing
 * behind. A {@link QuotaError} is the end of a run, not a refusal: its report goes into the manifest as that of any other, under
 * state "incomplete". The directory is let go of in any case.
 * @param start  starts the run with these options.
 * @param options.signal  the run's own signal: an error after it has fired means "stopped", any other "failed".
 * @param options.goesOn  starts a run that is done, too: a shard that more groups are asked of. Default false.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the directory holds another run, with the differences.
 * @throws {StorageError} CORRSYNTH_STORAGE when the directory can no longer be written; and whatever the run throws.
 */
export async function saveRun<Report>(
  directory: RunDirectory,
  description: RunDescription,
  start: (options: SaveOptions) => SavableRun<Report>,
  options: { readonly signal?: AbortSignal | undefined; readonly goesOn?: boolean } = {},
): Promise<Report> {
  let begun: Promise<void> | undefined;
  const begin = () => {
    begun ??= directory.begin(description);
    return begun;
  };
  try {
    directory.check(description);
    if (directory.done?.report !== undefined && !options.goesOn) return directory.done.report as Report;
    const run = start({
      resume: directory.checkpoint,
      onGroup: async (group) => {
        await begin();
        await directory.commit(group);
      },
    });
    run.finished.catch(() => undefined); // iterating tells the same error first, and nobody would wait for this one
    for await (const _ of run); // drives it; what it yields comes with its group
    const report = await run.finished;
    await begin();
    await directory.close({ state: "done", report });
    return report;
  } catch (error) {
    await begun?.catch(() => undefined); // a run that is stopped waits for its groups, but not for ever
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof QuotaError) {
      await begin();
      await directory.close({ state: "incomplete", report: error.report, reason });
    } else {
      const state = options.signal?.aborted ? "stopped" : "failed";
      await directory.close({ state, reason }).catch(() => undefined); // the first error is the one to tell
    }
    throw error;
  } finally {
    await directory.release();
  }
}
