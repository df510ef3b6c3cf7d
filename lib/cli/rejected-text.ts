// The rows that a run refused, as a terminal shows them: each with its reason, and its text made harmless.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RejectedRow, readRejected, runStatus } from "../io.js";
import { grouped, printable } from "./terminal.js";

/** The last `most` rejected rows of a run directory, in their order; undefined where it keeps none. */
export async function lastRejected(directory: string, most: number): Promise<RejectedRow[] | undefined> {
  if (!existsSync(join(directory, "rejected.jsonl")) && (await hasRejected(directory))) return undefined;
  const rows: RejectedRow[] = [];
  for await (const row of readRejected(directory)) {
    rows.push(row);
    if (rows.length > most) rows.shift();
  }
  return rows;
}

async function hasRejected(directory: string): Promise<boolean> {
  const { groups, labels } = await runStatus(directory);
  return groups === 0 || Object.values(labels).some(({ rejected }) => Object.keys(rejected).length > 0);
}

/** Those rows; or how they come to be kept. */
export function rejectedText(rows: readonly RejectedRow[] | undefined): string {
  if (rows === undefined) {
    return "rejected rows were not kept: set filters.keepRejected to true in the task, from where on a run keeps them\n";
  }
  if (rows.length === 0) return "no rejected row was kept\n";
  return rows.map(rowText).join("");
}

/** Why a row was rejected; of the label check, also which label it was taken for. */
export function reasonText({ reason, takenFor }: Pick<RejectedRow, "reason" | "takenFor">): string {
  return takenFor === undefined ? reason : `${reason}, taken for ${takenFor}`;
}

function rowText({ id, label, reason, takenFor, text, tokens, ending }: RejectedRow): string {
  const head = `${reasonText({ reason, ...(takenFor === undefined ? {} : { takenFor }) })}: ${label}, row ${id}, ${grouped(tokens)} tokens, ${ending}`;
  return `${printable(head)}\n    ${text === "" ? "(no text)" : printable(text)}\n`;
}
