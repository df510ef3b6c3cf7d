/**
 * Readers and writers: run directories, exports, tables.
 * @module corrsynth/io
 */

export { escapeFormula, unescapeFormula } from "./export/csv-format.js";
export type { CardFigure, CardOptions } from "./export/dataset-card.js";
export { type Exported, exportRun } from "./export/export-run.js";
export { type ExportFormat, type ExportOptions, exportFormats } from "./export/options.js";
export { type LabelSplit, type Split, type SplitOptions, splitRows } from "./export/split.js";
export type { WritableGroup } from "./group-writer.js";
export { type JournalEntry, readJournal } from "./journal.js";
export { type JsonLine, JsonlWriter, readJsonl } from "./jsonl.js";
export type { Resumption, RunDescription, RunManifest, RunState } from "./manifest.js";
export { type Merged, mergeRuns } from "./merge-runs.js";
export type { MissingRows } from "./merge-shards.js";
export { readRun, type StoredRun } from "./read-run.js";
export { RunDirectory, type RunEnd } from "./run-directory.js";
export { type RunStatus, runStatus } from "./run-status.js";
export { type SavableRun, type SaveOptions, saveRun } from "./save-run.js";
export { checkRunDirectory } from "./stored-run.js";
export { readStudentFile, type StudentFile } from "./student-file.js";
export { readTable, type Table, type TableOptions, type TableRow } from "./table.js";
