// What a run directory holds and how far it is, while it is being written or afterwards. Only looks.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type InvalidConfigError, invalidField } from "../errors.js";
import { findLock, type LockHolder } from "../files/lock-file.js";
import { noRunDirectory } from "../files/no-run.js";
import { type ReviewCounts, readReview } from "../files/review.js";
import type { LabelCounts } from "../run/ledger.js";
import { type AttributeCounts, attributeCounts } from "./attribute-counts.js";
import { checkData, lostNotice } from "./data-check.js";
import { readJournal, tallies } from "./journal.js";
import { type RunState, readManifest, wantedOf } from "./manifest.js";

/** What a run directory holds. */
export interface RunStatus {
  /** As the manifest has it; "interrupted" where that says "running" and no process does. */
  readonly state: RunState | "interrupted";
  /** Why it is incomplete, stopped or failed. */
  readonly reason?: string;
  /** The part of the dataset's groups that the directory is for; null where it is for all. */
  readonly shard: { readonly index: number; readonly count: number } | null;
  /**
   * Rows that are safe, and those wanted. Of a shard the rows are candidates, from which `mergeRuns` selects, and
   * wanted is its even share of the dataset: it ends with more where some may be rejected.
   */
  readonly rows: number;
  readonly wanted: number;
  readonly labels: Readonly<Record<string, LabelCounts>>;
  /**
   * Attribute to label to value to rows that have it, 0 of values that none has so far; absent of a task without
   * attributes, and where rows are damaged.
   */
  readonly attributes?: AttributeCounts;
  /** Rows that a person rejected, relabelled or edited (`corrsynth review`); absent where nobody did. */
  readonly reviewed?: ReviewCounts;
  /** Groups whose rows are there. */
  readonly groups: number;
  /** What is missing or damaged among them, and what to do; null where nothing is. */
  readonly damage: string | null;
  /** When a group was last written, ISO 8601; null when none was. */
  readonly lastWritten: string | null;
  /** The process that writes to it; null where there is none. */
  readonly heldBy: { readonly pid: number; readonly host: string; readonly since: string } | null;
}

/**
 * How far a run is. Reads all of its rows, to see whether they are those that were written; memory stays at the
 * journal.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds no run, or manifest or journal are malformed.
 * @example
 * await synthesizeTo("run", teacher, spec);
 * const { state, rows, wanted, labels } = await runStatus("run");
 * console.log(state, `${rows} of ${wanted}`, labels);
 */
export async function runStatus(path: string): Promise<RunStatus> {
  const manifest = await readManifest(path);
  const lock = await findLock(path);
  const holder = lock?.isHeld ? lock.holder : undefined;
  const wholeDataset = manifest === null ? null : wantedOf(manifest);
  if (manifest === null || wholeDataset === null) throw await noRun(path, manifest === null ? holder : undefined);
  const journal = join(path, "journal.jsonl");
  const { entries } = await readJournal(journal);
  const { whole, lostRows, damage } = await checkData(path, entries, manifest.instances);
  const counts = tallies(whole);
  const { shard = null } = manifest;
  const wanted = wholeDataset.map((label) => ({ ...label, wanted: Math.ceil(label.wanted / (shard?.count ?? 1)) }));
  const isInterrupted = manifest.state === "running" && !lock?.isHeld;
  const bytes = whole.at(-1)?.bytes ?? 0;
  const attributes = damage === undefined ? await attributeCounts(path, manifest, bytes) : undefined;
  const review = await readReview(path);
  const none = { accepted: 0, surplus: 0, rejected: {} };
  return {
    state: isInterrupted ? "interrupted" : manifest.state,
    ...(manifest.reason === undefined ? {} : { reason: manifest.reason }),
    shard,
    rows: whole.at(-1)?.rows ?? 0,
    wanted: wanted.reduce((sum, label) => sum + label.wanted, 0),
    labels: Object.fromEntries(wanted.map(({ name, wanted }, i) => [name, { wanted, ...(counts[i] ?? none) }])),
    ...(attributes === undefined ? {} : { attributes }),
    ...(review.isEmpty ? {} : { reviewed: review.counts }),
    groups: whole.length,
    damage: damage === undefined ? (lostNotice(lostRows) ?? null) : `${damage.path}: ${damage.message}`,
    lastWritten: entries.length === 0 ? null : await lastWritten(journal),
    heldBy: holder === undefined ? null : { pid: holder.pid, host: holder.host, since: holder.since },
  };
}

// A process holds its directory before it has loaded the model, by whose hash the manifest names it.
async function noRun(path: string, holder: LockHolder | undefined): Promise<InvalidConfigError> {
  if (holder === undefined) {
    const message = "Expected a run directory, whose manifest.json has the run's settings, received one without";
    return await noRunDirectory(path, message);
  }
  const process = `process ${holder.pid} of ${holder.host}`;
  return invalidField(path, `Expected a run that has begun, but ${process} is still loading its model: ask again soon`);
}

async function lastWritten(journal: string): Promise<string | null> {
  return await stat(journal).then(
    ({ mtime }) => mtime.toISOString(),
    () => null, // it was moved away meanwhile
  );
}
