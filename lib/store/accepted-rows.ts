// The rows of a run that are safe, one at a time: what a resumed run compares its own with.
import { invalidField } from "../errors.js";
import { parseLines } from "../files/jsonl.js";
import { regularChunks } from "../files/regular-file.js";
import type { AcceptedRow } from "../run/checkpoint.js";

/**
 * The rows in the first `bytes` bytes of data.jsonl. Memory stays at what is read at once.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as its path, at a line that is no row with a
 *   text.
 */
export async function* acceptedRows(path: string, bytes: number): AsyncGenerator<AcceptedRow, void, undefined> {
  if (bytes === 0) return; // there may be no file
  for await (const { number, value } of parseLines(path, "value", regularChunks(path, bytes))) {
    const { text, label } = (value ?? {}) as { text?: unknown; label?: unknown };
    if (typeof text !== "string") {
      throw invalidField(
        `${path}:${number}`,
        "Expected a row with a text, as a run writes it: the file was changed or damaged. " +
          "Restore it, or start over with --fresh",
      );
    }
    yield typeof label === "string" ? { text, label } : { text };
  }
}
