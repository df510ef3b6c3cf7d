/** Where a row of a run is from, by its id: its run directory, its group, and what the run kept of it and of its group. */

import { basename, dirname, join, resolve } from "node:path";
import { show } from "../checks/nearest.js";
import { invalidField } from "../errors.js";
import { parseLines } from "../files/jsonl.js";
import { noRunDirectory } from "../files/no-run.js";
import { isThere, regularChunks } from "../files/regular-file.js";
import { type RowDecision, readReview } from "../files/review.js";
import { datasetName } from "../rounds/dataset.js";
import { roundPath } from "../rounds/rows.js";
import { hasRounds } from "../rounds/status.js";
import type { AcceptedRow } from "../run/checkpoint.js";
import { rejectedName } from "../store/group-writer.js";
import { type JournalEntry, readJournal } from "../store/journal.js";
import { type RunManifest, readManifest } from "../store/manifest.js";

/** A row as its run kept it. */
export interface StoredRow {
  /** As the filters left it; of a row that they refused, as it was generated. */
  readonly text: string;
  /** Name of its label. */
  readonly label: string;
  /** Which of the label's R rows of its group, from 0. */
  readonly repeat: number;
  /** Tokens drawn. */
  readonly tokens: number;
  readonly ending: "eos" | "stop" | "length";
  /** Ids of its in-context examples; absent of a rejected row. */
  readonly examples?: readonly string[];
  /** The filter that refused it; absent of an accepted row. */
  readonly reason?: string;
  /** The label that the task's `check` took it for, where it was refused as "label". */
  readonly takenFor?: string;
}

/** A row of a run, found by its id. */
export interface FoundRow {
  /** Run directory; of rounds that of the round. */
  readonly directory: string;
  readonly manifest: RunManifest;
  readonly group: number;
  /** Number of the row in its group. */
  readonly row: number;
  /** What the journal says of the group. */
  readonly entry: JournalEntry;
  /** Those before it. */
  readonly before: readonly JournalEntry[];
  /** The rows of the group that the run kept, by their numbers. */
  readonly kept: ReadonlyMap<number, StoredRow>;
  /** Rows that were accepted in groups before, in order; empty unless asked for. */
  readonly accepted: readonly AcceptedRow[];
  /** What a person decided of it (`corrsynth review`). */
  readonly decision: RowDecision | undefined;
}

/**
 * Finds a row: an accepted one, a rejected one, or one of which the run kept nothing, as long as the journal has its
 * group.
 * @param path  run directory, or one of rounds.
 * @param id  such as "12.3"; of rounds "1:12.3".
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is no run, or has no such group.
 */
export async function findRow(path: string, id: string): Promise<FoundRow> {
  const [, round, group = "", row = ""] = /^(?:([1-9]\d{0,8}):)?(\d{1,15})\.(\d{1,9})$/.exec(id) ?? [];
  if (group === "") {
    throw invalidField("id", `Expected the id of a row, such as "12.3", or "1:12.3" of rounds, received ${show(id)}`);
  }
  const directory = await directoryOf(path, id, round);
  const manifest = await readManifest(directory);
  if (manifest === null) {
    throw await noRunDirectory(directory, "Expected a run directory, received one without a run's manifest.json");
  }
  const { entries } = await readJournal(join(directory, "journal.jsonl"));
  const place = entries.findIndex((entry) => entry.group === Number(group));
  if (place < 0) throw invalidField("id", noSuchGroup(id, entries));
  const before = entries.slice(0, place);
  const entry = entries[place]!;
  const found = { group: Number(group), row: Number(row), entry, before };
  const needsEarlier = JSON.stringify(manifest.settings ?? {}).includes("{taboo}");
  const { kept, accepted } = await readRows(directory, found, entries, needsEarlier);
  return { directory, manifest, ...found, kept, accepted, decision: await decisionOf(path, directory, id) };
}

async function directoryOf(path: string, id: string, round: string | undefined): Promise<string> {
  const above = dirname(resolve(path));
  const isDataset = basename(resolve(path)) === datasetName && (await hasRounds(above));
  const rounds = (await hasRounds(path)) ? path : isDataset ? above : undefined;
  if (rounds === undefined && round !== undefined) {
    const message = `Expected the id of a row of a run, such as "12.3", received "${id}", which is one of rounds: name their directory`;
    throw invalidField("id", message);
  }
  if (rounds === undefined) return path;
  if (round === undefined) {
    const message = `Expected the id of a row of rounds, such as "1:12.3", received "${id}": put its round before it`;
    throw invalidField("id", message);
  }
  return roundPath(rounds, Number(round));
}

function noSuchGroup(id: string, entries: readonly JournalEntry[]): string {
  const [first, last] = [entries[0]?.group, entries.at(-1)?.group];
  const what = first === undefined ? "none" : `${entries.length}, of numbers ${first} to ${last}`;
  return `Expected the id of a row, group and row with a dot, of a group that the run has (${what}), received "${id}"`;
}

interface Place {
  readonly group: number;
  readonly entry: JournalEntry;
  readonly before: readonly JournalEntry[];
}

async function readRows(
  directory: string,
  { group, entry, before }: Place,
  entries: readonly JournalEntry[],
  needsEarlier: boolean,
): Promise<Pick<FoundRow, "kept" | "accepted">> {
  const kept = new Map<number, StoredRow>();
  const accepted: AcceptedRow[] = [];
  const data = join(directory, "data.jsonl");
  const earlier = before.at(-1)?.rows ?? 0;
  let row = 0;
  for await (const { number, value } of linesOf(data, entry.bytes)) {
    const isEarlier = row++ < earlier;
    if (isEarlier && !needsEarlier) continue;
    const found = storedRow(value, `${data}:${number}`);
    if (isEarlier) accepted.push({ text: found.stored.text, label: found.stored.label });
    else kept.set(found.row, found.stored);
  }
  const rejected = join(directory, rejectedName);
  for await (const { number, value } of linesOf(rejected, entries.at(-1)?.rejectedBytes ?? 0)) {
    if ((value as { group?: unknown } | null)?.group !== group) continue;
    const found = storedRow(value, `${rejected}:${number}`);
    kept.set(found.row, found.stored);
  }
  return { kept, accepted };
}

async function* linesOf(path: string, bytes: number) {
  if (bytes > 0 && (await isThere(path))) yield* parseLines(path, "value", regularChunks(path, bytes));
}

function storedRow(value: unknown, place: string): { row: number; stored: StoredRow } {
  const { id, text, label, repeat, tokens, ending, examples, reason, takenFor } = (value ?? {}) as Record<
    string,
    unknown
  >;
  const number = /^\d+\.(\d+)$/.exec(String(id))?.[1];
  const isSound = [text, label, ending].every((field) => typeof field === "string") && Number.isInteger(tokens);
  if (number === undefined || !isSound)
    throw invalidField(place, "Expected a row as a run writes it: restore the file");
  return {
    row: Number(number),
    stored: {
      text: text as string,
      label: label as string,
      repeat: Number(repeat),
      tokens: tokens as number,
      ending: ending as StoredRow["ending"],
      ...(Array.isArray(examples) ? { examples: examples.map(String) } : {}),
      ...(typeof reason === "string" ? { reason } : {}),
      ...(typeof takenFor === "string" ? { takenFor } : {}),
    },
  };
}

// Of rounds the dataset of all has the decisions.
async function decisionOf(path: string, directory: string, id: string): Promise<RowDecision | undefined> {
  const isOfRounds = id.includes(":");
  const at = isOfRounds ? ((await hasRounds(path)) ? join(path, datasetName) : path) : directory;
  return (await readReview(at)).of(id);
}
