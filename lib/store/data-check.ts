// Whether the rows in data.jsonl are those that were written: a bit that flips on a disk leaves the file as long as it
// was.
import { join } from "node:path";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { crc32 } from "../files/crc32.js";
import { regularChunks, regularSize } from "../files/regular-file.js";
import type { JournalEntry } from "./journal.js";

/** What there is of the groups in a journal. */
export interface CheckedData {
  /** Groups whose rows are all there. */
  readonly whole: readonly JournalEntry[];
  /** Rows that the run had after them. */
  readonly lostRows: number;
  /**
   * The first of the whole groups whose rows are others than were written, and what to do; undefined where none are.
   */
  readonly damage: ConfigIssue | undefined;
}

/**
 * Compares data.jsonl with its journal: its length, and the checksum of every group that has one. Reads the file once,
 * as fast as the disk gives it; memory stays at a few MiB.
 * @param entries  of the journal.
 * @param instances  rows that the manifest of a run that has ended counts, where it does; a journal can lose its end,
 *   too.
 */
export async function checkData(
  directory: string,
  entries: readonly JournalEntry[],
  instances = 0,
): Promise<CheckedData> {
  const path = join(directory, "data.jsonl");
  const size = await regularSize(path).catch((error: InvalidConfigError) => error);
  if (size instanceof Error) return { whole: [], lostRows: 0, damage: size.issues[0] };
  const whole = entries.filter(({ bytes }) => bytes <= size);
  const lostRows = Math.max(entries.at(-1)?.rows ?? 0, instances) - (whole.at(-1)?.rows ?? 0);
  return { whole, lostRows, damage: await findDamage(path, whole) };
}

/** What is to be said of lost rows; undefined where there are none. */
export function lostNotice(rows: number): string | undefined {
  if (rows === 0) return undefined;
  return (
    `${rows} rows that the run had are missing from data.jsonl or journal.jsonl: ` +
    "when it is started again, they are made again"
  );
}

/** Whether these bytes of data.jsonl are those of a group; true where its journal line has no checksum. */
export function areRowsOf({ dataCrc32 }: JournalEntry, bytes: Buffer): boolean {
  return dataCrc32 === undefined || dataCrc32 === crc32(bytes);
}

async function findDamage(path: string, entries: readonly JournalEntry[]): Promise<ConfigIssue | undefined> {
  const last = entries.findLast(({ dataCrc32 }) => dataCrc32 !== undefined);
  if (last === undefined || last.bytes === 0) return undefined;
  let index = 0; // of the group that is being read
  let at = 0; // the next byte
  let sum = 0; // of the group's bytes before it
  try {
    for await (const chunk of regularChunks(path, last.bytes)) {
      const start = at;
      for (let entry = entries[index]; entry !== undefined; entry = entries[++index]) {
        const end = Math.min(entry.bytes, start + chunk.length);
        sum = crc32(chunk.subarray(at - start, end - start), sum);
        at = end;
        if (end < entry.bytes) break; // the rest is in the next chunk
        if (entry.dataCrc32 !== undefined && entry.dataCrc32 !== sum) return damage(path, entries, index);
        sum = 0;
      }
    }
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.issues[0];
    return { path, message: `Expected a readable file (${(error as Error).message})` };
  }
  return undefined;
}

function damage(path: string, entries: readonly JournalEntry[], index: number): ConfigIssue {
  const { group, bytes, rows } = entries[index]!;
  const [firstLine, firstByte] = [(entries[index - 1]?.rows ?? 0) + 1, entries[index - 1]?.bytes ?? 0];
  const message =
    `Expected the rows of group ${group} as they were written, in lines ${firstLine} to ${rows} ` +
    `(bytes ${firstByte} to ${bytes}), received others: the file was changed or damaged. Restore it; or delete ` +
    `line ${index + 1} of journal.jsonl and all after it, and their groups are made again; or start over with --fresh`;
  return { path, message };
}
