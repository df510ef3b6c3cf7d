/** One native model that scores: a part at a time, and what it keeps between parts is let go of when nobody asks. */
import type { NativeModel } from "./binding.js";
import { fromNative } from "./native-error.js";

/** How long the context and the prompts stay after the last part. */
const IDLE_MS = 60_000;

export class Scorer {
  readonly #native: Pick<NativeModel, "score" | "releaseScorer">;
  readonly #idleMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(native: Pick<NativeModel, "score" | "releaseScorer">, idleMs = IDLE_MS) {
    this.#native = native;
    this.#idleMs = idleMs;
  }

  /**
   * Scores a part when those before it are done: in the addon one that waits would hold a thread of Node's pool.
   * @param check Throws if the part must not begin any more.
   */
  async score(part: Parameters<NativeModel["score"]>, check: () => void): Promise<Float64Array> {
    clearTimeout(this.#idle);
    this.#waiting++;
    const scored = this.#last.then(() => {
      check();
      return this.#native.score(...part);
    });
    this.#last = scored.catch(() => {});
    try {
      return await scored;
    } catch (error) {
      throw fromNative(error);
    } finally {
      if (--this.#waiting === 0) this.#idle = setTimeout(() => this.release(), this.#idleMs).unref();
    }
  }

  /** Lets go of the context and the prompts; a part that comes later makes them anew. */
  release(): void {
    this.close();
    this.#native.releaseScorer();
  }

  /** No part is under way any more, and none comes. */
  close(): void {
    clearTimeout(this.#idle);
  }
}
