/**
 * Synthesises labelled text-classification datasets with a local language model (arXiv 2411.08553).
 * @module corrsynth
 */
export { type Device, type DeviceOptions, devices } from "./device.js";
export { type Diagnosis, doctor } from "./doctor.js";
export * from "./errors.js";
export type { PullProgress } from "./hub/progress.js";
export { type PulledModel, type PullOptions, pull } from "./hub/pull.js";
export {
  cfg,
  contextAware,
  coupling,
  cross,
  fewgen,
  fewgenMatched,
  hybrid,
  intra,
  type Method,
} from "./methods/methods.js";
export { type Plan, type Preview, plan, preview } from "./plan.js";
export type { SeedInput, SeedSource } from "./prompt/seeds.js";
export type { AcceptedRows, Checkpoint, FinishedGroup } from "./run/checkpoint.js";
export type { Instance } from "./run/instance.js";
export type { LabelCounts, LabelTally } from "./run/ledger.js";
export { QuotaError } from "./run/quota-error.js";
export type { Progress, Report } from "./run/report.js";
export type { Shard } from "./run/shard-goal.js";
export type { Run, RunOptions } from "./run/start.js";
export { type ShardOptions, synthesizeShard } from "./shard.js";
export { synthesize } from "./synthesize.js";
export {
  type Accept,
  type FilterInput,
  type Filters,
  type Pattern,
  type PatternInput,
  type ResolvedSpec,
  resolveSpec,
  type SynthesisSpec,
} from "./task/spec.js";
export { type EmbedOptions, loadTeacher, type Teacher, type TeacherInfo } from "./teacher.js";
export { type Trial, type TrialOptions, tryTeacher } from "./trial.js";
