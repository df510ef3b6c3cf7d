// Rows made again for a page: one at a time, each for as long as somebody waits for it.
import type { Replay, ReplayOptions } from "../replay/replay-row.js";

/** Makes a row again, as `replayRow` does. */
export type MakeReplay = (directory: string, id: string, options: ReplayOptions) => Promise<Replay>;

// Loaded when the first row is asked for: most reviews need no model.
const makeReplay: MakeReplay = async (...asked) => (await import("../replay/replay-row.js")).replayRow(...asked);

/** Decoding runs on threads of the engine; the model is loaded for each row and let go of, so that none stays in memory. */
export class Replays {
  readonly #directory: string;
  readonly #make: MakeReplay;
  readonly #closed = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(directory: string, make: MakeReplay = makeReplay) {
    this.#directory = directory;
    this.#make = make;
  }

  /**
   * The row with its trace, and without contrast; when those asked for before are done.
   * @param signal  that nobody waits for it any more.
   * @throws as `replayRow`.
   */
  make(id: string, signal: AbortSignal): Promise<Replay> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    const made = this.#last.then(() => {
      stop.throwIfAborted();
      return this.#make(this.#directory, id, { trace: true, withoutContrast: true, signal: stop });
    });
    this.#last = made.catch(() => {});
    return made;
  }

  /** Stops the one that is made, refuses those that wait, and resolves when its teacher is closed. */
  async close(): Promise<void> {
    this.#closed.abort(new Error("The review was closed"));
    await this.#last;
  }
}
