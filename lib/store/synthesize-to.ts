// From a task to a run directory in one call: what `corrsynth run` does.
import type { Teacher } from "../engine/teacher.js";
import type { Instance } from "../instance.js";
import { checkTask } from "../run/check-task.js";
import type { RunOptions } from "../run/options.js";
import type { Progress, Report } from "../run/report.js";
import type { Run } from "../run/run.js";
import { type ShardOptions, synthesizeShard } from "../run/shard.js";
import { synthesize } from "../run/synthesize.js";
import type { LabelNames, LabelsInput, TaskOf } from "../task/label-names.js";
import { resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { describeRun } from "./describe-run.js";
import { RunDirectory } from "./run-directory.js";
import { type OpenedRun, type SaveOptions, saveRun } from "./save-run.js";

/** How a run is written to its directory, watched and stopped. */
export interface SynthesizeToOptions {
  /** The part of the dataset's groups to make, for `mergeRuns` to join; default all of them. See `synthesizeShard`. */
  readonly shard?: ShardOptions | undefined;
  /** Starts over: moves what the directory holds to old-DATE in it, and deletes nothing. Default false. */
  readonly fresh?: boolean | undefined;
  /** Stops the run between two operations of a decode; the same call then goes on behind the last finished group. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most about ten times a second, and once at the end; not of a run that is done. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Called when the directory is held by a process that cannot be asked whether it still runs, as that of a container
   * which was killed: with what is waited for, and how long, half a minute or two at most.
   */
  readonly onWait?: ((reason: string) => void) | undefined;
  /** Called once, with what the directory holds of this run, before anything is made. */
  readonly onOpen?: ((found: OpenedRun) => void) | undefined;
  /** Called with the rows of each group once they are in the directory; what it throws ends the run. */
  readonly onRows?: ((rows: readonly Instance[]) => void) | undefined;
  /** The task as the person wrote it, for the manifest; plain JSON, default the task. */
  readonly written?: unknown;
}

/**
 * What {@link synthesizeTo} came to.
 * @inline
 */
export interface SynthesizedTo<Label extends string = string> {
  /** The run directory. */
  readonly directory: string;
  /**
   * Of a run that was done already, the report that it ended with; null of a directory that `mergeRuns` wrote, which
   * has none.
   */
  readonly report: Report<Label> | null;
}

/**
 * Synthesises a dataset into a run directory: data.jsonl, one instance a line; journal.jsonl, one group a line; and
 * manifest.json, with all that it takes to make the rows again: the task, every setting, the hashes of the model and of
 * the files that the task names, versions and device. What `corrsynth run` does.
 *
 * A group is written durably when it is finished, so that a run which is stopped or killed loses those in flight alone:
 * the same call goes on behind its last group. A run that is done there is not started again, unless `count` asks for more
 * rows: groups are a sequence, so those that are there stay byte for byte, and further groups are made. One process writes to a
 * directory at a time, and holds it before a teacher is loaded. A run that is refused, or stopped before its first
 * group, leaves nothing behind.
 *
 * @param directory New, empty, or with a part of this run; its parents are made where they are missing.
 * @param teacher The teacher; or what loads it, which is called when the directory is held and the files of seeds and
 *   contexts are sound (see {@link checkTask}), and is closed at the end.
 * @param task What to synthesise, see {@link SynthesisSpec} for fields and defaults. Of a shard too, that of the whole
 *   dataset.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field of the task; when the directory holds
 *   another run, with the differences; when it holds something else, or cannot be written.
 * @throws {HeldError} CORRSYNTH_HELD when another process writes to it.
 * @throws {QuotaError} CORRSYNTH_QUOTA_NOT_MET when `limits.maxGroups` was too few: the error has the report, the rows
 *   stay, and with a larger limit the same call goes on.
 * @throws {StorageError} CORRSYNTH_STORAGE when the directory can no longer be written; what was written stays.
 * @throws Whatever the teacher and the engine throw; and the signal's reason.
 * @example
 * const { report } = await synthesizeTo("run", teacher, spec);
 * const { rows } = await readRun("run");
 * console.log(rows.length, report?.tokensPerSecond);
 */
export async function synthesizeTo<Labels extends LabelsInput>(
  directory: string,
  teacher: Teacher | (() => Promise<Teacher>),
  task: TaskOf<Labels>,
  options: SynthesizeToOptions = {},
): Promise<SynthesizedTo<LabelNames<Labels>>> {
  const saved = await saveSynthesis({ synthesize, synthesizeShard }, directory, teacher, task, options);
  return saved as SynthesizedTo<LabelNames<Labels>>;
}

/** What makes rows, whatever their labels. */
interface Makers {
  synthesize(teacher: Teacher, task: SynthesisSpec, options: RunOptions): Run;
  synthesizeShard(teacher: Teacher, task: SynthesisSpec, shard: ShardOptions, options: RunOptions): Run;
}

/** As {@link synthesizeTo}, with what makes the rows, so that tests do without a model. */
export async function saveSynthesis(
  library: Makers,
  path: string,
  teacher: Teacher | (() => Promise<Teacher>),
  task: SynthesisSpec,
  { shard, fresh = false, signal, onProgress, onWait, onOpen, onRows, written = task }: SynthesizeToOptions,
): Promise<SynthesizedTo> {
  const started = new Date();
  const settings = resolveSpec(task);
  const directory = await RunDirectory.open(path, { fresh, waiting: { signal, onWait } });
  let loaded: Teacher | undefined;
  try {
    if (typeof teacher === "function") {
      await checkTask(settings);
      loaded = await teacher();
    }
    const used = loaded ?? (teacher as Teacher);
    const part = shard === undefined ? {} : { shard: { index: shard.index, count: shard.count } };
    const description = { ...(await describeRun(used, settings, written, started)), ...part };
    const start = (saving: SaveOptions) => {
      const watched = { signal, onProgress, ...saving };
      if (shard === undefined) return library.synthesize(used, task, watched);
      return library.synthesizeShard(used, task, shard, watched);
    };
    const report = await saveRun(directory, description, start, {
      signal,
      onOpen,
      onRows: onRows as ((rows: readonly unknown[]) => void) | undefined,
      goesOn: lacksGroups(directory, shard),
    });
    return { directory: path, report };
  } finally {
    await directory.release();
    await loaded?.close();
  }
}

// Whether a shard has fewer groups than are asked of it now, though it may be done.
function lacksGroups({ checkpoint }: RunDirectory, shard: ShardOptions | undefined): boolean {
  if (shard?.groups === undefined) return false;
  const last = checkpoint === undefined ? shard.index - shard.count : checkpoint.groups - 1;
  return last + shard.count < shard.groups;
}
