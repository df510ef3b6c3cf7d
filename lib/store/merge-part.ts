// One of the directories that a dataset is joined from, and the rows of its groups.

import { join } from "node:path";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import { parseJson } from "../files/json.js";
import { findLock } from "../files/lock-file.js";
import { noRunDirectory } from "../files/no-run.js";
import { openRegular } from "../files/regular-file.js";
import type { RejectedRow } from "../run/rejected-row.js";
import { areRowsOf } from "./data-check.js";
import { differences } from "./differences.js";
import { rejectedName } from "./group-writer.js";
import { type JournalEntry, readJournal } from "./journal.js";
import { type RunDescription, type RunManifest, readManifest, wantedOf } from "./manifest.js";

/** A run directory, as far as it is read at once: all but its rows. */
export interface Part {
  readonly path: string;
  readonly manifest: RunManifest;
  readonly entries: readonly JournalEntry[];
  readonly labels: readonly { readonly name: string; readonly wanted: number }[];
}

/** What describes the dataset that runs which belong together are joined to. */
export function describeWhole({ manifest }: Part): RunDescription {
  const { task, settings, seed, inputs, teacher, versions, device, started } = manifest;
  return { task, settings, seed, teacher, versions, device, started, ...(inputs ? { inputs } : {}) };
}

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the directory holds no run, or is being written. */
export async function readPart(path: string): Promise<Part> {
  const manifest = await readManifest(path);
  const labels = manifest === null ? null : wantedOf(manifest);
  if (manifest === null || labels === null) {
    throw await noRunDirectory(path, "Expected a run directory, received one without a run's manifest.json");
  }
  if ((await findLock(path))?.isHeld) {
    throw invalidField(path, "Expected a finished run, but a process still writes to this one");
  }
  return { path, manifest, labels, entries: (await readJournal(join(path, "journal.jsonl"))).entries };
}

/** How the settings, the input files or the model of a run differ from those of the first, counts aside. */
export function unlike(first: Part, part: Part): ConfigIssue[] {
  // What a reproducible run's versions must equal are those of all its parts.
  const found = differences(first.manifest, part.manifest, { ignored: ["count"] });
  return found.map(({ path, message }) => ({
    path: `${part.path}: ${path}`,
    message: `${message} (as in ${first.path})`,
  }));
}

/**
 * The rows of a group.
 * @param from  byte of data.jsonl at which they begin.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when they are not as the journal says.
 */
export async function rowsOf({ path }: Part, entry: JournalEntry, from: number): Promise<unknown[]> {
  const data = join(path, "data.jsonl");
  const bytes = await slice(data, from, entry.bytes);
  const accepted = entry.labels.reduce((sum, label) => sum + label.accepted, 0);
  try {
    const lines = bytes.toString("utf8").split("\n").slice(0, -1);
    const isWhole = lines.length === accepted && bytes.length === entry.bytes - from && areRowsOf(entry, bytes);
    if (isWhole) return lines.map(parseJson);
  } catch {
    // told below, like too few rows
  }
  const message =
    `Expected ${accepted} rows of group ${entry.group} at byte ${from}, as the journal says, received others: ` +
    "the file was changed or damaged";
  throw invalidField(data, message);
}

/**
 * The rejected rows of a group; undefined where none was kept.
 * @param before  the entry before, if there is one.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when they are not as the journal says.
 */
export async function rejectedOf(
  { path }: Part,
  entry: JournalEntry,
  before: JournalEntry | undefined,
): Promise<RejectedRow[] | undefined> {
  if (entry.rejectedBytes === undefined) return undefined;
  const file = join(path, rejectedName);
  const from = before?.rejectedBytes ?? 0;
  const bytes = entry.rejectedBytes > from ? await slice(file, from, entry.rejectedBytes) : Buffer.alloc(0);
  try {
    if (bytes.length !== entry.rejectedBytes - from) throw new RangeError("bytes are missing");
    return bytes.toString("utf8").split("\n").slice(0, -1).map(parseJson) as RejectedRow[];
  } catch (cause) {
    const message = `Expected the rejected rows of group ${entry.group} at byte ${from}, as the journal says, received others`;
    throw invalidField(file, `${message}: the file was changed or damaged`, { cause });
  }
}

async function slice(path: string, from: number, to: number): Promise<Buffer> {
  const file = await openRegular(path).catch((cause: Error) => {
    if (cause instanceof InvalidConfigError) throw cause;
    throw invalidField(path, `Expected a readable file (${cause.message})`, { cause });
  });
  try {
    const { size } = await file.stat(); // a journal line that was changed may speak of more than memory holds
    const length = Math.max(0, Math.min(to, size) - from);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
