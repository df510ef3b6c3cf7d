// Keeps long computations interruptible: they run on the JavaScript thread, in pieces, and let all else run in between.
import { setImmediate } from "node:timers/promises";

/** What every long metric takes. */
export interface PaceOptions {
  /** Stops the computation between two pieces; its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called a few dozen times a second at most, with the share of the work that is done, 0..1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** To be awaited between two pieces of the work, with the share that is done. */
export type Pace = (share: number) => Promise<void>;

const pieceMs = 25; // long enough to cost nothing, short enough for a progress bar and Ctrl-C

/** A pace that reports, checks the signal and yields to the event loop every 25 ms. */
export function pace({ signal, onProgress }: PaceOptions = {}): Pace {
  let yielded = 0; // the first call yields, so that an aborted signal is seen before any work
  return async (share) => {
    if (performance.now() - yielded < pieceMs) return;
    await setImmediate();
    signal?.throwIfAborted();
    onProgress?.(share);
    yielded = performance.now();
  };
}

/** The pace of a part of the work: its shares 0..1 are shares from..to of the whole. */
export function part(whole: Pace, from: number, to: number): Pace {
  return (share) => whole(from + (to - from) * share);
}
