// The lock of a run directory: a file that says which process writes there. One that a killed process left is
// recognised.
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, type FileHandle, link, mkdir, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HeldError, StorageError } from "../errors.js";
import {
  type FoundLock,
  isLockFile,
  lockName,
  lockText,
  parseLock,
  type ReadLock,
  readLock,
  silenceOf,
} from "./lock-file.js";
import { isRunning, thisProcess } from "./process-identity.js";
import { openRegular } from "./regular-file.js";

/** Seconds between two signs of life. */
const beat = 10;
/**
 * Seconds for which such a process is watched before its lock is taken: a clock that was set makes signs of life look
 * old.
 */
const patience = 15;
/** Tries to take a directory that others let go of and take at the same moment. */
const mostTries = 100;

/** Seconds after which a guard counts as left by a process that was killed: it is needed for milliseconds. */
const guardPatience = 5;
/** Milliseconds between two looks at a guard: all tries together last longer than its patience. */
const guardLook = 60;

/** Milliseconds between two looks at a lock that is waited for. */
const look = 250;

/** How a lock is waited for whose process cannot be asked: one of a container that was killed, or of another machine. */
export interface LockWaiting {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the wait begins, with what is waited for, and how long. */
  readonly onWait?: ((reason: string) => void) | undefined;
}

/** A directory that this process holds. */
export class Lock {
  readonly #path: string;
  readonly #text: string;
  readonly #file: FileHandle;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string, text: string, file: FileHandle) {
    this.#path = path;
    this.#text = text;
    this.#file = file;
    // Through the handle: where another process has taken the directory over, its lock is not the one that is touched.
    this.#timer = setInterval(() => void file.write(text, 0).catch(() => {}), beat * 1000).unref();
  }

  /**
   * Takes a directory that exists.
   * @param options.patience  seconds for which a lock of another machine that looks left over is watched before it is
   *   taken; default 15, in which its process would have given a sign of life.
   * @param options.waiting  waits where the process that holds it cannot be asked whether it still runs: until it has
   *   been silent for long enough, 30 seconds in a container of this machine and two minutes elsewhere, or gives a sign of
   *   life. Default: does not wait.
   * @throws {HeldError} CORRSYNTH_HELD when a process that runs, or may run, holds it, with who that is.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when its lock cannot be read.
   * @throws Node's own error when the directory cannot be written.
   */
  static async acquire(
    directory: string,
    options: { readonly patience?: number; readonly waiting?: LockWaiting | undefined } = {},
  ): Promise<Lock> {
    const path = join(directory, lockName);
    const text = `${JSON.stringify({ ...thisProcess(), since: new Date().toISOString() })}\n`;
    const own = `${path}.${randomUUID()}`;
    try {
      const [written, begun] = [await writeOwn(own, text), performance.now()];
      const clock = () => written + performance.now() - begun;
      let watched: number | undefined;
      for (let tries = 1; !(await place(own, path, text)); tries++) {
        watched ??= await watch(path, clock(), options.patience ?? patience, options.waiting);
        await removeStale(path, watched, clock(), tries);
      }
      return await Lock.#hold(path, text);
    } catch (error) {
      await rm(own, { force: true }).catch(() => {}); // the first error is the one to tell
      throw error;
    }
  }

  // What was placed is let go of when it cannot be held: nothing may say that this process writes here.
  static async #hold(path: string, text: string): Promise<Lock> {
    let lock: Lock | undefined;
    try {
      lock = new Lock(path, text, await openRegular(path, constants.O_RDWR));
      await removeLeftovers(dirname(path));
      return lock;
    } catch (error) {
      await lock?.release();
      await removeOwn(path, text);
      throw error;
    }
  }

  /**
   * Makes sure that the directory is still this process's own.
   * @throws {StorageError} CORRSYNTH_STORAGE when it is gone, or another process has taken it.
   */
  async check(): Promise<void> {
    const text = await lockText(this.#path).catch((cause: Error) => {
      const message = `Expected ${this.#path}, which this process wrote, and cannot read it (${cause.message})`;
      throw new StorageError(message, { cause });
    });
    if (text === undefined) {
      const message = `Expected ${this.#path}, which this process wrote, and found it gone`;
      throw new StorageError(`${message}: was the directory moved or deleted?`);
    }
    if (text === this.#text) return;
    const other = parseLock(text);
    const who = other === undefined ? "another process" : `process ${other.pid} of ${other.host}`;
    throw new StorageError(`Expected ${this.#path} to name this process, but ${who} has taken the directory over`);
  }

  /** Lets go of the directory. Twice is harmless. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#file.close();
    await removeOwn(this.#path, this.#text);
  }
}

async function removeOwn(path: string, text: string): Promise<void> {
  const found = await lockText(path).catch(() => undefined);
  if (found === text) await rm(path, { force: true }).catch(() => {});
}

// The lock under a name of its own, so that no other process ever finds half of one; returns when, by the clock that
// dates the other's signs of life, too.
async function writeOwn(own: string, text: string): Promise<number> {
  const file = await open(own, "wx");
  try {
    await file.writeFile(text);
    return (await file.stat()).mtimeMs; // of what was written, wherever it is by now: see place
  } finally {
    await file.close();
  }
}

// Only one process can give the file its final name. Whoever has taken the directory removes the files of those that
// try: it may have let go of it since, so that the file is written once more, which fails where the directory itself is
// gone.
async function place(own: string, path: string, text: string): Promise<boolean> {
  try {
    await link(own, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST" || error.code === "ENOENT") throw error;
      await copyFile(own, path, constants.COPYFILE_EXCL); // a file system without hard links
    });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") await writeOwn(own, text);
    else if (code !== "EEXIST") throw error;
    return false;
  }
}

// When the lock of a process that cannot be asked last changed, in milliseconds, after a while in which a running one
// would have changed it.
async function watch(
  path: string,
  now: number,
  seconds: number,
  waiting: LockWaiting | undefined,
): Promise<number | undefined> {
  const lock = await readLock(path, now);
  const { holder, isHeld, secondsSilent = 0 } = lock?.found ?? {};
  if (lock === undefined || (holder !== undefined && isRunning(holder) !== undefined)) return undefined;
  if (isHeld && waiting === undefined) return undefined;
  const rest = isHeld ? Math.max(seconds, silenceOf(holder) - secondsSilent) : seconds;
  if (isHeld) waiting?.onWait?.(whatIsWaitedFor(path, lock, rest));
  const end = performance.now() + rest * 1000;
  for (let left = rest * 1000; left > 0; left = end - performance.now()) {
    await sleep(Math.min(look, left), undefined, { signal: waiting?.signal }).catch(() => {});
    waiting?.signal?.throwIfAborted();
    const again = await readLock(path, now);
    if (again === undefined || again.mtimeMs !== lock.mtimeMs) break; // let go of, or alive
  }
  return lock.mtimeMs;
}

function whatIsWaitedFor(path: string, { found: { holder, secondsSilent } }: ReadLock, seconds: number): string {
  const who = holder === undefined ? "another process" : `process ${holder.pid} of ${holder.host}`;
  return (
    `${path}: ${who} gave a sign of life ${Math.round(secondsSilent)} seconds ago and cannot be asked from here ` +
    `whether it was killed: goes on in ${Math.ceil(seconds)} seconds, if it gives none till then`
  );
}

// A stale lock is removed under a guard, a directory that only one process can make, and after another look at it: else
// the later of two processes that found it would remove what the earlier has put in its place.
async function removeStale(path: string, watched: number | undefined, now: number, tries: number): Promise<void> {
  const lock = await readLock(path, now);
  const isAlive = lock !== undefined && watched !== undefined && lock.mtimeMs !== watched;
  if (lock?.found.isHeld || isAlive || tries === mostTries) throw held(path, lock?.found);
  if (lock === undefined) return;
  const guard = `${path}.guard`;
  try {
    await mkdir(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const left = await stat(guard).catch(() => undefined);
    if (left && now - left.mtimeMs > guardPatience * 1000) await rmdir(guard).catch(() => {}); // its process was killed
    await sleep(guardLook);
    return;
  }
  try {
    const again = await readLock(path, now);
    if (again?.found.isHeld) throw held(path, again.found);
    await rm(path, { force: true });
  } finally {
    await rmdir(guard).catch(() => {});
  }
}

function held(path: string, found?: FoundLock): HeldError {
  const { holder, secondsSilent = 0 } = found ?? {};
  const who = holder === undefined ? "Another process" : `Process ${holder.pid} of ${holder.host}`;
  const since = holder === undefined ? "" : ` since ${holder.since}`;
  const isKnown = holder !== undefined && isRunning(holder) === true;
  const silent = isKnown ? "" : `, and gave a sign of life ${Math.round(secondsSilent)} seconds ago`;
  const what = isKnown
    ? "wait for it or stop it, or choose another directory"
    : `where it no longer runs, delete this file, or try again when it has been silent for ${silenceOf(holder)} seconds`;
  return new HeldError(`${path}: ${who} writes to this directory${since}${silent}: ${what}`);
}

// What processes that were killed in the midst of taking the directory have left.
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (isLockFile(name) && name !== lockName) await rm(join(directory, name), { force: true, recursive: true });
  }
}
