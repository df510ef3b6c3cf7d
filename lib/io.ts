/**
 * Readers and writers: run directories, exports, tables.
 * @module corrsynth/io
 */
import "./checks/installed.js";

export type { CardFigure, CardOptions } from "./export/dataset-card.js";
export { type Exported, exportRun } from "./export/export-run.js";
export { type ExportFormat, type ExportOptions, exportFormats } from "./export/options.js";
export { type LabelSplit, type Split, type SplitOptions, splitRows } from "./export/split.js";
export {
  type ExportedVectors,
  exportVectors,
  type VectorsOptions,
} from "./export/vectors.js";
export { replaceFile } from "./files/atomic-write.js";
export { escapeFormula, unescapeFormula } from "./files/formula.js";
export { expandHome } from "./files/home.js";
export { readInput } from "./files/input-file.js";
export { type JsonLine, readJsonl } from "./files/jsonl.js";
export { JsonlWriter } from "./files/jsonl-writer.js";
export type { ReviewCounts } from "./files/review.js";
export { readStudentFile, type StudentFile } from "./files/student-file.js";
export { readTable, type Table, type TableOptions, type TableRow } from "./files/table.js";
export { type Pushed, type PushOptions, pushFolder } from "./hub/push.js";
export { type DrawnSeeds, type DrawSeedsOptions, drawSeeds, type LabelDraw } from "./prompt/draw-seeds.js";
export type { Corpus, CorpusText } from "./retrieve/corpus.js";
export {
  type Retrieved,
  type RetrievedContext,
  type RetrieveOptions,
  type RetrieveQuery,
  retrieve,
} from "./retrieve/retrieve.js";
export { type ReviewOptions, type ReviewServer, serveReview } from "./review/serve.js";
export { hasRounds, type RoundStatus, type RoundsStatus, roundsStatus } from "./rounds/status.js";
export type { RejectedRow } from "./run/rejected-row.js";
export type { AttributeCounts } from "./store/attribute-counts.js";
export { type JournalEntry, readJournal } from "./store/journal.js";
export type { Resumption, RunDescription, RunManifest, RunState } from "./store/manifest.js";
export { type Merged, mergeRuns } from "./store/merge-runs.js";
export type { MissingRows } from "./store/merge-shards.js";
export { readRejected } from "./store/read-rejected.js";
export { type ReadRunOptions, readRun, type StoredRun } from "./store/read-run.js";
export { type RunStatus, runStatus } from "./store/run-status.js";
export { checkRunDirectory } from "./store/stored-run.js";
export { verbalizationOf } from "./text/names.js";
export type { TextEmbedder } from "./text/text-embedder.js";
