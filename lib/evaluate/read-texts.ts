// Reading texts with what a caller brings: tokenisers, recognisers and embedders are functions, which stay on the
// thread that called. They are asked text by text, and all else on that thread runs in between.
import { setImmediate } from "node:timers/promises";
import type { Embedder } from "./embedder.js";
import type { Entity } from "./entities.js";
import type { EntityRecogniser } from "./recognisers.js";

/** How reading is stopped, and how it tells how far it is. */
export interface ReadingOptions {
  /** Stops the reading between two texts; its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called a few dozen times a second at most, with the share of the texts that are read, 0..1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** What `read` makes of each text, one after the other. Sees an abort before any work. */
export async function readEach<Value>(
  texts: readonly string[],
  read: (text: string) => Value | Promise<Value>,
  options: ReadingOptions = {},
): Promise<Value[]> {
  const turn = turns(options);
  const found: Value[] = [];
  for (const [t, text] of texts.entries()) {
    await turn(t / texts.length);
    found.push(await read(text));
  }
  return found;
}

/**
 * The entities of all texts, text after text; blank texts have none. Interruptible between two texts.
 * @throws the reason of `options.signal` once it is aborted, and whatever the recogniser throws.
 * @example
 * import { findEntities, offlineRecogniser } from "corrsynth/evaluate";
 * const entities = await findEntities(["Ann lives in Berlin.", ""], offlineRecogniser);
 * console.log(entities.map(({ type, text }) => `${type} ${text}`)); // [ 'PERSON Ann', 'PLACE Berlin' ]
 */
export async function findEntities(
  texts: readonly string[],
  recogniser: EntityRecogniser,
  options: ReadingOptions = {},
): Promise<Entity[]> {
  const found = await readEach(texts, (text) => (text.trim() === "" ? [] : recogniser.recognise(text)), options);
  return found.flat();
}

const batch = 64; // texts at a time

/** The vectors of all texts. */
export async function embedAll(
  embedder: Embedder,
  texts: readonly string[],
  options: ReadingOptions = {},
): Promise<Float32Array[]> {
  const turn = turns(options);
  const vectors: Float32Array[] = [];
  for (let start = 0; start < texts.length; start += batch) {
    await turn(start / texts.length);
    const { signal } = options;
    for (const vector of await embedder.embed(texts.slice(start, start + batch), { signal })) vectors.push(vector);
  }
  return vectors;
}

const pieceMs = 15; // long enough to cost nothing, short enough for a progress bar and Ctrl-C

// To be awaited between two texts: every 15 ms it lets timers and sockets have their turn, looks at the signal and
// reports.
function turns({ signal, onProgress }: ReadingOptions): (share: number) => Promise<void> {
  let last = 0; // the first call takes a turn, so that an aborted signal is seen before any work
  return async (share) => {
    if (performance.now() - last < pieceMs) return;
    await setImmediate();
    signal?.throwIfAborted();
    onProgress?.(share);
    last = performance.now();
  };
}
