/** Starts a run, whatever its goal, and sees to it that it ends: when it is done, left, stopped, or has failed. */

import { withResolvers } from "../engine/generation.js";
import type { Teacher } from "../engine/teacher.js";
import { AbortError } from "../errors.js";
import type { Instance } from "../instance.js";
import type { ResolvedSpec } from "../task/spec.js";
import { unlessAborted } from "./abort.js";
import { checkCalibration } from "./checkpoint.js";
import type { Goal } from "./goal.js";
import { checkOptions, type RunOptions } from "./options.js";
import { type Prepared, prepare } from "./prepare.js";
import { quotaError } from "./quota-error.js";
import type { Report } from "./report.js";
import { Session } from "./session.js";

/**
 * A run: iterate over it once for its instances; it starts with the first one asked for. One that is neither finished
 * nor left, and that nobody holds any more, ends when the garbage collector finds it; to end it at once, leave the loop
 * or use a signal.
 */
export interface Run<Label extends string = string> extends AsyncIterable<Instance<Label>> {
  /**
   * Settles when the iteration has: with the report when all instances were yielded or the loop was left early, or with
   * what stopped the run.
   */
  readonly finished: Promise<Report<Label>>;
  /** The task with every default filled in. */
  readonly spec: ResolvedSpec;
}

/** What makes a run the one that it is. */
export interface RunParts {
  /** Groups at most that the run may come to, when every instance is accepted; default those of the whole dataset. */
  readonly groups?: (prepared: Pick<Prepared, "groupsNeeded">) => number;
  readonly goal: (prepared: Prepared) => Promise<Goal>;
  /** The run makes some groups only, so that there need not be first rows to calibrate a label check by. */
  readonly isPart?: boolean;
}

/**
 * @param spec  a sound task; nothing else has been looked at.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for options that are none.
 */
export function startRun(teacher: Teacher, spec: ResolvedSpec, parts: RunParts, options: RunOptions): Run {
  checkOptions(options);
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
  options: RunOptions,
  finish: (report: Report) => void,
  fail: (error: unknown) => void,
): AsyncGenerator<Instance, void, undefined> {
  const { signal } = options;
  let session: Session | undefined;
  let prepared: Prepared | undefined;
  try {
    prepared = await unlessAborted(signal, () => prepare(teacher, spec, parts));
    checkCalibration(prepared.check, options.resume, parts.isPart !== true);
    const goal = await unlessAborted(signal, () => parts.goal(prepared!));
    session = new Session(teacher, prepared, goal, options);
    yield* session.instances();
    const report = session.report();
    if (!report.quotaMet) throw quotaError(spec, report);
    finish(report);
  } catch (error) {
    session?.stop(error);
    await session?.handOverRest();
    fail(error);
    throw error;
  } finally {
    await session?.close();
    await prepared?.close();
    if (session) finish(session.report()); // the loop was left early; else already settled
  }
}
