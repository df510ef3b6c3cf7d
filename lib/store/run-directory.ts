// A run directory: data.jsonl, one instance a line, journal.jsonl, one group a line, and manifest.json, what it takes
// to make them again. A group is there or it is not: its journal line is written when its rows are on the disk.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { StorageError } from "../errors.js";
import { replaceFile, syncDirectory } from "../files/atomic-write.js";
import type { LockWaiting } from "../files/lock.js";
import { readRegular } from "../files/regular-file.js";
import { largestText } from "../files/text-file.js";
import type { Calibration } from "../label-check/label-check.js";
import type { Checkpoint } from "../run/checkpoint.js";
import { acceptedRows } from "./accepted-rows.js";
import { calibrationName, writeCalibration } from "./calibration.js";
import { lostNotice } from "./data-check.js";
import { checkSameRun, grownFrom } from "./differences.js";
import { GroupWriter, type WritableGroup } from "./group-writer.js";
import { HeldDirectory } from "./held-directory.js";
import { tallies } from "./journal.js";
import {
  manifestName,
  manifestOf,
  type RunDescription,
  type RunEnd,
  type RunManifest,
  writeManifest,
} from "./manifest.js";
import { storageError } from "./storage-error.js";
import { archive, checkOthers, contents, readStored, type StoredRunState, unarchive } from "./stored-run.js";

/** Groups that may wait for the disk before `commit` does: they then go to it together. */
const mostPending = 16;
/**
 * A run directory that this process holds. Open it, say with `begin` what is written to it, commit groups, close it; or
 * withdraw, when it comes to no group.
 */
export class RunDirectory {
  readonly path: string;
  readonly #held: HeldDirectory;
  readonly #stored: StoredRunState | undefined;
  #manifest: RunManifest | undefined;
  /** What makes the directory again what it was before `begin`. */
  #undo: (() => Promise<void>) | undefined;
  #writer: GroupWriter | undefined;
  #pending: WritableGroup[] = [];
  #flushing: Promise<void> | undefined;
  #failure: Error | undefined;
  #isReleased = false;

  private constructor(path: string, held: HeldDirectory, stored: StoredRunState | undefined) {
    this.path = path;
    this.#held = held;
    this.#stored = stored;
  }

  /**
   * Takes a new or empty directory, or one that holds a run, for this process alone. Changes nothing that is in it.
   * @param options.fresh  does not look at the run that it holds, which `begin` will move aside; default false.
   * @param options.waiting  waits for a process that holds it and may have been killed; default: does not.
   * @throws {HeldError} CORRSYNTH_HELD when another process holds it.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds anything but a run, or a run that cannot be gone
   *   on with; or when it cannot be written.
   */
  static async open(
    path: string,
    options: { readonly fresh?: boolean; readonly waiting?: LockWaiting } = {},
  ): Promise<RunDirectory> {
    checkOthers(path, await contents(path));
    const held = await HeldDirectory.take(path, options.waiting);
    try {
      return new RunDirectory(path, held, options.fresh ? undefined : await readStored(path));
    } catch (error) {
      await held.release();
      throw error;
    }
  }

  /**
   * What earlier sessions came to: the group to go on with, the tallies so far, and the rows; undefined of a new run.
   */
  get checkpoint(): Checkpoint | undefined {
    const last = this.#stored?.entries.at(-1);
    if (last === undefined) return undefined;
    const accepted = acceptedRows(join(this.path, "data.jsonl"), last.bytes);
    const { entries, calibration } = this.#stored!;
    return { groups: last.group + 1, labels: tallies(entries), accepted, ...(calibration ? { calibration } : {}) };
  }

  /** The manifest of a run that is done, whose rows are all there and as many as are wanted now, else undefined. */
  doneFor(description: RunDescription): RunManifest | undefined {
    const { manifest, lostRows } = this.#stored ?? {};
    const isDone = manifest?.state === "done" && lostRows === 0 && this.grownFrom(description) === undefined;
    return isDone ? manifest : undefined;
  }

  /** Rows wanted before, where more are now; else undefined. */
  grownFrom(description: RunDescription): number | undefined {
    return this.#stored && grownFrom(this.#stored.manifest, description);
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
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each difference in settings, input files or model, and
   *   both values.
   */
  check(description: RunDescription): void {
    if (this.#stored !== undefined) checkSameRun(this.path, this.#stored.manifest, description);
  }

  /**
   * Says what will be written, before anything of it is known: writes the manifest, in state "running". Opened as
   * fresh, moves an old run aside, to old-DATE in the directory; nothing is deleted. What a killed process left half
   * written stays until the first group is. Call it once.
   * @throws {InvalidConfigError} as `check`, and {@link StorageError} when the directory cannot be written.
   */
  async begin(description: RunDescription, more: Pick<RunManifest, "mergedFrom"> = {}): Promise<void> {
    this.check(description);
    await this.#guard(async () => {
      const file = join(this.path, manifestName);
      const before = this.#stored === undefined ? undefined : await readRegular(file, largestText);
      const archived = this.#stored === undefined ? await archive(this.path, description.started) : undefined;
      this.#undo = async () => {
        if (before !== undefined) return await replaceFile(file, before);
        for (const name of [manifestName, calibrationName]) await rm(join(this.path, name), { force: true });
        if (archived !== undefined) await unarchive(this.path, archived);
      };
      const manifest = { ...manifestOf(description, this.#stored?.manifest, this.checkpoint?.groups), ...more };
      await writeManifest(this.path, manifest);
      this.#manifest = manifest;
    });
  }

  /**
   * Keeps what the label check is calibrated by; safe when this resolves. Call it after `begin`, before the first group.
   * @throws {StorageError} CORRSYNTH_STORAGE when it cannot be written.
   */
  async calibrate(calibration: Calibration): Promise<void> {
    await this.#guard(async () => {
      await this.#held.check();
      await writeCalibration(this.path, calibration);
    });
  }

  /**
   * Undoes `begin`: a run that is refused before its first group must leave nothing behind. Does nothing where there
   * was none.
   * @throws {StorageError} CORRSYNTH_STORAGE when the directory is gone, or another process has taken it.
   * @throws {TypeError} when a group was committed.
   */
  async withdraw(): Promise<void> {
    if (this.#writer !== undefined || this.#flushing !== undefined) throw new TypeError("Expected no group");
    const undo = this.#undo;
    this.#undo = this.#manifest = undefined;
    if (undo === undefined) return;
    await this.#held.check();
    await undo();
  }

  /**
   * Adds a group. It is safe when a later `flush` or `close` resolves, mostly sooner: groups that come while others are
   * written go to the disk together.
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
    await this.#held.release();
  }

  async #complete(end: RunEnd): Promise<void> {
    await this.#held.check();
    await this.#groups(); // a run without a single group has its files, too
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
    if (this.#manifest === undefined) throw new TypeError("Expected begin before commit");
    await this.#held.check();
    await (await this.#groups()).write(groups);
  }

  // The files of the groups, without what a killed process left half written behind those that are whole.
  async #groups(): Promise<GroupWriter> {
    if (this.#writer !== undefined) return this.#writer;
    const { entries, journalBytes } = this.#stored ?? { entries: [], journalBytes: 0 };
    this.#writer = await GroupWriter.continue(this.path, entries, journalBytes);
    await syncDirectory(this.path);
    return this.#writer;
  }

  // After the first error nothing is written any more: a later group must not follow one that is missing.
  async #guard(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const isOfDisk = (error as NodeJS.ErrnoException).syscall !== undefined || error instanceof StorageError;
      const groups = this.#writer?.groups ?? this.#stored?.entries.length ?? 0;
      const safe = { rows: this.instances, groups };
      this.#failure ??= isOfDisk ? storageError(this.path, error as Error, safe) : (error as Error);
      throw this.#failure;
    }
  }
}
