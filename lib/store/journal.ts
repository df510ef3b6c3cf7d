// journal.jsonl: a line for every group whose rows are in data.jsonl, so that a run can go on where it was stopped.
import { z } from "zod";
import { record } from "../checks/shapes.js";
import { type InvalidConfigError, invalidField } from "../errors.js";
import { crc32 } from "../files/crc32.js";
import { type ParsedLine, parseLines } from "../files/jsonl.js";
import { isThere, regularChunks } from "../files/regular-file.js";
import { addTallies, type LabelTally } from "../run/ledger.js";

/** A line of the journal. It is written when what it says of data.jsonl is on the disk. */
export interface JournalEntry {
  /** Number of the group; each is larger than the one before. */
  readonly group: number;
  /** What became of its rows, in the order of the labels in the settings. */
  readonly labels: readonly LabelTally[];
  /** Rows in data.jsonl up to this group and with it. */
  readonly rows: number;
  /** Bytes of them: where the group's last line ends. */
  readonly bytes: number;
  /** Bytes of the rejected rows up to this group and with it, in rejected.jsonl; absent where none was kept so far. */
  readonly rejectedBytes?: number | undefined;
  /** CRC-32 of the group's own bytes in data.jsonl, 0..2^32 - 1; absent of runs by versions that wrote none. */
  readonly dataCrc32?: number | undefined;
}

const count = z.int().min(0);
const checksum = z.uint32().optional();
const tally = z.object({
  accepted: count,
  surplus: count,
  rejected: record(count),
  takenFor: record(count).optional(),
});
// Strict: a checksum whose name was damaged must not pass for one that was never written.
const schema = z.strictObject({
  group: count,
  labels: z.array(tally),
  rows: count,
  bytes: count,
  rejectedBytes: count.optional(),
  dataCrc32: checksum,
  lineCrc32: checksum,
});

/** What stands before the CRC-32 of a line: that of all bytes before. */
const seal = ',"lineCrc32":';

/** The line of an entry, "\n" included; it ends with a checksum of its own. */
export function journalLine(entry: JournalEntry): string {
  const text = JSON.stringify(entry).slice(0, -1);
  return `${text}${seal}${crc32(text)}}\n`;
}

/**
 * What a journal holds.
 * @inline
 */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  /**
   * Where each of their lines ends, in bytes; what follows the last is a line that a killed process has left half
   * written.
   */
  readonly ends: readonly number[];
}

/**
 * Reads a journal up to its last whole line; an empty one where there is no file.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as path, for a whole line that is not as a
 *   run writes it.
 * @example
 * await synthesizeTo("run", teacher, spec);
 * const { entries } = await readJournal("run/journal.jsonl");
 * for (const { group, rows } of entries) console.log(`after group ${group}: ${rows} rows`);
 */
export async function readJournal(path: string): Promise<Journal> {
  if (!(await isThere(path))) return { entries: [], ends: [] };
  const entries: JournalEntry[] = [];
  const ends: number[] = [];
  for await (const line of parseLines(path, "value", regularChunks(path))) {
    if (!line.isEnded) break; // whoever wrote it was stopped in the middle
    const entry = entryOf(line);
    if (entry === undefined || !follows(entry, entries.at(-1))) throw malformed(path, line.number);
    entries.push(entry);
    ends.push(line.end);
  }
  return { entries, ends };
}

function entryOf({ bytes, value }: ParsedLine): JournalEntry | undefined {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return undefined;
  const { lineCrc32, ...entry } = parsed.data;
  if (lineCrc32 !== undefined && crc32(bytes.subarray(0, bytes.lastIndexOf(seal))) !== lineCrc32) return undefined;
  return entry;
}

function follows({ group, labels, rows, bytes }: JournalEntry, last: JournalEntry | undefined): boolean {
  const before = last ?? { group: -1, labels, rows: 0, bytes: 0 };
  const accepted = labels.reduce((sum, label) => sum + label.accepted, 0);
  return (
    group > before.group &&
    labels.length === before.labels.length &&
    rows === before.rows + accepted &&
    (accepted === 0 ? bytes === before.bytes : bytes > before.bytes)
  );
}

function malformed(path: string, line: number): InvalidConfigError {
  const message =
    "Expected a group's line that goes on from the one before, as a run writes it: " +
    "the file was changed or damaged. Restore it; or delete this line and all after it, " +
    "and their groups are made again; or start over with --fresh";
  return invalidField(`${path}:${line}`, message);
}

/** The sum of all groups, in label order. */
export function tallies(entries: readonly JournalEntry[]): LabelTally[] {
  return addTallies(
    entries.map(({ labels }) => labels),
    entries[0]?.labels.length ?? 0,
  );
}
