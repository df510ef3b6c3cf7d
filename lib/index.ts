/** corrsynth: synthesises labelled text-classification datasets with a local language model (arXiv 2411.08553). */
export * from "./errors.js";
export type { LabelCounts } from "./ledger.js";
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
} from "./methods.js";
export { type Plan, type Preview, plan, preview } from "./plan.js";
export type { Instance } from "./run/instance.js";
export type { Progress, Report } from "./run/report.js";
export type { SeedInput, SeedSource } from "./seeds.js";
export { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "./spec.js";
export { type Run, type RunOptions, synthesize } from "./synthesize.js";
export { loadTeacher, type Teacher, type TeacherInfo } from "./teacher.js";
