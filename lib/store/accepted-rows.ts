// The rows of a run that are safe, one at a time: what a resumed run compares its own with.
import { InvalidConfigError } from "../errors.js";
import { readLines } from "../files/lines.js";

/**
 * The rows in the first `bytes` bytes of data.jsonl. Memory stays at one row.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as its path, at a line that is no row with a text.
 */
export async function* acceptedRows(
  path: string,
  bytes: number,
): AsyncGenerator<{ readonly text: string }, void, undefined> {
  let read = 0;
  let number = 0;
  if (bytes === 0) return; // there may be no file
  for await (const line of readLines(path)) {
    read += line.length + 1;
    number++;
    yield rowOf(line, `${path}:${number}`);
    if (read >= bytes) return;
  }
}

function rowOf(line: Buffer, place: string): { readonly text: string } {
  try {
    const row = JSON.parse(line.toString("utf8")) as { text?: unknown } | null;
    if (typeof row?.text === "string") return { text: row.text };
  } catch {
    // told below, like JSON that is no row
  }
  const message =
    "Expected a row with a text, as a run writes it: the file was changed or damaged. Restore it, or start over with --fresh";
  throw new InvalidConfigError([{ path: place, message }]);
}
