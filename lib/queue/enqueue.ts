/** Puts a task into a queue, with its seeds and contexts, and the first of its jobs. */

import { show } from "../checks/nearest.js";
import type { Teacher } from "../engine/teacher.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { labelSpan } from "../methods/label-sets.js";
import { readSource } from "../prompt/seeds.js";
import { withTemplateText } from "../prompt/template-file.js";
import { checkCalibration } from "../run/checkpoint.js";
import { planOf } from "../run/plan.js";
import { type Prepared, prepare } from "../run/prepare.js";
import { portableIssues } from "../run/shard.js";
import { describeRun } from "../store/describe-run.js";
import { differences } from "../store/differences.js";
import type { ReadSource } from "../task/seed-source.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { connect } from "./connection.js";
import { addJobs, JobCut, openQueue } from "./jobs.js";
import { queuePackages } from "./packages.js";
import { packTask, type QueuedTask, unpackTask } from "./queued-task.js";
import { checkName, QueueStore } from "./store.js";

/** Where a task goes, and how it is cut. */
export interface EnqueueOptions {
  /** redis://[user:password@]host[:port][/database], or rediss:// for TLS. */
  readonly queue: string;
  /** Of the run: 1 to 64 letters, digits, dots, dashes and underscores. */
  readonly name: string;
  /**
   * How workers find the teacher: "demo", hf:…, or a path that is the same on all machines; default the path of this
   * one.
   */
  readonly teacher?: string | undefined;
  /** The task as the person wrote it, for the manifest; default `spec`. */
  readonly written?: unknown;
  /**
   * Groups of a job: integer ≥ 1. Default as many as this machine makes in some thirty seconds, of a small task fewer.
   */
  readonly groupsPerJob?: number | undefined;
  /**
   * Jobs that may be done before the first of them is collected, which bounds the server's memory: integer ≥ 1, default
   * 1,000; the collector allows four for each worker, where that is more.
   */
  readonly jobsAhead?: number | undefined;
  /** Times that a job is begun before it is set aside: integer ≥ 1, default 5. A worker that dies counts. */
  readonly attempts?: number | undefined;
}

/**
 * What was enqueued.
 * @inline
 */
export interface Enqueued {
  /** False where the same task was there under this name: nothing was added then. */
  readonly isNew: boolean;
  readonly groupsPerJob: number;
  /** Jobs that the dataset takes when every row is accepted. */
  readonly jobs: number;
}

/** Seconds of a job, about. */
const jobSeconds = 30;
/** Jobs that even a small task is cut into, where it has the groups. */
const fewestJobs = 32;
/** Rows of a job at most, so that what it comes to stays small. */
const mostRows = 10_000;

/**
 * Puts a task into a queue, for {@link work} and {@link collect}. Everything that can be wrong with it is found here.
 * Seeds and contexts are read once and go along, so that workers need none of the files. The same task under the same
 * name a second time adds nothing, whether it was cut in the same way or not; only `limits.maxGroups` is taken over.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field; with each difference when another task
 *   has the name.
 * @throws {QueueError} CORRSYNTH_QUEUE when the server cannot be reached.
 * @throws {BindingError} CORRSYNTH_BINDING when bullmq or ioredis is not installed.
 * @throws As the first instance of `synthesize` would.
 * @example
 * import { enqueue } from "corrsynth/queue";
 * const { isNew, jobs } = await enqueue(teacher, spec, { queue: "redis://localhost", name: "definitions" });
 * console.log(isNew, jobs);
 */
export async function enqueue(teacher: Teacher, spec: SynthesisSpec, options: EnqueueOptions): Promise<Enqueued> {
  const { queue: url, name, jobsAhead = 1000, attempts = 5 } = options;
  checkName(name);
  const settings = resolveSpec(spec);
  const issues = [...portableIssues(settings), ...sizeIssues({ ...options, jobsAhead, attempts })];
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const packages = await queuePackages();
  const client = await connect(packages, url);
  let prepared: Prepared | undefined;
  try {
    const store = new QueueStore(client, name);
    const sources = await readSources(settings);
    const ready = await prepare(teacher, { ...settings, ...sources });
    prepared = ready;
    checkCalibration(ready.check, undefined, false);
    const seeds = sources.seeds && { from: sources.seeds, tooLong: settings.longSeeds };
    const contexts = sources.contexts && { from: sources.contexts, ...settings.contextDeal };
    const read = { ...(seeds ? { seeds } : {}), ...(contexts ? { contexts } : {}) };
    const given = { ...spec, ...read, ...(await withTemplateTexts(spec)) };
    const named = byPath(sources);
    const written = options.written ?? plain({ ...spec, ...named });
    const description = await describeRun(teacher, { ...settings, ...named }, written, new Date());
    const { queued, isNew } = await put(store, async (stored) => {
      if (stored !== undefined) checkSame(name, differences(stored.description, description));
      const size = stored?.groupsPerJob ?? options.groupsPerJob;
      const calibration = stored?.calibration ?? (await ready.check?.calibrate());
      return {
        format: 1,
        teacher: options.teacher ?? teacher.info.path,
        spec: plain(given),
        description: { ...description, started: stored?.description.started ?? description.started },
        groupsPerJob: size ?? (await jobSize(teacher, ready)),
        jobsAhead: stored?.jobsAhead ?? jobsAhead,
        attempts: stored?.attempts ?? attempts,
        ...(calibration === undefined
          ? {}
          : { calibration: { ...calibration, constants: [...calibration.constants] } }),
      };
    });
    const cut = new JobCut(queued, settings.limits);
    const jobs = cut.jobsFor(ready.groupsNeeded);
    if (isNew) {
      const queue = openQueue(packages, client, name);
      const first = Array.from({ length: Math.min(jobs, queued.jobsAhead) }, (_, job) => job);
      await addJobs(queue, cut, queued.attempts, first);
      await queue.close();
    }
    return { isNew, groupsPerJob: queued.groupsPerJob, jobs };
  } finally {
    await prepared?.close();
    client.disconnect();
  }
}

/** What the task names as its seeds and contexts, read once. */
type Sources = Readonly<Partial<Record<"seeds" | "contexts", ReadSource>>>;

async function readSources({ seeds, contexts }: ResolvedSpec): Promise<Sources> {
  return {
    ...(seeds === undefined ? {} : { seeds: await readSource(seeds, "seeds") }),
    ...(contexts === undefined ? {} : { contexts: await readSource(contexts, "contexts") }),
  };
}

// No worker reads a file of templates.
async function withTemplateTexts({ prompt, amateur, guide }: SynthesisSpec) {
  const inlined = async (second: SynthesisSpec["amateur"]) =>
    typeof second === "object" ? await withTemplateText(second) : second;
  return {
    prompt: await withTemplateText(prompt),
    ...(amateur === undefined ? {} : { amateur: await inlined(amateur) }),
    ...(guide === undefined ? {} : { guide: await inlined(guide) }),
  };
}

// As a manifest has them: a file by its path, beside its hash; what is no file with all that is in it.
function byPath(sources: Sources): Partial<Record<keyof Sources, string | ReadSource>> {
  return Object.fromEntries(Object.entries(sources).map(([field, source]) => [field, source.path ?? source]));
}

// Puts there what `make` makes of the task that is there, if any; once more where somebody else has put one meanwhile.
async function put(
  store: QueueStore,
  make: (stored: QueuedTask | undefined) => Promise<QueuedTask>,
): Promise<{ readonly queued: QueuedTask; readonly isNew: boolean }> {
  for (;;) {
    const before = await store.task();
    const stored = before === undefined ? undefined : (await unpackTask(before, store.name)).queued;
    const queued = await make(stored);
    if (await store.putTask(await packTask(queued), before)) return { queued, isNew: stored === undefined };
  }
}

function plain(spec: SynthesisSpec): SynthesisSpec {
  const text = JSON.stringify(spec, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  return JSON.parse(text) as SynthesisSpec;
}

function sizeIssues(sizes: Pick<EnqueueOptions, "groupsPerJob" | "jobsAhead" | "attempts">): ConfigIssue[] {
  return (["groupsPerJob", "jobsAhead", "attempts"] as const).flatMap((path) => {
    const value = sizes[path];
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return [];
    return [{ path, message: `Expected an integer of at least 1, received ${show(value)}` }];
  });
}

function checkSame(name: string, found: readonly ConfigIssue[]): void {
  if (found.length === 0) return;
  const advice = "undo the changes above, or choose another name";
  const message = `Expected the task that was enqueued as "${name}", received another: ${advice}`;
  throw new InvalidConfigError([...found, { path: "", message }]);
}

async function jobSize(teacher: Teacher, prepared: Prepared): Promise<number> {
  const { shape, spec } = prepared;
  const { groups, seconds } = await planOf(teacher, prepared);
  const span = labelSpan(spec.engine);
  const ofTime = Math.round((jobSeconds * groups) / Math.max(seconds, 1e-3));
  const size = Math.max(1, Math.min(ofTime, Math.floor(groups / fewestJobs), Math.floor(mostRows / shape.generating)));
  return size < span ? size : size - (size % span); // groups that share prompts stay together
}
