// Joins the runs of several machines into one dataset, group by group in the order of their numbers.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { Fingerprint } from "../filters/seen-texts.js";
import { addTallies, type LabelTally } from "../run/ledger.js";
import { type JournalEntry, readJournal } from "./journal.js";
import { findLock } from "./lock.js";
import { differences, type RunManifest, readManifest, wantedOf } from "./manifest.js";
import { RunDirectory } from "./run-directory.js";

/** What a merge came to. */
export interface Merged {
  readonly rows: number;
  readonly groups: number;
  readonly labels: Readonly<Record<string, LabelTally>>;
  /**
   * Rows whose text is, up to Unicode form, case and white space, that of an earlier row of another run: what each run by itself
   * could not see. They are in the dataset all the same, since the counts were promised.
   */
  readonly duplicates: number;
}

interface Part {
  readonly path: string;
  readonly manifest: RunManifest;
  readonly entries: readonly JournalEntry[];
  readonly labels: readonly { readonly name: string; readonly wanted: number }[];
}

interface Piece {
  readonly part: Part;
  readonly entry: JournalEntry;
  /** Byte of data.jsonl at which the group's rows begin. */
  readonly from: number;
}

/**
 * Joins finished runs that differ in nothing but their counts and their groups; the counts add up. The directories are read only.
 * @param out  new or empty directory.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with all that is wrong, when one holds no run, is being written or is not
 *   complete; when settings, input files or model differ; when two hold the same group; or when rows are not as the journal says.
 */
export async function mergeRuns(paths: readonly string[], out: string): Promise<Merged> {
  const parts = await Promise.all(paths.map(readPart));
  const first = parts[0];
  if (first === undefined) throw new InvalidConfigError([{ path: "", message: "Expected at least one run directory" }]);
  const pieces = inOrder(parts);
  const issues = [
    ...parts.flatMap(incomplete),
    ...parts.slice(1).flatMap((part) => unlike(first, part)),
    ...twice(pieces),
  ];
  if (issues.length > 0) throw new InvalidConfigError(issues);

  const directory = await RunDirectory.open(out);
  const firstOf = new Map<string, Part>();
  let duplicates = 0;
  try {
    if (directory.checkpoint !== undefined) {
      throw new InvalidConfigError([
        { path: out, message: "This directory already holds a run: choose another directory" },
      ]);
    }
    const count = first.labels.map((_, label) => sum(parts.map(({ labels }) => labels[label]!.wanted)));
    const { manifest } = first;
    const settings = { ...(manifest.settings as object), count };
    const { task, seed, inputs, teacher, versions, device, started } = manifest;
    const description = { task, settings, seed, teacher, versions, device, started, ...(inputs ? { inputs } : {}) };
    await directory.begin(description, { mergedFrom: paths });
    for (const { part, entry, from } of pieces) {
      const instances = await rowsOf(part, entry, from);
      duplicates += instances.filter((row) => repeats(row, part, firstOf)).length;
      await directory.commit({ group: entry.group, instances, labels: entry.labels });
    }
    await directory.close({ state: "done" });
  } catch (error) {
    await directory.close({ state: "failed", reason: (error as Error).message }).catch(() => {}); // the first is the one to tell
    throw error;
  } finally {
    await directory.release();
  }
  const labels = addTallies(
    pieces.map(({ entry }) => entry.labels),
    first.labels.length,
  );
  return {
    rows: directory.instances,
    groups: pieces.length,
    labels: Object.fromEntries(first.labels.map(({ name }, i) => [name, labels[i]!])),
    duplicates,
  };
}

// Whether the text of a row was first seen in another run.
function repeats(row: unknown, part: Part, firstOf: Map<string, Part>): boolean {
  const text = (row as { text?: unknown } | null)?.text;
  if (typeof text !== "string") return false;
  const { key } = new Fingerprint(text);
  const first = firstOf.get(key);
  if (first === undefined) firstOf.set(key, part);
  return first !== undefined && first !== part;
}

async function readPart(path: string): Promise<Part> {
  const manifest = await readManifest(path);
  const labels = manifest === null ? null : wantedOf(manifest);
  if (manifest === null || labels === null) {
    throw new InvalidConfigError([
      { path, message: "Expected a run directory, received one without a run's manifest.json" },
    ]);
  }
  if ((await findLock(path))?.isHeld) {
    throw new InvalidConfigError([
      { path, message: "Expected a finished run, but a process still writes to this one" },
    ]);
  }
  return { path, manifest, labels, entries: (await readJournal(join(path, "journal.jsonl"))).entries };
}

function incomplete({ path, entries, labels }: Part): ConfigIssue[] {
  const counts = addTallies(
    entries.map((entry) => entry.labels),
    labels.length,
  );
  return labels.flatMap(({ name, wanted }, label) => {
    const { accepted } = counts[label]!;
    if (accepted === wanted) return [];
    return [{ path, message: `Expected ${wanted} rows of "${name}", received ${accepted}: finish this run first` }];
  });
}

function unlike(first: Part, part: Part): ConfigIssue[] {
  // What a reproducible run's versions must equal are those of all its parts.
  const found = differences(first.manifest, part.manifest, { ignored: ["count"] });
  return found.map(({ path, message }) => ({
    path: `${part.path}: ${path}`,
    message: `${message} (as in ${first.path})`,
  }));
}

function inOrder(parts: readonly Part[]): Piece[] {
  const pieces = parts.flatMap((part) =>
    part.entries.map((entry, i) => ({ part, entry, from: part.entries[i - 1]?.bytes ?? 0 })),
  );
  return pieces.sort((a, b) => a.entry.group - b.entry.group);
}

function twice(pieces: readonly Piece[]): ConfigIssue[] {
  const repeated = pieces.filter(({ entry }, i) => entry.group === pieces[i - 1]?.entry.group);
  const [one] = repeated;
  if (one === undefined) return [];
  const other = pieces.find(({ entry, part }) => entry.group === one.entry.group && part !== one.part)!;
  const more = repeated.length > 1 ? ` (and ${repeated.length - 1} more groups)` : "";
  const message = `Expected groups that no other run has, but group ${one.entry.group}${more} is in ${other.part.path} too`;
  return [{ path: one.part.path, message: `${message}: the same rows must not count twice` }];
}

async function rowsOf({ path }: Part, entry: JournalEntry, from: number): Promise<unknown[]> {
  const data = join(path, "data.jsonl");
  const file = await open(data, "r").catch((cause: Error) => {
    throw new InvalidConfigError([{ path: data, message: `Expected a readable file (${cause.message})` }], { cause });
  });
  let text: string;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(entry.bytes - from), 0, entry.bytes - from, from);
    text = buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
  const accepted = sum(entry.labels.map((label) => label.accepted));
  try {
    const rows = text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown);
    if (rows.length === accepted && Buffer.byteLength(text) === entry.bytes - from) return rows;
  } catch {
    // told below, like too few rows
  }
  const message = `Expected ${accepted} rows of group ${entry.group} at byte ${from}, as the journal says, received others`;
  throw new InvalidConfigError([{ path: data, message: `${message}: the file was changed or damaged` }]);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
