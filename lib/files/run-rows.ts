// Which rows of a run directory count: those that its journal vouches for. What stands behind them is of a group that was
// never finished, or of somebody else.
import { join } from "node:path";
import { invalidField } from "../errors.js";
import { parseLines } from "./jsonl.js";
import { isThere, regularChunks, regularSize } from "./regular-file.js";

/** The rows of a run directory. */
export interface RunRows {
  /** Bytes at the beginning of data.jsonl that hold them. */
  readonly bytes: number;
  /** Bytes behind these. */
  readonly behind: number;
}

/**
 * What the last whole line of journal.jsonl says of data.jsonl; undefined of a directory without a journal.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as path, when that is not as a run writes it.
 */
export async function runRows(directory: string): Promise<RunRows | undefined> {
  const journal = join(directory, "journal.jsonl");
  if (!(await isThere(journal))) return undefined;
  let bytes = 0;
  for await (const { number, value, isEnded } of parseLines(journal, "value", regularChunks(journal))) {
    if (!isEnded) break; // whoever wrote it was stopped in the middle
    const said = (value as { bytes?: unknown } | null | undefined)?.bytes;
    if (!Number.isSafeInteger(said) || (said as number) < bytes) {
      const message = "Expected a group's line, as a run writes it: the file was changed or damaged. Restore it";
      throw invalidField(`${journal}:${number}`, message);
    }
    bytes = said as number;
  }
  const size = await regularSize(join(directory, "data.jsonl"));
  return { bytes, behind: Math.max(0, size - bytes) };
}
