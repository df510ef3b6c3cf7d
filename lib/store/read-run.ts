// Reads a run directory: its rows, whether the run has ended or not, and what its manifest says.

import { join } from "node:path";
import { invalidField } from "../errors.js";
import { noRunDirectory } from "../files/no-run.js";
import { isThere } from "../files/regular-file.js";
import { readReview, reviewNotes } from "../files/review.js";
import { readTable, type Table } from "../files/table.js";
import { checkData, lostNotice } from "./data-check.js";
import { readJournal } from "./journal.js";
import { type RunManifest, readManifest } from "./manifest.js";

/** The rows of a run directory, and its manifest. */
export interface StoredRun extends Table {
  /** Null where the directory has none. */
  readonly manifest: RunManifest | null;
}

/** Which rows are read. */
export interface ReadRunOptions {
  /**
   * The rows as a person wants them who reviewed the run (`corrsynth review`), and a note says how many were rejected, relabelled and edited; false:
   * as they were written. Default true.
   */
  readonly reviewed?: boolean | undefined;
}

/**
 * The rows that the journal of a run directory vouches for, as many as \`runStatus\` counts and \`exportRun\` writes, and
 * its manifest. What stands behind them, such as rows of a group that was not finished, is left out, and a note says so.
 * Of a directory without a journal, all rows.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds no data.jsonl; when that, the journal, the
 *   manifest or review.jsonl is malformed; or when rows are missing or damaged, by what the journal says of them.
 * @example
 * await synthesizeTo("run", teacher, spec);
 * const { rows, manifest } = await readRun("run");
 * for (const { label, text } of rows) console.log(`${label}: ${text}`);
 * console.log(manifest?.state); // "done"
 */
export async function readRun(path: string, { reviewed = true }: ReadRunOptions = {}): Promise<StoredRun> {
  const data = join(path, "data.jsonl");
  if (!(await isThere(data))) {
    const message = "Expected a run directory with data.jsonl, received one without: give a run's directory, or a file";
    throw await noRunDirectory(path, message);
  }
  const manifest = await readManifest(path);
  await checkRows(path, manifest?.instances);
  const table = await readTable(path, { reviewed: false });
  return { ...(reviewed ? await applyReview(path, table) : table), manifest };
}

async function applyReview(path: string, table: Table): Promise<Table> {
  const review = await readReview(path);
  const rows = table.rows.flatMap((row) => {
    const fields = review.apply(row.fields);
    if (fields === row.fields) return [row];
    return fields === undefined ? [] : [{ ...row, text: String(fields.text), label: String(fields.label), fields }];
  });
  return { ...table, rows, notes: [...table.notes, ...reviewNotes(review)] };
}

// Of a directory without a journal, whatever rows there are.
async function checkRows(path: string, instances: number | undefined): Promise<void> {
  const journal = join(path, "journal.jsonl");
  if (!(await isThere(journal))) return;
  const { entries } = await readJournal(journal);
  const { lostRows, damage } = await checkData(path, entries, instances);
  const data = join(path, "data.jsonl");
  const found = damage?.message ?? lostNotice(lostRows);
  if (found === undefined) return;
  throw invalidField(data, `${found}. To read the rows as they are now, name this file`);
}
