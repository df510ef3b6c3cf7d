// lock.json of a run directory, as it is found: which process writes there, and whether it still runs.
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InvalidConfigError, invalidField } from "../errors.js";
import { isOfThisBoot, isRunning, type ProcessIdentity } from "./process-identity.js";
import { readRegular } from "./regular-file.js";

/** Name of the lock in its directory. */
export const lockName = "lock.json";

/** Seconds without a sign of life after which a process of another machine counts as gone. */
export const silence = 120;
/**
 * The same for a process of another container of this machine: there is one clock and no network between, so that three
 * signs of life which do not come are enough.
 */
const containerSilence = 30;

/** Seconds without a sign of life after which a process that cannot be asked counts as gone. */
export function silenceOf(holder: LockHolder | undefined): number {
  return holder !== undefined && isOfThisBoot(holder) ? containerSilence : silence;
}

const schema = z.object({
  pid: z.int().min(1),
  host: z.string(),
  machine: z.string(),
  begun: z.string(),
  since: z.string(),
});

/** Who holds a directory. */
export interface LockHolder extends ProcessIdentity {
  /** ISO 8601. */
  readonly since: string;
}

/** A lock that was found. */
export interface FoundLock {
  /** Undefined of a file that nobody could write whole. */
  readonly holder: LockHolder | undefined;
  /** Its process runs, as far as can be known from here. */
  readonly isHeld: boolean;
  /** Since its last sign of life. */
  readonly secondsSilent: number;
}

/** Whether a file belongs to locking, whole or left over. */
export function isLockFile(name: string): boolean {
  return name.startsWith(lockName);
}

/**
 * The lock of a directory, or undefined where there is none.
 * @param now  milliseconds of the clock that dates the directory's files; default this machine's.
 */
export async function findLock(directory: string, now = Date.now()): Promise<FoundLock | undefined> {
  return (await readLock(join(directory, lockName), now))?.found;
}

/** A lock that was found, with what is needed to see whether it changes. */
export interface ReadLock {
  readonly text: string;
  readonly found: FoundLock;
  readonly mtimeMs: number;
}

/** As {@link findLock}, by the path of the lock itself. */
export async function readLock(path: string, now: number): Promise<ReadLock | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([lockText(path), lstat(path)]);
    if (text === undefined) return undefined;
    const holder = parseLock(text);
    const secondsSilent = Math.max(0, (now - mtimeMs) / 1000);
    const isHeld = (holder && isRunning(holder)) ?? secondsSilent < silenceOf(holder);
    return { text, found: { holder, isHeld, secondsSilent }, mtimeMs };
  } catch (cause) {
    if (cause instanceof InvalidConfigError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw invalidField(path, `Expected a lock that can be read (${message})`, { cause });
  }
}

/** What a lock says; undefined where there is none. @throws as {@link readRegular}. */
export async function lockText(path: string): Promise<string | undefined> {
  return (await readRegular(path, 1))?.toString("utf8");
}

/** Who holds a directory by the text of its lock; undefined of a text that no process writes. */
export function parseLock(text: string): LockHolder | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
