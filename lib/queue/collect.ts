/** The collector: takes what the workers made, in the order of the groups, and writes the dataset of one process. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Queue } from "bullmq";
import { CorrSynthError } from "../errors.js";
import { groupsUntil } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import { groupsFor, rowsMade } from "../run/ledger.js";
import { quotaMessage } from "../run/quota-error.js";
import type { Progress } from "../run/report.js";
import { Selection } from "../run/selection.js";
import type { RunDescription } from "../store/manifest.js";
import { RunDirectory } from "../store/run-directory.js";
import type { ResolvedSpec } from "../task/spec.js";
import { CollectCounts, type CollectReport } from "./collect-report.js";
import { CollectorLease } from "./collector-lease.js";
import { connect, refused } from "./connection.js";
import { JobWindow, type TakenJob } from "./job-window.js";
import { JobCut, openQueue } from "./jobs.js";
import { queuePackages } from "./packages.js";
import { unpackTask } from "./queued-task.js";
import { resultLimits } from "./result-limits.js";
import { QueueStore } from "./store.js";

/** Which run to collect, where to, and how it is watched and stopped. */
export interface CollectOptions {
  /** redis://[user:password@]host[:port][/database], or rediss:// for TLS. */
  readonly queue: string;
  readonly name: string;
  /** The run directory: new, empty, or with a part of this run, behind which it goes on. */
  readonly out: string;
  readonly signal?: AbortSignal | undefined;
  /** Called about once a second, and at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when groups are set aside, and when the server is away. */
  readonly onTrouble?: ((reason: string) => void) | undefined;
}

/**
 * Milliseconds between two progress reports, between two counts of the workers, and before what failed is tried again.
 */
const reportPause = 1000;
const countPause = 10_000;
const retryPause = 1000;

/**
 * Gathers the rows of a run into a run directory as they come, until every label has its number: the rows that one
 * process would have accepted, once each, whatever became of workers, server and collector meanwhile. Adds jobs as they
 * are needed, at most `jobsAhead` before the one to collect next, and removes them all when the dataset is whole; the
 * workers end then. Groups whose job failed for good are left out, and the report lists them.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the directory holds another run, with the differences.
 * @throws {HeldError} CORRSYNTH_HELD when another process writes to the directory.
 * @throws {CorrSynthError} CORRSYNTH_QUOTA_NOT_MET when `limits.maxGroups` was too few.
 * @throws {QueueError} CORRSYNTH_QUEUE when the server refuses, knows no such run, or another collector is at work.
 * @throws {StorageError} CORRSYNTH_STORAGE when the directory can no longer be written; and the signal's reason.
 * @example
 * import { collect, enqueue, work } from "corrsynth/queue";
 * const run = { queue: "redis://localhost", name: "collected" };
 * await enqueue(teacher, spec, run);
 * const [report] = await Promise.all([collect({ ...run, out: "run" }), work(teacher, run)]);
 * console.log(report.labels);
 */
export async function collect(options: CollectOptions): Promise<CollectReport> {
  const { queue: url, name, out, signal, onTrouble } = options;
  const packages = await queuePackages();
  const client = await connect(packages, url, { isPatient: true, ...(onTrouble ? { onTrouble } : {}) });
  const directory = await RunDirectory.open(out, { waiting: { signal, onWait: onTrouble } }).catch((error: unknown) => {
    client.disconnect();
    throw error;
  });
  try {
    const store = new QueueStore(client, name);
    const { queued, spec } = await unpackTask(await store.taskOrThrow(), name);
    const description = { ...queued.description, task: queued.description.task ?? null } satisfies RunDescription;
    directory.check(description);
    const queue = openQueue(packages, client, name);
    const done = directory.doneFor(description)?.report as CollectReport | undefined;
    if (done !== undefined) {
      await finish(store, queue, done); // the collector before this one may have been stopped just here
      return done;
    }
    const lease = await CollectorLease.take(store, out, signal);
    try {
      const selection = await Selection.create(spec, directory.checkpoint);
      const cut = new JobCut(queued, spec.limits);
      const labels = spec.labels.map((label) => label.name);
      const group = directory.checkpoint?.groups ?? 0;
      const { attempts, jobsAhead } = queued;
      const jobs = new JobWindow(cut.jobOf(group), {
        ...{ queue, store, cut, labels, limits: resultLimits(spec), attempts, jobsAhead, signal },
      });
      client.on("ready", () => jobs.forget());
      await directory.begin(description);
      // what no collector wrote is overwritten with the first report
      const earlier = await store.progress().catch((error: Error) => void onTrouble?.(error.message));
      const counts = new CollectCounts(spec, selection, group, earlier ?? undefined);
      const report = await new Collector(
        { ...options, spec, cut, store, lease, directory, selection, jobs, counts },
        group,
      ).run();
      if (!report.quotaMet) {
        const message = quotaMessage(spec, report.labels);
        await directory.close({ state: "incomplete", report, reason: message });
        throw new CorrSynthError("CORRSYNTH_QUOTA_NOT_MET", message);
      }
      await directory.close({ state: "done", report });
      await finish(store, queue, report);
      return report;
    } finally {
      await lease.release().catch(() => {}); // it runs out by itself
      await queue.close();
    }
  } catch (error) {
    const state = signal?.aborted ? "stopped" : "failed";
    const { message: reason } = error as Error;
    await directory.close({ state, reason }).catch(() => {}); // the first error is the one to tell
    throw error;
  } finally {
    await directory.release();
    client.disconnect();
  }
}

// Tells the workers, and lets go of all that nobody needs any more.
async function finish(store: QueueStore, queue: Queue, { labels, groups, setAside }: CollectReport): Promise<void> {
  const at = new Date().toISOString();
  await store.finish({ labels, groups, nextJob: 0, setAside: [...setAside], rowsPerSecond: 0, at, isDone: true });
  await queue.obliterate({ force: true });
}

interface Parts extends Pick<CollectOptions, "signal" | "onProgress" | "onTrouble"> {
  readonly spec: ResolvedSpec;
  readonly cut: JobCut;
  readonly store: QueueStore;
  readonly lease: CollectorLease;
  readonly directory: RunDirectory;
  readonly selection: Selection;
  readonly jobs: JobWindow;
  readonly counts: CollectCounts;
}

/** One collection in progress: from the jobs that come, in order, to rows that are safe. */
class Collector {
  readonly #parts: Parts;
  /** Number of the group to take next. */
  #group: number;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #countedAt = Number.NEGATIVE_INFINITY;
  /** Signs of life that are none, as told last. */
  #malformed = 0;

  /** @param group  number of the first group that the directory does not have. */
  constructor(parts: Parts, group: number) {
    this.#parts = parts;
    this.#group = group;
  }

  /** Collects until every label has its number or no group is left. */
  async run(): Promise<CollectReport> {
    const { directory, selection, cut, spec, jobs, store, counts, onProgress } = this.#parts;
    await this.#report(cut.jobOf(this.#group)); // from where on results count, which workers must know
    while (!selection.done && this.#group < spec.limits.maxGroups) {
      const taken = await this.#persist(() => jobs.take(this.#wanted()));
      for (const job of taken) await this.#take(job);
      await directory.flush();
      await this.#persist(() => store.dropResults(taken.map(({ job }) => job)));
      await this.#report(taken.at(-1)!.job + 1);
    }
    onProgress?.(counts.progress());
    return counts.report();
  }

  async #take(job: TakenJob): Promise<void> {
    const { directory, selection, counts, onTrouble } = this.#parts;
    const { first, count, result, reason = "no reason given" } = job;
    if (result === undefined) {
      counts.setAside(job, reason);
      onTrouble?.(`groups ${first} to ${first + count - 1} are set aside: ${reason}`);
    }
    counts.addTokens(result?.tokens ?? 0);
    for (const group of result?.groups ?? []) {
      if (group.group < this.#group) continue; // committed before the collector was stopped
      if (selection.done) break;
      const selected = await selection.take(group);
      counts.addGroup(selected.instances.length);
      await directory.commit(selected);
    }
    this.#group = first + count;
  }

  /** Jobs that the dataset will take, as far as its rows so far show: at least the next one. */
  #wanted(): number {
    const { cut, selection, spec, counts } = this.#parts;
    const repeat = methodRepeat(spec.method);
    const turns = selection
      .counts()
      .map((count) => groupsFor(count.wanted, { good: count.accepted + count.surplus, made: rowsMade(count) }, repeat));
    const needed = turns.map((each) => groupsUntil(each, spec));
    const skipped = this.#group - counts.groups;
    return Math.max(cut.jobOf(this.#group) + 1, cut.jobsFor(Math.max(...needed) + skipped));
  }

  // What the server says no to while it restarts or is full is tried again, as long as it takes.
  async #persist<Result>(action: () => Promise<Result>): Promise<Result> {
    const { signal, lease, jobs, onTrouble } = this.#parts;
    for (;;) {
      lease.check();
      try {
        return await action();
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        const told = refused(error);
        if (told instanceof CorrSynthError) throw told;
        onTrouble?.((error as Error).message);
        jobs.forget();
        await sleep(retryPause, undefined, { signal }).catch(() => signal?.throwIfAborted());
      }
    }
  }

  async #report(nextJob: number): Promise<void> {
    if (performance.now() - this.#reportedAt < reportPause) return;
    this.#reportedAt = performance.now();
    const { store, counts, jobs, onProgress, onTrouble } = this.#parts;
    const progress = counts.forQueue(nextJob);
    await this.#persist(() => store.putProgress(progress));
    onProgress?.(counts.progress(progress.rowsPerSecond));
    if (performance.now() - this.#countedAt < countPause) return;
    this.#countedAt = performance.now();
    const { signs, malformed } = await this.#persist(() => store.workers());
    jobs.serve(signs.length);
    if (malformed > this.#malformed) {
      onTrouble?.(`${malformed} signs of life in the queue are none that a worker gives: they do not count`);
    }
    this.#malformed = malformed;
  }
}
