// What a run made and left out, for the report: the rows that its filters refused, and those that a person did.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { reasonCounts } from "../index.js";
import { readJournal, readRejected, readRun, type TableRow } from "../io.js";
import type { RejectedRows, RejectedText } from "../report/index.js";
import { grouped } from "./terminal.js";

/**
 * @param directory  of a run.
 * @param reviewed  its rows as a person left them.
 */
export async function readRejectedTexts(directory: string, reviewed: readonly TableRow[]): Promise<RejectedRows> {
  const has = (name: string) => existsSync(join(directory, name));
  const byPerson = has("review.jsonl") ? await rejectedByPerson(directory, reviewed) : [];
  const byFilters = has("rejected.jsonl") ? await refused(directory) : [];
  const counts = has("journal.jsonl") ? await countsByReason(directory) : {};
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const rows = [...byFilters, ...byPerson];
  if (all <= byFilters.length) return { rows };
  const kept = byFilters.length === 0 ? "no text" : `the texts of ${grouped(byFilters.length)}`;
  const lacking = `the run kept ${kept} of ${grouped(all)} (${reasonCounts(counts)}): set filters.keepRejected to true in its task`;
  return { rows, lacking };
}

async function countsByReason(directory: string): Promise<Record<string, number>> {
  const counts = new Map<string, number>();
  const { entries } = await readJournal(join(directory, "journal.jsonl"));
  for (const { rejected } of entries.flatMap(({ labels }) => labels)) {
    for (const [reason, count] of Object.entries(rejected)) counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return Object.fromEntries(counts);
}

// Without what the report does not show.
async function refused(directory: string): Promise<RejectedText[]> {
  const rows: RejectedText[] = [];
  for await (const { text, label, reason, takenFor } of readRejected(directory)) {
    rows.push({ text, label, reason, ...(takenFor === undefined ? {} : { takenFor }) });
  }
  return rows;
}

async function rejectedByPerson(directory: string, reviewed: readonly TableRow[]): Promise<RejectedText[]> {
  const kept = new Set(reviewed.map(({ fields }) => fields.id));
  const { rows } = await readRun(directory, { reviewed: false });
  return rows
    .filter(({ fields }) => !kept.has(fields.id))
    .map(({ text, label }) => ({ text, label, reason: "review, by a person" }));
}
