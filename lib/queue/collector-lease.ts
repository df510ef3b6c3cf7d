/** One collector a run: whoever has the place keeps it by saying so, and a dead one is recognised. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { QueueError } from "../errors.js";
import { isRunning, thisProcess } from "../files/process-identity.js";
import type { QueueStore } from "./store.js";

/** Milliseconds that the place is kept without a word, and between two words. */
const term = 30_000;
const beat = 5000;

const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  machine: z.string(),
  begun: z.string(),
  out: z.string(),
});

/** The place of a run's collector. */
export class CollectorLease {
  readonly #store: QueueStore;
  readonly #own: string;
  readonly #timer: NodeJS.Timeout;
  #lostTo: string | undefined;

  private constructor(store: QueueStore, own: string) {
    this.#store = store;
    this.#own = own;
    this.#timer = setInterval(() => void this.#keep(), beat).unref();
  }

  /**
   * Takes the place; of a collector on another machine that gives no sign of life, when its time is up.
   * @param out  where this one collects to, for whoever comes too late.
   * @throws {QueueError} CORRSYNTH_QUEUE when another collector runs; and the signal's reason.
   */
  static async take(store: QueueStore, out: string, signal?: AbortSignal): Promise<CollectorLease> {
    const own = JSON.stringify({ ...thisProcess(), out, id: randomUUID() });
    const deadline = Date.now() + term + beat;
    for (;;) {
      const holder = await store.takeCollector(own, term, (text) => runs(text) === false);
      if (holder === undefined) return new CollectorLease(store, own);
      if (runs(holder) === true || Date.now() > deadline) throw taken(store.name, holder);
      await sleep(1000, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }

  /** @throws {QueueError} CORRSYNTH_QUEUE when another collector has taken the place meanwhile. */
  check(): void {
    if (this.#lostTo !== undefined) throw taken(this.#store.name, this.#lostTo);
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#store.releaseCollector(this.#own);
  }

  // When the server is away nobody can take the place; the next word keeps it again.
  async #keep(): Promise<void> {
    const holder = await this.#store.takeCollector(this.#own, term, () => false).catch(() => undefined);
    this.#lostTo ??= holder;
  }
}

function parse(text: string): z.output<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function runs(text: string): boolean | undefined {
  const holder = parse(text);
  return holder && isRunning(holder);
}

function taken(name: string, text: string): QueueError {
  const holder = parse(text);
  const who = holder === undefined ? "another process" : `process ${holder.pid} of ${holder.host}, into ${holder.out}`;
  return new QueueError(
    `Expected to be the only collector of "${name}", but ${who} collects it: wait for it or stop it`,
  );
}
