// What an export reads: the rows of a run directory that its journal vouches for, one at a time.

import { join } from "node:path";
import { type ConfigIssue, type InvalidConfigError, invalidField } from "../errors.js";
import { parseLines } from "../files/jsonl.js";
import { findLock } from "../files/lock-file.js";
import { noRunDirectory } from "../files/no-run.js";
import { regularChunks } from "../files/regular-file.js";
import { type Review, readReview, reviewName } from "../files/review.js";
import { addTallies, type LabelTally } from "../run/ledger.js";
import { type RunManifest, wantedOf } from "../store/manifest.js";
import { readStored } from "../store/stored-run.js";
import { type Column, columnValue, type Value, wellFormed } from "./columns.js";

/** A run to export. Opening it reads manifest and journal; the rows are read by {@link rowsOf}. */
export interface ExportSource {
  readonly directory: string;
  readonly manifest: RunManifest;
  /** Names of the labels, in the run's order. */
  readonly labels: readonly string[];
  /** What became of the rows of each label, in that order. */
  readonly tallies: readonly LabelTally[];
  readonly rows: number;
  /** Bytes of data.jsonl that hold them. */
  readonly bytes: number;
  /** What a person decided of them. */
  readonly review: Review;
}

/** A row of data.jsonl. */
export interface SourceRow {
  readonly text: string;
  /** Position of its label in the run's. */
  readonly label: number;
  /** Of the columns that were asked for. */
  readonly values: readonly Value[];
}

/** The rows that are exported: those of a run, fewer, or with its seeds. */
export interface Mix {
  /** Whether its rows are not just those of the run, so that they must be counted. */
  readonly isMixed: boolean;
  /** The rows with their values in the export's columns, or with none. */
  rows(options?: { readonly isBare?: boolean }): AsyncGenerator<SourceRow, void, undefined>;
}

/**
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the directory holds no run, or its manifest, journal or review are
 *   malformed.
 */
export async function openSource(directory: string): Promise<ExportSource> {
  const stored = await readStored(directory);
  const wanted = stored === undefined ? null : wantedOf(stored.manifest);
  if (stored === undefined || wanted === null) {
    const message = "Expected a run directory, whose manifest.json has the run's settings, received one without";
    throw await noRunDirectory(directory, message);
  }
  const { manifest, entries, lostRows } = stored;
  const odd = entries.find((entry) => entry.labels.length !== wanted.length);
  if (odd !== undefined || lostRows > 0) {
    const [expected, received] =
      odd === undefined
        ? [`all rows that the run had, ${lostRows} more`, "a shorter data.jsonl or journal.jsonl"]
        : [`counts of ${wanted.length} labels for each group`, `${odd.labels.length} in group ${odd.group}`];
    const message =
      `Expected ${expected}, received ${received}: ` +
      "the files do not belong together; restore them, or start the run again";
    throw invalidField(directory, message);
  }
  const last = entries.at(-1);
  return {
    directory,
    manifest,
    labels: wanted.map(({ name }) => wellFormed(name)),
    tallies: addTallies(
      entries.map(({ labels }) => labels),
      wanted.length,
    ),
    rows: last?.rows ?? 0,
    bytes: last?.bytes ?? 0,
    review: await readReview(directory),
  };
}

/** Why the run should not be exported: it is not whole, and that was not asked for; or it has no row. */
export async function sourceIssues(source: ExportSource, allowsPartial: boolean): Promise<ConfigIssue[]> {
  const { directory: path, manifest, rows } = source;
  if (rows === 0) return [{ path, message: "Expected at least one finished row, received none" }];
  if (allowsPartial) return [];
  const remedy = `or take the ${rows} rows that are there with --partial (partial: true)`;
  const lock = await findLock(path);
  if (lock?.isHeld) {
    const who = lock.holder === undefined ? "another process" : `process ${lock.holder.pid} of ${lock.holder.host}`;
    return [{ path, message: `Expected a finished run, but ${who} writes to this one: wait for it, ${remedy}` }];
  }
  if (manifest.shard !== undefined) {
    const message = `Expected a dataset, received one of ${manifest.shard.count} shards: merge them first, ${remedy}`;
    return [{ path, message }];
  }
  if (manifest.state === "done") return [];
  const state = manifest.state === "running" ? "one that was killed" : `one that is ${manifest.state}`;
  return [{ path, message: `Expected a finished run, received ${state}: start it again to finish it, ${remedy}` }];
}

/**
 * The rows as a person who reviewed them wants them, in the order of the file. Memory stays at one line, and what is written to the file meanwhile is not seen.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as path, when they are not those that the
 *   journal counts.
 */
export async function* rowsOf(
  source: ExportSource,
  columns: readonly Column[],
): AsyncGenerator<SourceRow, void, undefined> {
  const path = join(source.directory, "data.jsonl");
  const positions = new Map(source.labels.map((name, i) => [name, i]));
  const counts = source.labels.map(() => 0);
  let end = 0;
  for await (const line of parseLines(path, "value", regularChunks(path, source.bytes))) {
    end = line.end;
    const row = rowOf(line.value, columns, positions);
    if (typeof row === "string") throw damaged(`${path}:${line.number}`, row);
    counts[row.label]!++;
    const reviewed = source.review.apply(line.value as Fields);
    if (reviewed === undefined) continue;
    const changed = reviewed === line.value ? row : rowOf(reviewed, columns, positions);
    if (typeof changed === "string") throw damaged(join(source.directory, reviewName), changed);
    yield changed;
  }
  const isOff = counts.some((count, label) => count !== source.tallies[label]!.accepted);
  if (isOff || end !== source.bytes) {
    const expected = source.tallies.map(({ accepted }) => accepted).join(", ");
    throw damaged(path, `Expected ${expected} rows of its labels, received ${counts.join(", ")}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

// The row, or what is wrong with it.
function rowOf(value: unknown, columns: readonly Column[], positions: ReadonlyMap<string, number>) {
  if (value === undefined) return "Expected a row as a run writes it, received other text";
  const fields = (value ?? {}) as Fields;
  if (typeof fields.text !== "string") return "Expected a row with a text, received none";
  const label = typeof fields.label === "string" ? positions.get(wellFormed(fields.label)) : undefined;
  if (label === undefined) return "Expected a row of one of the run's labels, received another";
  const values: Value[] = [];
  for (const column of columns) {
    const value = columnValue(fields, column);
    if (value === undefined) return `Expected ${column.kind} in "${column.name}", received something else`;
    values.push(value);
  }
  return { text: wellFormed(fields.text), label, values };
}

function damaged(path: string, what: string): InvalidConfigError {
  return invalidField(path, `${what}: the file was changed or damaged; restore it`);
}
