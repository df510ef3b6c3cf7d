/** A worker: BullMQ gives it jobs, one after the other, until the dataset is whole or it is told to stop. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Teacher } from "../engine/teacher.js";
import { AbortError, CorrSynthError, InvalidConfigError } from "../errors.js";
import { RowJudge } from "../run/judge.js";
import { makeGroups } from "../run/make-groups.js";
import { prepare } from "../run/prepare.js";
import { modelHashes, versions } from "../store/describe-run.js";
import { differences } from "../store/differences.js";
import type { RunDescription } from "../store/manifest.js";
import { resolveSpec } from "../task/spec.js";
import { connect, refused } from "./connection.js";
import { JobProcessor, type Maker, type WorkEvent } from "./job-processor.js";
import { type ModelPlaces, placed } from "./model-places.js";
import { queuePackages } from "./packages.js";
import { type QueuedTask, unpackTask } from "./queued-task.js";
import { keyPrefix, QueueStore } from "./store.js";

/** Which run to work on, where its models are on this machine, and how it is watched and stopped. */
export interface WorkOptions extends ModelPlaces {
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

/** Milliseconds between two looks whether the dataset is whole; every third time a sign of life is given. */
const beat = 1000;

/** Why a worker ends when the dataset is whole. */
class Finished extends Error {}

/**
 * Works on a run until its dataset is whole. Any number of processes may, on any number of machines: which of them
 * makes a group does not change it. A job whose worker dies is given to another; a server that goes away is waited for.
 * @param teacher  that the run was enqueued with, by SHA-256; so must be the models that the task names beside it.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, before the first job, when model or versions are others, with
 *   both values; with each place of a model that the task does not have.
 * @throws {QueueError} CORRSYNTH_QUEUE when the server refuses, knows no such run, or holds what corrsynth did not
 *   write.
 * @throws the error of the last job when three failed one after the other; and the signal's reason.
 * @example
 * import { collect, enqueue, work } from "corrsynth/queue";
 * const run = { queue: "redis://localhost", name: "worked" };
 * await enqueue(teacher, spec, run);
 * const [{ jobs }] = await Promise.all([work(teacher, run), collect({ ...run, out: "run" })]);
 * console.log(jobs);
 */
export async function work(teacher: Teacher, options: WorkOptions): Promise<Worked> {
  return await workWith(options, async (packed) => {
    const { queued } = await unpackTask(packed, options.name);
    const spec = resolveSpec(placed(queued.spec, options));
    const identity = {
      teacher: { path: teacher.info.path, sha256: await teacher.sha256() },
      inputs: await modelHashes(spec),
      versions: versions(),
    };
    checkWorker(options.name, queued, identity);
    const prepared = await prepare(teacher, spec, { groups: () => queued.groupsPerJob });
    for (const text of prepared.warnings) options.onEvent?.({ type: "warning", text });
    const judge = new RowJudge(prepared, { calibration: queued.calibration });
    return {
      make: (range, signal, onTokens) => makeGroups(teacher, prepared, judge, range, { signal, onTokens }),
      attempts: queued.attempts,
      close: () => prepared.close(),
    };
  });
}

/** How groups are made, and how often a job may be begun. */
interface GroupMaker {
  readonly make: Maker;
  readonly attempts: number;
  /** Lets go of what making them has loaded. */
  readonly close?: (() => Promise<void> | undefined) | undefined;
}

/**
 * `work` with any way to come by groups: a simulation has no teacher.
 * @param makerOf  is given the task as the queue holds it, and refuses what this worker must not make.
 */
export async function workWith(
  options: WorkOptions,
  makerOf: (packed: Buffer) => Promise<GroupMaker>,
): Promise<Worked> {
  const { queue: url, name, signal, onEvent, lockSeconds = 60 } = options;
  const packages = await queuePackages();
  const onTrouble = (reason: string) => onEvent?.({ type: "trouble", reason });
  const client = await connect(packages, url, { isPatient: true, onTrouble });
  const end = new AbortController();
  const abort = () => end.abort(signal?.reason ?? new AbortError());
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  let close: GroupMaker["close"];
  try {
    const store = new QueueStore(client, name);
    const maker = await makerOf(await store.taskOrThrow());
    const { make, attempts } = maker;
    close = maker.close;
    const waitingError = () => new packages.bullmq.WaitingError();
    const processor = new JobProcessor({ store, make, end, waitingError, onEvent });
    if (!end.signal.aborted) {
      const worker = new packages.bullmq.Worker(name, (job, token) => processor.process(job, token), {
        connection: client,
        prefix: keyPrefix,
        // renewed at half this time by a timer, which runs while the engine's own thread decodes
        lockDuration: lockSeconds * 1000,
        stalledInterval: (lockSeconds * 1000) / 2,
        maxStalledCount: attempts,
        runRetryDelay: 1000,
      });
      // of the connection, which tells by itself, or of a job that another worker has by now
      worker.on("error", () => {});
      await signOfLife(processor, store, end);
      const closed = worker.close().catch(() => {});
      await Promise.race([closed, sleep(2000)]); // of a server that is away nothing more can be had
    }
    if (!(end.signal.reason instanceof Finished)) throw end.signal.reason;
    return processor.worked;
  } finally {
    signal?.removeEventListener("abort", abort);
    client.disconnect();
    await close?.();
  }
}

// Shows that the worker is there until it ends, and ends it when the dataset is whole.
async function signOfLife(processor: JobProcessor, store: QueueStore, end: AbortController): Promise<void> {
  const self = { id: randomUUID(), pid: process.pid, host: hostname(), since: new Date().toISOString() };
  for (let beats = 0; !end.signal.aborted; beats++) {
    if (beats % 3 === 0) {
      const { jobs, rows } = processor.worked;
      const sign = { ...self, jobs, rows, tokensPerSecond: processor.tokensPerSecond() };
      await store.signal(sign).catch(() => {}); // the server may be away, and what it lacks then is no harm
    }
    const progress = await store.progress().catch((error: unknown) => {
      const told = refused(error);
      if (told instanceof CorrSynthError) end.abort(told); // no waiting mends what corrsynth did not write
      return undefined;
    });
    if (progress?.isDone) end.abort(new Finished("The dataset is whole"));
    await sleep(beat, undefined, { signal: end.signal }).catch(() => {});
  }
  await Promise.race([store.signOff(self.id).catch(() => {}), sleep(1000)]);
}

/**
 * Makes sure that a process would make the rows of this queue.
 * @param found  its model and versions.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each difference.
 */
function checkWorker(
  name: string,
  { description: { teacher, versions, settings, inputs = {} } }: QueuedTask,
  found: Pick<RunDescription, "teacher" | "versions"> & { readonly inputs: Readonly<Record<string, string>> },
): void {
  // of the files that the task names, its models alone: the others went into the queue
  const models = Object.fromEntries(Object.keys(found.inputs).map((field) => [field, inputs[field] ?? ""]));
  const stored = { settings, teacher, versions, inputs: models };
  const issues = differences(stored, { ...found, settings } as RunDescription);
  for (const field of ["corrsynth", "llamaCpp"]) {
    if (versions[field] === found.versions[field] || issues.some(({ path }) => path === `versions.${field}`)) continue;
    const message = `Expected ${JSON.stringify(versions[field])}, received ${JSON.stringify(found.versions[field])}`;
    issues.push({ path: `versions.${field}`, message });
  }
  if (issues.length === 0) return;
  const expected = `Expected the model and the versions that "${name}" was enqueued with`;
  const message = `${expected}, since others make other rows: this worker takes no job`;
  throw new InvalidConfigError([...issues, { path: "", message }]);
}
