// Reads a run directory: its rows, whether the run has ended or not, and what its manifest says.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InvalidConfigError } from "../errors.js";
import { type RunManifest, readManifest } from "./manifest.js";
import { readTable, type Table } from "./table.js";

export interface StoredRun extends Table {
  /** Null where the directory has none. */
  readonly manifest: RunManifest | null;
}

/**
 * The rows and the manifest of a run directory. A last line that is only half written, as a killed run leaves it, is left out
 * and counted in `unfinished`.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds no data.jsonl, or that or the manifest is malformed.
 */
export async function readRun(path: string): Promise<StoredRun> {
  const data = join(path, "data.jsonl");
  if (!existsSync(data)) {
    const message = "Expected a run directory with data.jsonl, received one without: give a run's directory, or a file";
    throw new InvalidConfigError([{ path, message }]);
  }
  return { ...(await readTable(data)), manifest: await readManifest(path) };
}
