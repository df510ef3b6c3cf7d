/** The loop of a worker: BullMQ gives it jobs, one after the other, until the dataset is whole or it is told to stop. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AbortError } from "../errors.js";
import { connect } from "./connection.js";
import { Finished, Hands, type Maker, type WorkEvent } from "./hands.js";
import { queuePackages } from "./packages.js";
import { keyPrefix, QueueStore } from "./store.js";

/** Which run to work on, and how it is watched and stopped. */
export interface WorkOptions {
  /** redis://[user:password@]host[:port][/database], or rediss:// for TLS. */
  readonly queue: string;
  readonly name: string;
  /** Stops the worker; the job in hand goes back to the queue at once, for another to take. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what happens: jobs that are done or failed, a server that is away for a while. */
  readonly onEvent?: ((event: WorkEvent) => void) | undefined;
  /** Seconds after which a job whose worker gave no sign is given to another: > 0, default 60. */
  readonly lockSeconds?: number | undefined;
}

/** What a worker has done. */
export interface Worked {
  readonly jobs: number;
  readonly rows: number;
  readonly tokens: number;
}

/**
 * `work` with any way to come by groups: a simulation has no teacher.
 * @param makerOf  is given the task as the queue holds it, and refuses what this worker must not make.
 */
export async function workWith(
  options: WorkOptions,
  makerOf: (packed: Buffer) => Promise<{ readonly make: Maker; readonly attempts: number }>,
): Promise<Worked> {
  const { queue: url, name, signal, onEvent, lockSeconds = 60 } = options;
  const packages = await queuePackages();
  const onTrouble = (reason: string) => onEvent?.({ type: "trouble", reason });
  const client = await connect(packages, url, { isPatient: true, onTrouble });
  const end = new AbortController();
  const abort = () => end.abort(signal?.reason ?? new AbortError());
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    const store = new QueueStore(client, name);
    const { make, attempts } = await makerOf(await store.taskOrThrow());
    const waitingError = () => new packages.bullmq.WaitingError();
    const hands = new Hands({ id: randomUUID(), store, make, end, waitingError, onEvent });
    if (!end.signal.aborted) {
      const worker = new packages.bullmq.Worker(name, (job, token) => hands.process(job, token), {
        connection: client,
        prefix: keyPrefix,
        // renewed at half this time by a timer, which runs while the engine's own thread decodes
        lockDuration: lockSeconds * 1000,
        stalledInterval: (lockSeconds * 1000) / 2,
        maxStalledCount: attempts,
        runRetryDelay: 1000,
      });
      worker.on("error", () => {}); // of the connection, which tells by itself, or of a job that another worker has by now
      await hands.signals();
      const closed = worker.close().catch(() => {});
      await Promise.race([closed, sleep(2000)]); // of a server that is away nothing more can be had
    }
    if (!(end.signal.reason instanceof Finished)) throw end.signal.reason;
    return hands.worked;
  } finally {
    signal?.removeEventListener("abort", abort);
    client.disconnect();
  }
}
