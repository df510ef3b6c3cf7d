// Rows that a run refused and kept, one at a time.
import { join } from "node:path";
import { invalidField } from "../errors.js";
import { parseLines } from "../files/jsonl.js";
import { isThere, regularChunks } from "../files/regular-file.js";
import type { RejectedRow } from "../run/rejected-row.js";
import { rejectedName } from "./group-writer.js";
import { type JournalEntry, readJournal } from "./journal.js";

/**
 * The rejected rows of a run directory, in the order of their groups: those of finished groups, of a run whose task has
 * `filters: { keepRejected: true }`. Written by a language model: treat them as untrusted. Memory stays at one row.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when rows were rejected and the directory has none, with how to
 *   keep them; or at a line that is not as a run writes it.
 * @example
 * import { readRejected } from "corrsynth/io";
 * await synthesizeTo("run", teacher, { ...spec, filters: { minWords: 5, keepRejected: true } });
 * for await (const { reason, label, text } of readRejected("run")) console.log(reason, label, text);
 */
export async function* readRejected(directory: string): AsyncGenerator<RejectedRow, void, undefined> {
  const path = join(directory, rejectedName);
  const { entries } = await readJournal(join(directory, "journal.jsonl"));
  if (!(await isThere(path))) {
    if (entries.length > 0 && !entries.some(hasRejected)) return;
    const message =
      `Expected a run that keeps its rejected rows, received one without ${rejectedName}: ` +
      "set filters.keepRejected to true in its task, from where on they are kept";
    throw invalidField(directory, message);
  }
  const bytes = entries.at(-1)?.rejectedBytes ?? 0; // what follows is of groups that are made again
  for await (const { number, value } of parseLines(path, "value", regularChunks(path, bytes))) {
    const { text, reason } = (value ?? {}) as { text?: unknown; reason?: unknown };
    if (typeof text !== "string" || typeof reason !== "string") {
      throw invalidField(`${path}:${number}`, "Expected a row with a text and a reason, as a run writes it");
    }
    yield value as RejectedRow;
  }
}

function hasRejected({ labels }: JournalEntry): boolean {
  return labels.some(({ rejected }) => Object.keys(rejected).length > 0);
}
