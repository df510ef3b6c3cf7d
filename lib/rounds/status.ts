// How far rounds are. Only looks.
import { join } from "node:path";
import { invalidField } from "../errors.js";
import { isThere } from "../files/regular-file.js";
import type { ReviewCounts } from "../files/review.js";
import { sum } from "../numbers/sum.js";
import { manifestName } from "../store/manifest.js";
import { type RunStatus, runStatus } from "../store/run-status.js";
import { datasetName } from "./dataset.js";
import { readRecord, recordName } from "./record.js";
import { roundPath } from "./rows.js";

/** A round, and what it took from those before. */
export interface RoundStatus {
  readonly round: number;
  /** Its directory. */
  readonly path: string;
  /** As of a run; "waiting" before it has begun, "nothing to make" of one that asks for no row. */
  readonly state: RunStatus["state"] | "waiting" | "nothing to make";
  readonly rows: number;
  readonly wanted: number;
  /** Examples and contexts that it took in place of the task's own, and how many of them are rows of earlier rounds. */
  readonly examples: { readonly texts: number; readonly rows: number } | null;
  readonly contexts: { readonly texts: number; readonly rows: number } | null;
  /** Rows that were dropped when it was decided. */
  readonly dropped: { readonly repeat: number; readonly policy: number };
  /** What was measured then. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What a directory of rounds holds. */
export interface RoundsStatus {
  readonly policy: string;
  readonly rounds: readonly RoundStatus[];
  /**
   * The dataset's directory, its rows as they were written, and what a person decided of them (`corrsynth review`; absent
   * where nobody did); null before the last round is done.
   */
  readonly dataset: { readonly path: string; readonly rows: number; readonly reviewed?: ReviewCounts } | null;
}

/**
 * Whether a directory is one of rounds.
 * @example
 * import { hasRounds } from "corrsynth/io";
 * console.log(await hasRounds("none")); // false
 */
export async function hasRounds(path: string): Promise<boolean> {
  return await isThere(join(path, recordName));
}

/**
 * How far the rounds of a directory are.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds none, or its files are malformed.
 * @example
 * await synthesizeRounds("rounds", teacher, spec, { policy: "agree" });
 * const { rounds, dataset } = await roundsStatus("rounds");
 * for (const { round, state, rows, wanted } of rounds) console.log(round, state, `${rows} of ${wanted}`);
 * console.log(dataset?.rows);
 */
export async function roundsStatus(path: string): Promise<RoundsStatus> {
  const record = await readRecord(path);
  if (record === undefined) throw invalidField(path, `Expected a directory with ${recordName}, received one without`);
  const rounds: RoundStatus[] = [];
  const brief = (taken: { readonly texts: number; readonly rows: readonly string[] } | null) =>
    taken && { texts: taken.texts, rows: taken.rows.length };
  for (const { round, count, seeds, contexts, dropped, figures } of record.rounds) {
    const own = roundPath(path, round);
    const wanted = sum(count);
    // a directory is held before its manifest is there
    const found = wanted > 0 && (await isThere(join(own, manifestName))) ? await runStatus(own) : undefined;
    rounds.push({
      round,
      path: own,
      state: found?.state ?? (wanted === 0 ? "nothing to make" : "waiting"),
      rows: found?.rows ?? 0,
      wanted,
      examples: brief(seeds),
      contexts: brief(contexts),
      dropped: { repeat: dropped.repeat.length, policy: dropped.policy.length },
      figures,
    });
  }
  const dataset = join(path, datasetName);
  const isWritten = record.dataset !== null && record.dataset === record.rounds.length;
  return {
    policy: record.policy,
    rounds,
    dataset: isWritten ? await datasetStatus(dataset) : null,
  };
}

async function datasetStatus(path: string): Promise<NonNullable<RoundsStatus["dataset"]>> {
  const { rows, reviewed } = await runStatus(path);
  return { path, rows, ...(reviewed === undefined ? {} : { reviewed }) };
}
