/** Makes given groups and nothing else: for a worker's job, and for a plan or a preview to see what there will be. */

import type { NativeCounters, NativeGenerationOptions } from "../engine/binding.js";
import { withResolvers } from "../engine/generation.js";
import type { Teacher } from "../engine/teacher.js";
import { unlessAborted } from "./abort.js";
import type { FinishedGroup } from "./checkpoint.js";
import type { RowJudge } from "./judge.js";
import type { Prepared } from "./prepare.js";
import { Producer } from "./producer.js";
import type { ProducerEvents } from "./producer-events.js";

/** Consecutive groups. */
interface GroupRange {
  /** Number of the first. */
  readonly first: number;
  readonly count: number;
}

/** How it is watched and stopped. */
export interface MakeOptions {
  /** Stops between two operations of a decode; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most about ten times a second, and at the end, with the tokens generated so far. */
  readonly onTokens?: ((tokens: number) => void) | undefined;
}

/**
 * Generates groups first to first + count − 1, in the order of their numbers, after the row filters.
 * @throws what stopped the engine, or a prompt that does not fit.
 */
export async function makeGroups(
  teacher: Teacher,
  prepared: Prepared,
  judge: RowJudge,
  range: GroupRange,
  options: MakeOptions = {},
): Promise<FinishedGroup[]> {
  const groups: FinishedGroup[] = [];
  const events = {
    isHeld: () => judge.isHeld,
    release: () => judge.release(),
    judge: (...made: Parameters<RowJudge["judge"]>) => judge.judge(...made),
    take: (group: FinishedGroup) => void groups.push(group),
  };
  await produce(teacher, prepared, range, events, options);
  return groups;
}

/** What making groups took. */
export interface Produced {
  readonly counters: NativeCounters;
  /** Of each copy of the teacher: smaller than was prepared where the device had not the memory. */
  readonly contexts: readonly NativeGenerationOptions["context"][];
  /** What a person should know beside what was known before. */
  readonly warnings: readonly string[];
}

/** Whoever makes groups to see how fast, and not what they come to. */
export const unseen = { judge: async () => {}, take: () => {} };

/**
 * Generates groups first to first + count − 1 and hands them over in the order of their numbers.
 * @throws as {@link makeGroups}, and what `events` throw.
 */
export async function produce<Judged>(
  teacher: Teacher,
  prepared: Prepared,
  { first, count }: GroupRange,
  events: Pick<ProducerEvents<Judged>, "judge" | "isHeld" | "release" | "take">,
  { signal, onTokens }: MakeOptions = {},
): Promise<Produced> {
  const warnings: string[] = [];
  const { promise: ended, resolve, reject } = withResolvers<NativeCounters>();
  const goal = {
    start: 0,
    number: (n: number) => first + n,
    isNeeded: (n: number) => n < count,
    isSettled: () => true,
    lacking: () => undefined,
  };
  let producer: Producer<Judged> | undefined;
  const start = () => {
    producer = new Producer(teacher, prepared, goal, {
      ...events,
      isBehind: () => false,
      progress: ({ generatedTokens }) => onTokens?.(generatedTokens),
      warning: (text) => warnings.push(text),
      ended: (end) => ("error" in end ? reject(end.error) : resolve(end.counters)),
      error: reject,
    });
    return ended;
  };
  try {
    const counters = await unlessAborted(signal, async () => await start());
    onTokens?.(counters.generatedTokens);
    return { counters, contexts: producer!.generation.contexts, warnings };
  } finally {
    await producer?.close();
  }
}
