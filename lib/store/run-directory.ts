// A run directory: data.jsonl, one instance a line, journal.jsonl, one group a line, and manifest.json, what it takes to make
// them again. A group is there or it is not: its journal line is written when its rows are on the disk.
import { mkdir, open, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CorrSynthError, InvalidConfigError, invalidField, StorageError } from "../errors.js";
import { Lock } from "../files/lock.js";
import type { Checkpoint } from "../run/checkpoint.js";
import { acceptedRows } from "./accepted-rows.js";
import { lostNotice } from "./data-check.js";
import { differences } from "./differences.js";
import { GroupWriter, type WritableGroup } from "./group-writer.js";
import { tallies } from "./journal.js";
import { manifestOf, type RunDescription, type RunManifest, writeManifest } from "./manifest.js";
import { archive, archivePrefix, checkOthers, contents, readStored, type StoredRunState } from "./stored-run.js";

/** How a run ended. */
export interface RunEnd {
  readonly state: Exclude<RunManifest["state"], "running">;
  readonly report?: unknown;
  readonly reason?: string;
}

/** Groups that may wait for the disk before `commit` does: they then go to it together. */
const mostPending = 16;

/** A run directory that this process holds. Open it, say with `begin` what is written to it, commit groups, close it. */
export class RunDirectory {
  readonly path: string;
  readonly #lock: Lock;
  /** The first of its parents that was made for it. */
  readonly #made: string | undefined;
  readonly #stored: StoredRunState | undefined;
  #manifest: RunManifest | undefined;
  #writer: GroupWriter | undefined;
  #pending: WritableGroup[] = [];
  #flushing: Promise<void> | undefined;
  #failure: Error | undefined;
  #isReleased = false;

  private constructor(path: string, lock: Lock, made: string | undefined, stored: StoredRunState | undefined) {
    this.path = path;
    this.#lock = lock;
    this.#made = made;
    this.#stored = stored;
  }

  /**
   * Takes a new or empty directory, or one that holds a run, for this process alone. Changes nothing that is in it.
   * @param options.fresh  does not look at the run that it holds, which `begin` will move aside; default false.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when another process holds it; when it holds anything but a run, or a
   *   run that cannot be gone on with; or when it cannot be written.
   */
  static async open(path: string, options: { readonly fresh?: boolean } = {}): Promise<RunDirectory> {
    checkOthers(path, await contents(path));
    let made: string | undefined;
    let lock: Lock;
    try {
      made = await mkdir(path, { recursive: true });
      lock = await Lock.acquire(path);
    } catch (cause) {
      if (made !== undefined) await removeEmpty(path, made);
      if (cause instanceof CorrSynthError) throw cause;
      const message = `Expected a directory to write to (${(cause as Error).message})`;
      throw invalidField(path, message, { cause });
    }
    try {
      return new RunDirectory(path, lock, made, options.fresh ? undefined : await readStored(path));
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * What earlier sessions came to: the group to go on with, the tallies so far, and the rows, to be read before `begin`; undefined
   * of a new run.
   */
  get checkpoint(): Checkpoint | undefined {
    const last = this.#stored?.entries.at(-1);
    if (last === undefined) return undefined;
    const accepted = acceptedRows(join(this.path, "data.jsonl"), last.bytes);
    return { groups: last.group + 1, labels: tallies(this.#stored!.entries), accepted };
  }

  /** The manifest of a run that is done and whose rows are all there, else undefined. */
  get done(): RunManifest | undefined {
    const { manifest, lostRows } = this.#stored ?? {};
    return manifest?.state === "done" && lostRows === 0 ? manifest : undefined;
  }

  /** What was found damaged and will be made again, for people; undefined when nothing was. */
  get notice(): string | undefined {
    return lostNotice(this.#stored?.lostRows ?? 0);
  }

  /** Instances that are safe. */
  get instances(): number {
    return this.#writer?.rows ?? this.#stored?.entries.at(-1)?.rows ?? 0;
  }

  /**
   * Makes sure that the run which the directory holds is the one described.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each difference in settings, input files or model, and both values.
   */
  check(description: RunDescription): void {
    if (this.#stored === undefined) return;
    const found = differences(this.#stored.manifest, description);
    if (found.length === 0) return;
    const message =
      `Expected the task, the model and the settings of the run that ${this.path} holds, received others: to go on with that run, ` +
      `undo the changes above; to start another, choose another directory, or --fresh, which moves the old files to ` +
      `${join(this.path, `${archivePrefix}DATE`)}`;
    throw new InvalidConfigError([...found, { path: "", message }]);
  }

  /**
   * Gets ready for the first group: writes the manifest (state "running") and cuts off what a killed process left half written.
   * Opened as fresh, moves an old run aside, to old-DATE in the directory; nothing is deleted. Call it once, when there is
   * something to write: a run that is refused must leave nothing behind.
   * @throws {InvalidConfigError} as `check`, and {@link StorageError} when the directory cannot be written.
   */
  async begin(description: RunDescription, more: Pick<RunManifest, "mergedFrom"> = {}): Promise<void> {
    this.check(description);
    await this.#guard(async () => {
      if (this.#stored === undefined) await archive(this.path, description.started);
      const { manifest, entries, journalBytes } = this.#stored ?? { manifest: undefined, entries: [], journalBytes: 0 };
      this.#manifest = { ...manifestOf(description, manifest, this.checkpoint?.groups), ...more };
      await writeManifest(this.path, this.#manifest);
      this.#writer = await GroupWriter.continue(this.path, entries, journalBytes);
      await syncDirectory(this.path);
    });
  }

  /**
   * Adds a group. It is safe when a later `flush` or `close` resolves, mostly sooner: groups that come while others are written
   * go to the disk together.
   * @throws {StorageError} CORRSYNTH_STORAGE when this one or one before cannot be written; nothing more is then.
   */
  async commit(group: WritableGroup): Promise<void> {
    if (this.#failure) throw this.#failure;
    this.#pending.push(group);
    this.#flushing ??= this.#writePending();
    if (this.#pending.length >= mostPending) await this.flush();
  }

  /** Resolves when all groups so far are safe. @throws {StorageError} as `commit`. */
  async flush(): Promise<void> {
    await this.#flushing;
    if (this.#failure) throw this.#failure;
  }

  /** Writes what is pending, completes the manifest, and lets go of the directory, in any case. */
  async close(end: RunEnd): Promise<void> {
    try {
      await this.#flushing;
      const failure = this.#failure;
      const last: RunEnd = failure === undefined ? end : { state: "failed", reason: failure.message };
      if (this.#manifest !== undefined) await this.#guard(() => this.#complete(last));
      if (failure) throw failure;
    } finally {
      await this.release();
    }
  }

  /** Lets go of the directory as it is; one that was made for a run which never began is removed. Twice is harmless. */
  async release(): Promise<void> {
    await this.#flushing;
    if (!this.#isReleased) await this.#writer?.close();
    this.#isReleased = true;
    await this.#lock.release();
    if (this.#made !== undefined && this.#manifest === undefined) await removeEmpty(this.path, this.#made);
  }

  async #complete(end: RunEnd): Promise<void> {
    await this.#lock.check();
    const finished = new Date().toISOString();
    await writeManifest(this.path, { ...this.#manifest!, ...end, instances: this.instances, finished });
  }

  async #writePending(): Promise<void> {
    try {
      while (this.#pending.length > 0 && !this.#failure) await this.#guard(() => this.#write(this.#pending.splice(0)));
    } catch {
      // kept as the failure, which commit, flush and close tell
    } finally {
      this.#flushing = undefined;
    }
  }

  async #write(groups: readonly WritableGroup[]): Promise<void> {
    if (this.#writer === undefined) throw new TypeError("Expected begin before commit");
    await this.#lock.check();
    await this.#writer.write(groups);
  }

  // After the first error nothing is written any more: a later group must not follow one that is missing.
  async #guard(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const { syscall, code } = error as NodeJS.ErrnoException;
      const isOfDisk = syscall !== undefined || error instanceof StorageError;
      this.#failure ??= isOfDisk ? this.#storageError(error as Error, code) : (error as Error);
      throw this.#failure;
    }
  }

  #storageError(cause: Error, code = ""): StorageError {
    const groups = this.#writer?.groups ?? this.#stored?.entries.length ?? 0;
    const safe = `the ${this.instances} rows of its ${groups} finished groups are safe if the directory is`;
    const advice = remedies[code] ?? "see to the disk";
    const message = `Cannot write to the run in ${this.path} (${cause.message}): ${safe}; ${advice}, then start the same run again`;
    return new StorageError(message, { cause });
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: "free some space",
  EDQUOT: "free some space",
  EACCES: "make the directory writable",
  EPERM: "make the directory writable",
  EROFS: "make the directory writable",
};

// Names are safe only when their directory is; not every system can flush one.
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => undefined);
  await directory?.sync().catch(() => {});
  await directory?.close();
}

async function removeEmpty(path: string, first: string): Promise<void> {
  for (let at = path; at.length >= first.length; at = dirname(at)) {
    if (
      !(await rmdir(at).then(
        () => true,
        () => false,
      ))
    )
      return;
  }
}
