// The split of a run that is exported: which row goes where, what each label comes to, and what is to be said of it.
import { invalidField } from "../errors.js";
import type { ExportOptions } from "./options.js";
import { type ExportSource, rowsOf } from "./source.js";
import { type LabelSplit, splitRows } from "./split.js";

/** Which row goes where. */
export interface SplitPlan {
  readonly isValidation: Uint8Array | undefined;
  readonly validation: number;
  readonly labels: Readonly<Record<string, LabelSplit>>;
  readonly notes: readonly string[];
}

/**
 * Reads the rows once where a split was asked for.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when no row of any label would validate.
 */
export async function planSplit(source: ExportSource, { validation, seed, signal }: ExportOptions): Promise<SplitPlan> {
  const notes = stateNotes(source);
  if (validation === undefined) {
    const labels = source.labels.map((name, label) => {
      return [name, { train: source.tallies[label]!.accepted, validation: 0, fraction: 0 }] as const;
    });
    return { isValidation: undefined, validation: 0, labels: Object.fromEntries(labels), notes };
  }
  const rows: { text: string; label: string }[] = [];
  for await (const { text, label } of rowsOf(source, [])) {
    signal?.throwIfAborted();
    rows.push({ text, label: source.labels[label]! });
  }
  const split = splitRows(rows, { validation, seed });
  const labels = source.labels.map((name): [string, LabelSplit] => {
    return [name, split.labels.get(name) ?? { train: 0, validation: 0, fraction: 0 }];
  });
  const chosen = labels.reduce((sum, [, label]) => sum + label.validation, 0);
  if (chosen === 0) {
    const message = `Expected a share that comes to a row of some label, received ${validation} of ${rows.length} rows: raise it, or leave it out`;
    throw invalidField("validation", message);
  }
  for (const [name, { train, validation }] of labels) {
    if (train > 0 && validation === 0) {
      notes.push(
        `No row of ${JSON.stringify(name)} validates: it has ${train}, or near duplicates join too many of them`,
      );
    }
  }
  return { isValidation: split.isValidation, validation: chosen, labels: Object.fromEntries(labels), notes };
}

function stateNotes({ manifest: { state } }: ExportSource): string[] {
  if (state === "done") return [];
  const how = state === "running" ? "had not ended, or was killed," : `was ${state}`;
  return [`The run ${how} when this was exported: these are the rows that were finished`];
}
