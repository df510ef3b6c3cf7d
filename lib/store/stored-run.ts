// What a directory holds before a run is written to it: nothing, a run that can be gone on with, or something else.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidConfigError, invalidField } from "../errors.js";
import { isLockFile } from "../files/lock-file.js";
import { isThere, regularSize } from "../files/regular-file.js";
import type { Calibration } from "../label-check/label-check.js";
import { readCalibration } from "./calibration.js";
import { checkData } from "./data-check.js";
import { type JournalEntry, readJournal } from "./journal.js";
import { manifestName, type RunManifest, readManifest } from "./manifest.js";

/** A run that was written before, wholly or in part. */
export interface StoredRunState {
  readonly manifest: RunManifest;
  /** Groups whose rows are all there. */
  readonly entries: readonly JournalEntry[];
  /** Bytes of their journal lines. */
  readonly journalBytes: number;
  /** Rows of further groups, which are not all there. */
  readonly lostRows: number;
  /** What calibrates its label check; undefined of a run without one. */
  readonly calibration: Calibration | undefined;
}

/** What names of directories begin with to which old runs are moved. */
export const archivePrefix = "old-";

/**
 * Makes sure that new files can be written to `path`, without touching anything.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds a run or anything else, or is no directory.
 * @example
 * await checkRunDirectory("run"); // nothing is there yet
 * await synthesizeTo("run", teacher, spec);
 * await checkRunDirectory("run").catch(({ message }) => console.log(message)); // … already holds a run: …
 */
export async function checkRunDirectory(path: string): Promise<void> {
  const names = await contents(path);
  if (isRun(names)) throw invalidField(path, "This directory already holds a run: choose another directory");
  checkOthers(path, names);
}

/** Names of all files that are neither locks nor archives of earlier runs; none where there is no directory. */
export async function contents(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).filter((name) => !isLockFile(name) && !name.startsWith(archivePrefix));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    throw invalidField(path, `Expected a directory to write to (${message})`);
  }
}

function isRun(names: readonly string[]): boolean {
  return ["data.jsonl", "journal.jsonl", "manifest.json"].some((name) => names.includes(name));
}

/**
 * @param names  of {@link contents}.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there are files, but no run.
 */
export function checkOthers(path: string, names: readonly string[]): void {
  const others = names.filter((name) => !name.endsWith(".tmp"));
  if (others.length === 0 || isRun(names)) return;
  throw invalidField(
    path,
    `Expected an empty or a new directory, this one holds ${others.length} files: choose another`,
  );
}

/**
 * The run that a directory holds, or undefined where it holds none. Reads all of its rows, to see whether they are
 * whole.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it cannot be gone on with: files are missing, malformed or
 *   damaged.
 */
export async function readStored(path: string): Promise<StoredRunState | undefined> {
  const manifest = await readManifest(path);
  const data = join(path, "data.jsonl");
  const journal = join(path, "journal.jsonl");
  const dataBytes = await regularSize(data);
  const hasJournal = await isThere(journal);
  if (dataBytes > 0 && (manifest === null || !hasJournal)) {
    const missing = manifest === null ? "manifest.json" : "journal.jsonl";
    const message =
      `Expected a run with ${missing}, received data.jsonl without: ` +
      "choose another directory, or --fresh to move it aside";
    throw invalidField(path, message);
  }
  if (manifest === null) return undefined;
  const { entries, ends } = await readJournal(journal);
  const { whole, lostRows, damage } = await checkData(path, entries, manifest.instances);
  if (damage !== undefined) throw new InvalidConfigError([damage]);
  const calibration = await readCalibration(path);
  return { manifest, entries: whole, journalBytes: ends[whole.length - 1] ?? 0, lostRows, calibration };
}

/**
 * Moves a run to old-DATE in its directory, with all that stands beside it.
 * @param date  ISO 8601.
 * @returns where it is now; undefined where there was no run.
 */
export async function archive(path: string, date: string): Promise<string | undefined> {
  const names = await contents(path);
  if (!isRun(names)) return undefined;
  const base = join(path, archivePrefix + date.replace(/[^0-9TZ]/g, ""));
  let to = base;
  for (let n = 2; existsSync(to); n++) to = `${base}-${n}`;
  await mkdir(to);
  // manifest.json first: what a kill in between leaves here is then no run that could be gone on with
  for (const name of manifestLast(names).reverse()) await rename(join(path, name), join(to, name));
  return to;
}

/** Moves what {@link archive} has moved back, and removes the directory that it was in. */
export async function unarchive(path: string, archived: string): Promise<void> {
  for (const name of manifestLast(await readdir(archived))) await rename(join(archived, name), join(path, name));
  await rmdir(archived);
}

function manifestLast(names: readonly string[]): string[] {
  return [...names].sort((a, b) => Number(a === manifestName) - Number(b === manifestName));
}
