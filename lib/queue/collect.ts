/** The collector: takes what the workers made, in the order of the groups, and writes the dataset that one process would have. */
import type { Queue } from "bullmq";
import { CorrSynthError } from "../errors.js";
import { Selection } from "../run/judge.js";
import { quotaMessage } from "../run/quota-error.js";
import type { Progress } from "../run/report.js";
import type { RunDescription } from "../store/manifest.js";
import { RunDirectory } from "../store/run-directory.js";
import { Collection, type CollectReport } from "./collection.js";
import { CollectorLease } from "./collector-lease.js";
import { connect } from "./connection.js";
import { Intake } from "./intake.js";
import { JobCut, openQueue } from "./jobs.js";
import { queuePackages } from "./packages.js";
import { unpackRecord } from "./record.js";
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
 * Gathers the rows of a run into a run directory as they come, until every label has its number: the rows that one process would
 * have accepted, once each, whatever became of workers, server and collector meanwhile. Adds jobs as they are needed, at most
 * `jobsAhead` before the one to collect next, and removes them all when the dataset is whole; the workers end then.
 * Groups whose job failed for good are left out, and the report lists them.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the directory holds another run, with the differences.
 * @throws {CorrSynthError} CORRSYNTH_QUOTA_NOT_MET when `limits.maxGroups` was too few.
 * @throws {QueueError} CORRSYNTH_QUEUE when the server refuses, knows no such run, or another collector is at work.
 * @throws {StorageError} CORRSYNTH_STORAGE when the directory can no longer be written; and the signal's reason.
 */
export async function collect(options: CollectOptions): Promise<CollectReport> {
  const { queue: url, name, out, signal, onTrouble } = options;
  const packages = await queuePackages();
  const client = await connect(packages, url, { isPatient: true, ...(onTrouble ? { onTrouble } : {}) });
  const directory = await RunDirectory.open(out).catch((error: unknown) => {
    client.disconnect();
    throw error;
  });
  try {
    const store = new QueueStore(client, name);
    const { record, spec } = await unpackRecord(await store.taskOrThrow(), name);
    const description = { ...record.description, task: record.description.task ?? null } satisfies RunDescription;
    directory.check(description);
    const queue = openQueue(packages, client, name);
    const done = directory.done?.report as CollectReport | undefined;
    if (done !== undefined) {
      await finish(store, queue, done); // the collector before this one may have been stopped just here
      return done;
    }
    const lease = await CollectorLease.take(store, out, signal);
    try {
      const selection = await Selection.create(spec, directory.checkpoint);
      const cut = new JobCut(record, spec.limits);
      const labels = spec.labels.map((label) => label.name);
      const group = directory.checkpoint?.groups ?? 0;
      const { attempts, jobsAhead } = record;
      const intake = new Intake(cut.jobOf(group), { queue, store, cut, labels, attempts, jobsAhead, signal });
      client.on("ready", () => intake.forget());
      await directory.begin(description);
      const parts = { ...options, spec, cut, store, lease, directory, selection, intake };
      const report = await new Collection(parts, group, await store.progress()).run();
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
    await directory.close({ state, reason: (error as Error).message }).catch(() => {}); // the first error is the one to tell
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
