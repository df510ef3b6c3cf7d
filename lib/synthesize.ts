/** The front door: a task in, labelled instances out, one at a time. */
import { AbortError } from "./errors.js";
import { Acceptance, comparesRows } from "./filters/acceptance.js";
import { remedy } from "./filters/reasons.js";
import { withResolvers } from "./generation.js";
import { type Checkpoint, checkCheckpoint, type FinishedGroup, readAccepted } from "./run/checkpoint.js";
import type { Instance } from "./run/instance.js";
import { type LabelTally, reasonCounts } from "./run/ledger.js";
import { prepare } from "./run/prepare.js";
import { QuotaError } from "./run/quota-error.js";
import type { Progress, Report } from "./run/report.js";
import { Session } from "./run/session.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "./task/spec.js";
import type { Teacher } from "./teacher.js";

/** How a run is watched and stopped. */
export interface RunOptions {
  /** Stops the run between two operations of a decode; iteration and `finished` then reject with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most about ten times a second, and once at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Called with each group, in the order of their numbers, when all its instances were taken; a promise is waited for before
   * the next instance comes. When the run is stopped or fails, the groups that had finished are handed over before it rejects,
   * whether their instances were taken or not. An error that it throws stops the run.
   *
   * Who keeps what it is given, durably and in order, can go on from there with `resume`.
   */
  readonly onGroup?: ((group: FinishedGroup) => void | Promise<void>) | undefined;
  /**
   * Goes on where an earlier run of the same task and teacher was stopped: only what is missing is generated and yielded.
   * With `engine.reproducible` both parts together are the dataset that one run would have given. Without, rows share batches
   * with other rows than they would have, so that single tokens can differ; counts are exact all the same. Where duplicates are
   * rejected, as they are by default, the checkpoint must have the rows that were accepted: what comes is compared with them too.
   */
  readonly resume?: Checkpoint | undefined;
}

/** A run: iterate over it once for its instances; it starts with the first one asked for. */
export interface Run extends AsyncIterable<Instance> {
  /**
   * Settles when the iteration has: with the report when all instances were yielded or the loop was left early, or with
   * what stopped the run.
   */
  readonly finished: Promise<Report>;
  /** The task with every default filled in. */
  readonly spec: ResolvedSpec;
}

/**
 * Synthesises a labelled dataset.
 *
 * Rows are judged by the filters of the task in the order of their groups; those that are rejected are made up for by further
 * groups, and the report counts them by label and reason. A good row of a label that is full is surplus: it is dropped, and later
 * rows are not compared with it.
 *
 * A slow consumer slows the engine; memory stays flat, but for about 1 KB an instance by which its duplicates are known. The same task, seed and teacher give the same instances in the
 * same order on the same machine, whatever else the program does meanwhile.
 *
 * @param spec What to synthesise, see {@link SynthesisSpec} for fields and defaults.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG at once, with every wrong field, `resume` included. What only the seeds
 *   or the model can show (no seeds for a label, a prompt that does not fit) rejects the iteration before its first instance.
 * @throws {QuotaError} CORRSYNTH_QUOTA_NOT_MET after the last instance, when `limits.maxGroups` was too few; the error has the
 *   report.
 * @example
 * const run = synthesize(teacher, {
 *   labels: { animal: "an animal", plant: "a plant" },
 *   prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
 *   method: cross(), count: 10, sampling: { stop: ["\n"], maxTokens: 48, seed: 7 },
 * });
 * for await (const { label, text } of run) console.log(label, text);
 * console.log((await run.finished).tokensPerSecond);
 */
export function synthesize(teacher: Teacher, spec: SynthesisSpec, options: RunOptions = {}): Run {
  const resolved = resolveSpec(spec);
  if (options.resume !== undefined) checkCheckpoint(options.resume, resolved.count, comparesRows(resolved));
  const { promise: finished, resolve, reject } = withResolvers<Report>();
  finished.catch(() => {}); // the iteration throws the same
  const instances = leavable(iterate(teacher, resolved, options, resolve, reject), reject);
  return { spec: resolved, finished, [Symbol.asyncIterator]: () => instances };
}

// A generator that is left before its first step runs nothing of itself, so `finished` is settled here.
function leavable(
  instances: AsyncGenerator<Instance, void, undefined>,
  fail: (error: unknown) => void,
): AsyncIterator<Instance, void, undefined> {
  let started = false;
  return {
    next: () => {
      started = true;
      return instances.next();
    },
    return: async () => {
      if (!started) fail(new AbortError("The run was left before it began"));
      return instances.return();
    },
  };
}

async function* iterate(
  teacher: Teacher,
  spec: ResolvedSpec,
  { signal, ...options }: RunOptions,
  finish: (report: Report) => void,
  fail: (error: unknown) => void,
): AsyncGenerator<Instance, void, undefined> {
  let session: Session | undefined;
  const abort = () => session?.stop(reasonOf(signal));
  try {
    throwIfAborted(signal);
    const prepared = await prepare(teacher, spec);
    const acceptance = new Acceptance(spec, prepared.sources, prepared.template);
    if (options.resume && comparesRows(spec)) await readAccepted(options.resume, (text) => acceptance.remember(text));
    throwIfAborted(signal);
    session = new Session(teacher, prepared, acceptance, options);
    signal?.addEventListener("abort", abort);
    yield* session.instances();
    const report = session.report();
    if (!report.quotaMet) throw quotaError(spec, report);
    finish(report);
  } catch (error) {
    session?.stop(error);
    await session?.handOver().catch(() => {}); // the first error is the one to tell
    fail(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
    session?.stop();
    await session?.closed();
    if (session) finish(session.report()); // the loop was left early; else already settled
  }
}

function reasonOf(signal: AbortSignal | undefined): unknown {
  return signal?.reason ?? new AbortError();
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw reasonOf(signal);
}

function quotaError(spec: ResolvedSpec, report: Report): QuotaError {
  const missing = Object.entries(report.labels).filter(([, { wanted, accepted }]) => accepted < wanted);
  const counts = missing.map(([name, { wanted, accepted, rejected }]) => {
    const reasons = reasonCounts(rejected);
    return `${name} ${accepted} of ${wanted}${reasons === "" ? "" : ` (rejected: ${reasons})`}`;
  });
  const worst = mostFrequentReason(missing.map(([, tally]) => tally));
  const message =
    `Expected every label to have its number within ${spec.limits.maxGroups} groups, received ${counts.join("; ")}: ` +
    `raise "limits.maxGroups"${worst === undefined ? "" : `, or, since most rows were rejected as ${worst}: ${remedy(worst)}`}`;
  return new QuotaError(message, report);
}

// Over all labels that lack instances.
function mostFrequentReason(labels: readonly LabelTally[]): string | undefined {
  const sums = new Map<string, number>();
  for (const { rejected } of labels) {
    for (const [reason, count] of Object.entries(rejected)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return [...sums].sort(([, a], [, b]) => b - a)[0]?.[0];
}
