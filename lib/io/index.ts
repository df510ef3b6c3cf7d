// corrsynth/io: readers and writers, one format a file.
export { type JsonLine, JsonlWriter, readJsonl } from "./jsonl.js";
export { readRun, type StoredRun } from "./read-run.js";
export {
  checkRunDirectory,
  type RunDescription,
  RunDirectory,
  type RunManifest,
  type RunState,
  type SavableRun,
  saveRun,
} from "./run-directory.js";
export { readStudentFile, type StudentFile } from "./student-file.js";
export { readTable, type Table, type TableOptions, type TableRow } from "./table.js";
