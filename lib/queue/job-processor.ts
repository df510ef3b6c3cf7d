/** What a worker does with a job. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "bullmq";
import type { FinishedGroup } from "../run/checkpoint.js";
import { refused } from "./connection.js";
import { packResult } from "./job-result.js";
import { type GroupRange, parseJob } from "./jobs.js";
import { Meter } from "./meter.js";
import type { QueueStore } from "./store.js";

/** What a worker has to say. */
export type WorkEvent =
  | {
      readonly type: "job";
      readonly first: number;
      readonly count: number;
      readonly rows: number;
      readonly seconds: number;
    }
  | { readonly type: "failed"; readonly first: number; readonly reason: string }
  | { readonly type: "trouble"; readonly reason: string }
  | { readonly type: "warning"; readonly text: string };

/** Makes groups: with a teacher, or as a simulation does. `onTokens` is told how many tokens they have so far. */
export type Maker = (
  range: GroupRange,
  signal: AbortSignal,
  onTokens: (tokens: number) => void,
) => Promise<readonly FinishedGroup[]>;

/** Jobs that may fail one after the other before the worker takes it that the fault is its own. */
const mostFailures = 3;

/** What the worker provides. */
export interface JobProcessorOptions {
  readonly store: QueueStore;
  readonly make: Maker;
  /** Ends the worker. */
  readonly end: AbortController;
  /** The error by which BullMQ knows that a job went back to the queue. */
  readonly waitingError: () => Error;
  readonly onEvent?: ((event: WorkEvent) => void) | undefined;
}

export class JobProcessor {
  readonly #options: JobProcessorOptions;
  readonly #tokens = new Meter();
  #jobs = 0;
  #rows = 0;
  #failures = 0;

  constructor(options: JobProcessorOptions) {
    this.#options = options;
  }

  /** What was done so far. */
  get worked() {
    return { jobs: this.#jobs, rows: this.#rows, tokens: this.#tokens.total };
  }

  /** Over the last half minute. */
  tokensPerSecond(): number {
    return this.#tokens.rate();
  }

  /** BullMQ's processor: resolves when the result is where the collector looks, so that a job is never done without. */
  async process(job: Job, token: string | undefined): Promise<void> {
    const { end, waitingError } = this.#options;
    try {
      await this.#make(job);
      this.#failures = 0;
    } catch (error) {
      if (end.signal.aborted) {
        // at once to another worker, instead of when the lock has expired; where the run is done, there is nothing to
        // move
        await Promise.race([job.moveToWait(token).catch(() => {}), sleep(1000)]);
        throw waitingError();
      }
      const reason = (error as Error).message ?? String(error);
      this.#options.onEvent?.({ type: "failed", first: Number((job.data as { first?: unknown }).first), reason });
      const told = refused(error);
      if (told !== error || ++this.#failures >= mostFailures) end.abort(told);
      throw error;
    }
  }

  async #make(job: Job): Promise<void> {
    const { store, make, end, onEvent } = this.#options;
    const { job: number, ...range } = parseJob(job.data);
    // done before: by a worker whose lock had expired, or before the server went down
    if (await store.hasResult(number)) return;
    const started = performance.now();
    let tokens = 0;
    const groups = await make(range, end.signal, (now) => {
      this.#tokens.add(now - tokens);
      tokens = now;
    });
    const seconds = (performance.now() - started) / 1000;
    await store.putResult(number, await packResult({ groups, tokens, seconds }));
    const rows = groups.reduce((sum, { instances }) => sum + instances.length, 0);
    this.#jobs++;
    this.#rows += rows;
    onEvent?.({ type: "job", ...range, rows, seconds });
  }
}
