/** Makes given groups and nothing else: what a worker does with a job. */

import { withResolvers } from "../engine/generation.js";
import type { Teacher } from "../engine/teacher.js";
import type { RowFilters } from "../filters/acceptance.js";
import type { FinishedGroup } from "./checkpoint.js";
import type { Prepared } from "./prepare.js";
import { Production } from "./production.js";

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
  filters: RowFilters,
  { first, count }: { readonly first: number; readonly count: number },
  { signal, onTokens }: MakeOptions = {},
): Promise<FinishedGroup[]> {
  signal?.throwIfAborted();
  const groups: FinishedGroup[] = [];
  const { promise: failed, reject } = withResolvers<never>();
  failed.catch(() => {}); // raced below
  const goal = { start: 0, number: (n: number) => first + n, isNeeded: (n: number) => n < count };
  const production = new Production(teacher, prepared, filters, goal, {
    isBehind: () => false,
    group: (group) => groups.push(group),
    progress: ({ generatedTokens }) => onTokens?.(generatedTokens),
    warning: () => {}, // the worker says it once, from what prepare found
    error: reject,
  });
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort);
  try {
    const { generatedTokens } = await Promise.race([production.ended, failed]);
    onTokens?.(generatedTokens);
    return groups;
  } finally {
    signal?.removeEventListener("abort", abort);
    production.stop();
    await production.ended.catch(() => {}); // its thread must have left the model
  }
}
