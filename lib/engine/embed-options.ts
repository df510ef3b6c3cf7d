/** How texts are embedded: the options, checked and with their defaults. */
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { VectorCache } from "../vector-cache/cache.js";
import { defaultThreads } from "./threads.js";

/** How the states of a text's tokens become one vector. */
export type Pooling = "mean" | "cls" | "last";

const poolings: readonly string[] = ["mean", "cls", "last"] satisfies readonly Pooling[];

/** How texts are embedded. */
export interface EmbedOptions {
  /**
   * "mean": over the states of all tokens; "cls": that of the first token; "last": that of the last, in a model that
   * writes the only one that has seen the whole text. Default the model's own, `info.pooling`.
   */
  readonly pooling?: Pooling | undefined;
  /** Tokens of a text that are read, from its start: integer ≥ 1, default 512; at most `info.contextTrain` are. */
  readonly maxTokens?: number | undefined;
  /** CPU threads: 1..512, default one for each core. */
  readonly threads?: number | undefined;
  /**
   * Where vectors are looked for before they are computed, and kept after; default none: a library writes no files that it
   * was not asked for.
   */
  readonly cache?: VectorCache | undefined;
  /** Stops between batches; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the texts done so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * What the addon is told.
 * @param model What is known of it: beyond the tokens that it was trained for it reads nothing that it understands.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range, what is no list of texts, or a blank
 *   text.
 */
export function resolveEmbed(
  texts: readonly string[],
  options: EmbedOptions,
  model: { readonly contextTrain: number; readonly pooling: Pooling },
) {
  const { pooling = model.pooling, maxTokens = 512, threads = defaultThreads() } = options;
  const issues: ConfigIssue[] = [];
  const add = (path: string, expected: string, received: unknown) =>
    issues.push({ path, message: `Expected ${expected}, received ${JSON.stringify(received)}` });
  if (!poolings.includes(pooling)) add("pooling", '"mean", "cls" or "last"', pooling);
  if (!Number.isInteger(maxTokens) || maxTokens < 1) add("maxTokens", "an integer of at least 1", maxTokens);
  if (!Number.isInteger(threads) || threads < 1 || threads > 512) add("threads", "an integer of 1..512", threads);
  if (!Array.isArray(texts)) add("texts", "a list of texts", texts);
  const given: readonly unknown[] = Array.isArray(texts) ? texts : [];
  const wrong = given.findIndex((text) => typeof text !== "string" || text.trim() === "");
  if (wrong >= 0) add(`texts[${wrong}]`, "a text that is not blank", given[wrong]);
  if (issues.length > 0) throw new InvalidConfigError(issues);
  return { pooling, maxTokens: Math.min(maxTokens, model.contextTrain), threads };
}
