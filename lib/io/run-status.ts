// What a run directory holds and how far it is, while it is being written or afterwards. Only looks.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { InvalidConfigError } from "../errors.js";
import type { LabelCounts } from "../run/ledger.js";
import { readJournal, tallies } from "./journal.js";
import { findLock } from "./lock.js";
import { type RunState, readManifest, wantedOf } from "./manifest.js";

/** What a run directory holds. */
export interface RunStatus {
  /** As the manifest has it; "interrupted" where that says "running" and no process does. */
  readonly state: RunState | "interrupted";
  /** Why it is incomplete, stopped or failed. */
  readonly reason?: string;
  /** Rows that are safe, and those wanted. */
  readonly rows: number;
  readonly wanted: number;
  readonly labels: Readonly<Record<string, LabelCounts>>;
  /** Groups whose rows are there. */
  readonly groups: number;
  /** When a group was last written, ISO 8601; null when none was. */
  readonly lastWritten: string | null;
  /** The process that writes to it; null where there is none. */
  readonly heldBy: { readonly pid: number; readonly host: string; readonly since: string } | null;
}

/**
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds no run, or manifest or journal are malformed.
 */
export async function runStatus(path: string): Promise<RunStatus> {
  const manifest = await readManifest(path);
  const wanted = manifest === null ? null : wantedOf(manifest);
  if (manifest === null || wanted === null) {
    const message = "Expected a run directory, whose manifest.json has the run's settings, received one without";
    throw new InvalidConfigError([{ path, message }]);
  }
  const journal = join(path, "journal.jsonl");
  const { entries } = await readJournal(journal);
  const counts = tallies(entries);
  const lock = await findLock(path);
  const holder = lock?.isHeld ? lock.holder : undefined;
  const isInterrupted = manifest.state === "running" && !lock?.isHeld;
  const none = { accepted: 0, surplus: 0, rejected: {} };
  return {
    state: isInterrupted ? "interrupted" : manifest.state,
    ...(manifest.reason === undefined ? {} : { reason: manifest.reason }),
    rows: entries.at(-1)?.rows ?? 0,
    wanted: wanted.reduce((sum, label) => sum + label.wanted, 0),
    labels: Object.fromEntries(wanted.map(({ name, wanted }, i) => [name, { wanted, ...(counts[i] ?? none) }])),
    groups: entries.length,
    lastWritten: entries.length === 0 ? null : (await stat(journal)).mtime.toISOString(),
    heldBy: holder === undefined ? null : { pid: holder.pid, host: holder.host, since: holder.since },
  };
}
