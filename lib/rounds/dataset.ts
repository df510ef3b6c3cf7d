// DIR/dataset: the rows of all rounds that were not dropped, as one run directory, for evaluate and export.
import { join } from "node:path";
import { readReview, writeReview } from "../files/review.js";
import { readManifest } from "../store/manifest.js";
import { RunDirectory } from "../store/run-directory.js";
import { countsOf } from "./policy.js";
import { roundPath, type StoredRow } from "./rows.js";

/** Name of the dataset in its directory. */
export const datasetName = "dataset";

/** Rows of a round, and why some of them are left out. */
export interface DatasetRound {
  readonly round: number;
  readonly rows: readonly StoredRow[];
  /** By id. */
  readonly reasons: ReadonlyMap<string, "repeat" | "student">;
}

/**
 * Writes the dataset; one that was there is moved to old-DATE in it, and what a person decided of
 * its rows holds on.
 * @param weights  of rows by id; null where all count alike.
 * @throws {StorageError} CORRSYNTH_STORAGE when it cannot be written.
 */
export async function writeDataset(
  directory: string,
  labels: readonly string[],
  rounds: readonly DatasetRound[],
  weights: Readonly<Record<string, number>> | null,
): Promise<void> {
  const { task, settings, seed, inputs, teacher, versions, device } = (await readManifest(roundPath(directory, 1)))!;
  const kept = rounds.flatMap(({ rows, reasons }) => rows.filter(({ id }) => !reasons.has(id)));
  const path = join(directory, datasetName);
  const review = await readReview(path); // of rows that have their ids again
  const out = await RunDirectory.open(path, { fresh: true });
  try {
    const count = countsOf(labels, kept);
    const started = new Date().toISOString();
    const description = { task, seed, teacher, versions, device, started, ...(inputs ? { inputs } : {}) };
    const mergedFrom = rounds.map(({ round }) => roundPath(directory, round));
    await out.begin({ ...description, settings: { ...(settings as object), count } }, { mergedFrom });
    await writeReview(path, review);
    for (const { round, rows, reasons } of rounds) {
      const instances = rows
        .filter(({ id }) => !reasons.has(id))
        .map(({ id, instance }) => ({
          ...instance,
          id,
          round,
          ...(weights === null ? {} : { weight: weights[id] ?? 1 }),
        }));
      const accepted = countsOf(labels, instances as unknown as StoredRow[]);
      await out.commit({
        group: round - 1,
        instances,
        labels: labels.map((label, k) => ({
          accepted: accepted[k]!,
          surplus: 0,
          rejected: counts(label, rows, reasons),
        })),
      });
    }
    await out.close({ state: "done" });
  } finally {
    await out.release();
  }
}

function counts(label: string, rows: readonly StoredRow[], reasons: DatasetRound["reasons"]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const row of rows) {
    const reason = row.label === label ? reasons.get(row.id) : undefined;
    if (reason !== undefined) found[reason] = (found[reason] ?? 0) + 1;
  }
  return found;
}
