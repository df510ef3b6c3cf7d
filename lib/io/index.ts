// corrsynth/io: readers and writers, one format a file.
export { type JsonLine, JsonlWriter, readJsonl } from "./jsonl.js";
export {
  checkRunDirectory,
  type RunDescription,
  RunDirectory,
  type RunManifest,
  type RunState,
  type SavableRun,
  saveRun,
} from "./run-directory.js";
