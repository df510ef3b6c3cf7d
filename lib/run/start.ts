/** Starts a run, whatever its goal, and sees to it that it ends: when it is done, left, stopped, or has failed. */

import { withResolvers } from "../engine/generation.js";
import type { Teacher } from "../engine/teacher.js";
import { AbortError } from "../errors.js";
import type { Instance } from "../instance.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { Checkpoint, FinishedGroup } from "./checkpoint.js";
import type { Goal } from "./goal.js";
import { type Prepared, prepare } from "./prepare.js";
import type { Progress, Report } from "./report.js";
import { Session } from "./session.js";

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

/** What makes a run the one that it is. */
export interface RunParts {
  /** Groups at most that the run may come to, when every instance is accepted; default those of the whole dataset. */
  readonly groups?: (prepared: Pick<Prepared, "groupsNeeded">) => number;
  readonly goal: (prepared: Prepared) => Promise<Goal>;
  /** What the run throws when it ends with its goal not reached. */
  readonly failure: (report: Report) => Error;
}

/** @param spec  a sound task; nothing else has been looked at. */
export function startRun(teacher: Teacher, spec: ResolvedSpec, parts: RunParts, options: RunOptions): Run {
  const { promise: finished, resolve, reject } = withResolvers<Report>();
  finished.catch(() => {}); // the iteration throws the same
  const instances = leavable(iterate(teacher, spec, parts, options, resolve, reject), reject);
  return { spec, finished, [Symbol.asyncIterator]: () => instances };
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
  parts: RunParts,
  { signal, ...options }: RunOptions,
  finish: (report: Report) => void,
  fail: (error: unknown) => void,
): AsyncGenerator<Instance, void, undefined> {
  let session: Session | undefined;
  const abort = () => session?.stop(reasonOf(signal));
  try {
    throwIfAborted(signal);
    const prepared = await prepare(teacher, spec, parts);
    const goal = await parts.goal(prepared);
    throwIfAborted(signal);
    session = new Session(teacher, prepared, goal, options);
    signal?.addEventListener("abort", abort);
    yield* session.instances();
    const report = session.report();
    if (!report.quotaMet) throw parts.failure(report);
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
