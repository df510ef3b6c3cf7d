// A directory to write to: made where there is none, locked, and removed again when nothing was written.
import { mkdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { CorrSynthError, invalidField } from "../errors.js";
import { Lock, type LockWaiting } from "../files/lock.js";

/** A directory that this process alone writes to. */
export class HeldDirectory {
  readonly #path: string;
  readonly #lock: Lock;
  /** The first of its parents that was made for it. */
  readonly #made: string | undefined;

  private constructor(path: string, lock: Lock, made: string | undefined) {
    this.#path = path;
    this.#lock = lock;
    this.#made = made;
  }

  /**
   * @param waiting  waits for a process that may have been killed; default: does not.
   * @throws {HeldError} CORRSYNTH_HELD when another process holds it.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it cannot be written; and the signal's reason.
   */
  static async take(path: string, waiting?: LockWaiting): Promise<HeldDirectory> {
    let made: string | undefined;
    try {
      made = await mkdir(path, { recursive: true });
      return new HeldDirectory(path, await Lock.acquire(path, { waiting }), made);
    } catch (cause) {
      if (made !== undefined) await removeEmpty(path, made);
      if (cause instanceof CorrSynthError || waiting?.signal?.aborted) throw cause;
      throw invalidField(path, `Expected a directory to write to (${(cause as Error).message})`, { cause });
    }
  }

  /** @throws {StorageError} CORRSYNTH_STORAGE when the directory is gone, or another process has taken it. */
  async check(): Promise<void> {
    await this.#lock.check();
  }

  /** Lets go of it; of what was made for it, what holds nothing is removed. Twice is harmless. */
  async release(): Promise<void> {
    await this.#lock.release();
    if (this.#made !== undefined) await removeEmpty(this.#path, this.#made);
  }
}

// From the innermost to the first that was made, as far as they are empty.
async function removeEmpty(path: string, first: string): Promise<void> {
  for (let at = path; at.length >= first.length; at = dirname(at)) {
    const isRemoved = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}
