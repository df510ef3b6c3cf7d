/**
 * Synthesises labelled text-classification datasets with a local language model (arXiv 2411.08553).
 * @module corrsynth
 */
import "./checks/installed.js";

export type { ProposedAttributes } from "./attributes/found.js";
export { type ProposeOptions, proposeAttributes } from "./attributes/propose.js";
export { type Device, type DeviceOptions, devices } from "./engine/device.js";
export { type Diagnosis, doctor } from "./engine/doctor.js";
export type { EmbedOptions, Pooling } from "./engine/embed-options.js";
export { type EmbeddingModel, loadEmbedder, loadTeacher } from "./engine/load.js";
export type { Processors } from "./engine/processors.js";
export type { Prompt, PromptPart } from "./engine/prompt.js";
export type { Score, ScoreOptions, ScoreRequest } from "./engine/score.js";
export type { Teacher, TeacherInfo } from "./engine/teacher.js";
export { type Trial, type TrialOptions, tryTeacher } from "./engine/trial.js";
export {
  AbortError,
  BindingError,
  ClosedError,
  type ConfigIssue,
  ContextFullError,
  CorrSynthError,
  DeviceError,
  DownloadError,
  EngineError,
  type ErrorCode,
  errorCodes,
  FilterError,
  HeldError,
  InvalidConfigError,
  LayersError,
  type LongSeed,
  ModelLoadError,
  NotReproducibleError,
  OutOfMemoryError,
  type PromptLength,
  PromptTooLongError,
  QueueError,
  StorageError,
  UploadError,
} from "./errors.js";
export type { RowDecision } from "./files/review.js";
export type { PullProgress } from "./hub/progress.js";
export { type PulledModel, type PullOptions, pull } from "./hub/pull.js";
export type { PullWait } from "./hub/retry.js";
export { isHubUri } from "./hub/uri.js";
export type { Instance } from "./instance.js";
export type { Calibration } from "./label-check/label-check.js";
export type { Factors, Strength } from "./methods/factors.js";
export {
  cfg,
  contextAware,
  contrastive,
  coupling,
  cross,
  dola,
  fewgen,
  fewgenMatched,
  guided,
  hybrid,
  intra,
} from "./methods/methods.js";
export type { Method } from "./methods/schema.js";
export type { Role } from "./prompt/chat-frame.js";
export { type Replay, type ReplayedText, type ReplayOptions, replayRow } from "./replay/replay-row.js";
export type { StoredRow } from "./replay/stored-row.js";
export type { LikelyToken, ReplayPartner, TokenPush, TokenTrace } from "./replay/trace.js";
export { type RoundPolicy, type RoundsOptions, roundPolicies } from "./rounds/options.js";
export type { RoundRecord } from "./rounds/record.js";
export { type SynthesizedRounds, synthesizeRounds } from "./rounds/synthesize-rounds.js";
export type { CheckCost } from "./run/check-cost.js";
export {
  type CheckedLabel,
  type CheckLabelsOptions,
  checkLabels,
  type RowToCheck,
} from "./run/check-labels.js";
export { type CheckedTask, checkTask } from "./run/check-task.js";
export type { AcceptedRow, AcceptedRows, Checkpoint, FinishedGroup } from "./run/checkpoint.js";
export type { Collapse } from "./run/collapse.js";
export { type LabelCounts, type LabelTally, reasonCounts } from "./run/ledger.js";
export type { RunOptions } from "./run/options.js";
export { type Plan, plan } from "./run/plan.js";
export {
  type Preview,
  type PreviewOptions,
  type PreviewPart,
  type PreviewPrompt,
  preview,
} from "./run/preview.js";
export { type NoPreview, type PreviewBoth, previewBoth } from "./run/preview-both.js";
export type { PreviewRow } from "./run/preview-row.js";
export { QuotaError } from "./run/quota-error.js";
export type { RejectedRow } from "./run/rejected-row.js";
export type { Progress, Report } from "./run/report.js";
export type { Run } from "./run/run.js";
export { type ShardOptions, synthesizeShard } from "./run/shard.js";
export type { Shard } from "./run/shard-goal.js";
export type { ProposedStop } from "./run/stop-proposals.js";
export { synthesize } from "./run/synthesize.js";
export { versions } from "./store/describe-run.js";
export type { OpenedRun } from "./store/save-run.js";
export { type SynthesizedTo, type SynthesizeToOptions, synthesizeTo } from "./store/synthesize-to.js";
export type { ContextDeal } from "./task/context-source.js";
export type { LabelNames, LabelsInput, TaskOf } from "./task/label-names.js";
export { modelsBeside } from "./task/models-beside.js";
export type { SeedInput, SeedSource } from "./task/seed-source.js";
export {
  type Accept,
  type AcceptGroup,
  type AcceptVerdict,
  type FilterInput,
  type Filters,
  type LabelCheckSpec,
  type Pattern,
  type PatternInput,
  type ResolvedSpec,
  resolveSpec,
  type SecondModelInput,
  type SecondModelSpec,
  type StudentCheck,
  type StudentCheckInput,
  type SynthesisSpec,
  type TeacherCheck,
  type TeacherCheckInput,
} from "./task/spec.js";
export { VectorCache, type VectorCacheOptions } from "./vector-cache/cache.js";
