/**
 * The jobs between the one to collect next and the last that workers may be ahead: sees to it that they are in the
 * queue, takes their results in order, and sets aside what fails for good.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Queue } from "bullmq";
import { type JobResult, unpackResult } from "./job-result.js";
import { addJobs, type GroupRange, type JobCut, jobId } from "./jobs.js";
import type { ResultLimits } from "./result-limits.js";
import { isLarge, type QueueStore, type StoredResult } from "./store.js";

/** Results that are fetched together. */
const batch = 32;
/** Milliseconds between two looks for a result that is not there; doubled up to the second. */
const shortestPause = 20;
const longestPause = 250;
/** Milliseconds between two looks at what has become of a job that lets wait for it. */
const lookPause = 1000;
/**
 * Milliseconds between two times that all jobs of the window are made sure of: what a restarted server has forgotten.
 */
const surePause = 30_000;
/** Times that a result is refused before its job is set aside. */
const mostRefusals = 3;

/**
 * Jobs for each worker that there is room for: one in hand, and while that of a worker that died blocks the collector,
 * some more.
 */
const jobsPerWorker = 4;

/** A job that came to its end. */
export interface TakenJob extends GroupRange {
  readonly job: number;
  /** What it came to; undefined when it was set aside. */
  readonly result: JobResult | undefined;
  /** Why it was set aside. */
  readonly reason?: string;
}

export interface JobWindowOptions {
  readonly queue: Queue;
  readonly store: QueueStore;
  readonly cut: JobCut;
  readonly labels: readonly string[];
  /** What a result may have. */
  readonly limits: ResultLimits;
  readonly attempts: number;
  /** Jobs that may be in the queue, or done and not collected, as long as the workers need no more. */
  readonly jobsAhead: number;
  readonly signal?: AbortSignal | undefined;
}

export class JobWindow {
  readonly #options: JobWindowOptions;
  readonly #refusals = new Map<number, number>();
  /** The job to take next, and the first that was not yet added. */
  #next: number;
  #end: number;
  #sureAt = Number.NEGATIVE_INFINITY;
  #workers = 0;

  /** @param next  number of the first job to take. */
  constructor(next: number, options: JobWindowOptions) {
    this.#options = options;
    this.#next = this.#end = next;
  }

  /** Sees to it that so many workers have enough to do. */
  serve(workers: number): void {
    this.#workers = workers;
  }

  /** The server has lost its memory or come back: what should be in the queue is added again where it is not. */
  forget(): void {
    this.#sureAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * The next jobs, one at least, in the order of their numbers; waits for the first of them.
   * @param wanted  jobs that there are to be in all; those of them that the window has room for are added.
   */
  async take(wanted: number): Promise<TakenJob[]> {
    const { signal } = this.#options;
    let pause = shortestPause;
    let lookAt = performance.now() + lookPause;
    for (;;) {
      signal?.throwIfAborted();
      await this.#fill(wanted);
      const taken = await this.#takeThere(await this.#results(this.#next, Math.min(batch, wanted - this.#next)));
      if (taken.length > 0) return taken;
      if (performance.now() >= lookAt) {
        const failed = await this.#lookAfter(this.#next);
        if (failed !== undefined) return [this.#setAside(failed)];
        lookAt = performance.now() + lookPause;
      }
      await sleep(pause, undefined, { signal }).catch(() => signal?.throwIfAborted());
      pause = Math.min(longestPause, pause * 2);
    }
  }

  /** Adds what the window has room for. A job that is there already stays as it is. */
  async #fill(wanted: number): Promise<void> {
    const { queue, store, cut, attempts, jobsAhead } = this.#options;
    const end = Math.min(wanted, this.#next + Math.max(jobsAhead, jobsPerWorker * this.#workers));
    const isSure = performance.now() - this.#sureAt < surePause;
    if (isSure && end <= this.#end) return;
    const done = isSure ? new Set<number>() : new Set((await store.waiting()).jobs);
    const first = isSure ? this.#end : this.#next;
    const jobs = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i).filter((job) => !done.has(job));
    await addJobs(queue, cut, attempts, jobs);
    this.#end = Math.max(this.#end, end);
    if (!isSure) {
      // of jobs that were done a second time after they had been collected
      await store.dropResults([...done].filter((job) => job < this.#next));
      this.#sureAt = performance.now();
    }
  }

  // What is packed is no larger than what it is unpacked.
  async #results(first: number, count: number): Promise<StoredResult[]> {
    const { store, cut, limits } = this.#options;
    return await store.results(first, count, limits.job(cut.range(first)));
  }

  async #takeThere(packed: readonly StoredResult[]): Promise<TakenJob[]> {
    const { cut, labels, limits } = this.#options;
    const taken: TakenJob[] = [];
    for (const each of packed) {
      if (each === undefined) break;
      const job = this.#next;
      const range = cut.range(job);
      try {
        if (isLarge(each)) throw new Error(`Expected at most ${limits.job(range)} bytes, received ${each.bytes}`);
        taken.push({ job, ...range, result: await unpackResult(each, range, labels, limits) });
        this.#next++;
      } catch (error) {
        if (taken.length === 0) taken.push(...(await this.#refuse(job, error as Error)));
        break;
      }
    }
    return taken;
  }

  // A damaged result is made again; one that stays damaged is not worth waiting for.
  async #refuse(job: number, { message }: Error): Promise<TakenJob[]> {
    const { store, queue, cut, attempts } = this.#options;
    const refusals = (this.#refusals.get(job) ?? 0) + 1;
    this.#refusals.set(job, refusals);
    await store.dropResults([job]);
    if (refusals >= mostRefusals) return [this.#setAside(`its results were malformed: ${message.split("\n")[0]}`)];
    await addJobs(queue, cut, attempts, [job]);
    return [];
  }

  // Why the job has failed for good; undefined when it has not. One that is nowhere, as after a restart of a server
  // that had not written it down, is added again.
  async #lookAfter(number: number): Promise<string | undefined> {
    const { queue, cut, attempts } = this.#options;
    const job = await queue.getJob(jobId(number));
    if (job === undefined) {
      const [result] = await this.#results(number, 1);
      if (result === undefined) await addJobs(queue, cut, attempts, [number]);
      return undefined;
    }
    return (await job.isFailed()) ? (job.failedReason ?? "no reason given") : undefined;
  }

  #setAside(reason: string): TakenJob {
    const job = this.#next++;
    return { job, ...this.#options.cut.range(job), result: undefined, reason };
  }
}
