/**
 * One function per metric, pure, usable on any texts, and `evaluate` for all of them at once. Scores are on 0..1.
 * @module corrsynth/evaluate
 */
import "../checks/installed.js";

export { type Copies, type CopyPair, copies } from "../near/copies.js";
export { type DuplicatePair, type Duplicates, duplicates } from "../near/duplicates.js";
export type { Making } from "../near/made-from.js";
export type { NearOptions } from "../near/near-options.js";
export type { ProgressOptions } from "../numbers/progress.js";
export { type Interval, standardDeviation, tInterval, wilsonInterval } from "../numbers/statistics.js";
export { type CrossFitted, crossFit, type FoldOptions } from "../students/cross-fit.js";
export { type InfluenceOptions, rowInfluence } from "../students/influence.js";
export { type LoadedStudent, loadStudent } from "../students/load.js";
export { type LogisticOptions, logisticStudentName } from "../students/logistic.js";
export { type ProxyOptions, type ProxyTraining, proxyStudentName } from "../students/proxy.js";
export type { JudgedRow } from "../students/row-vectors.js";
export { type RowWeightsOptions, rowWeights } from "../students/row-weights.js";
export type { Classifier, LabelledText, Student, StudentRow, TextRow, VectorRow } from "../students/student.js";
export { trainStudent } from "../students/train.js";
export type { Token } from "../text/ngrams.js";
export { byLabel } from "./by-label.js";
export {
  type Cartography,
  type CorrectnessBucket,
  cartography,
  correctnessBucket,
  dataMap,
  type Region,
  type TrainingDynamics,
} from "./cartography.js";
export { type ChoiceOptions, comparableRows, textsToEmbed } from "./chosen-rows.js";
export { type ContrastCurve, contrastCurve } from "./contrast-curve.js";
export { distinctN } from "./distinct-n.js";
export { type Diversity, type DiversityOptions, diversity, type ReadText } from "./diversity.js";
export { type Embedder, type EmbeddingTeacher, type Pooling, teacherEmbedder } from "./embedder.js";
export { type Entity, type EntityEntropy, entityEntropy } from "./entities.js";
export { evaluate } from "./evaluate.js";
export type { EvaluateOptions, EvaluationProgress, EvaluationRow } from "./evaluate-options.js";
export type {
  CartographyFigures,
  CopyFigures,
  Evaluation,
  LabelWordFigures,
  MauveFigures,
  RowCounts,
} from "./evaluation.js";
export { checkGoldLabels, evaluatedRows, type Seed } from "./evaluation-input.js";
export { type LabelCosine, labelCosine } from "./label-cosine.js";
export { labelWords, type NamedLabel, tellingWords } from "./label-words.js";
export {
  type LengthDistance,
  type LengthDistribution,
  lengthBinWidth,
  lengthDistance,
  lengthDistribution,
} from "./lengths.js";
export {
  type CurveOptions,
  type Mauve,
  type MauveCurve,
  type MauveOptions,
  mauve,
  mauveFromHistograms,
} from "./mauve.js";
export { metrics, print } from "./metrics.js";
export type { OrMissing } from "./or-missing.js";
export { readOnce } from "./read-once.js";
export type { Readers } from "./read-rows.js";
export { findEntities, type ReadingOptions } from "./read-texts.js";
export { type EntityRecogniser, offlineRecogniser } from "./recognisers.js";
export { largestSample, sampleRows } from "./sample.js";
export type { Metric, Score } from "./score.js";
export { type SelfBleu, selfBleu, selfBleuOrders } from "./self-bleu.js";
export { type ProxyStudent, type ProxyStudentOptions, proxyStudent } from "./student.js";
export {
  type LabelFidelity,
  type StudentFigures,
  type YardstickFigures,
  type YardstickSet,
  type Yardsticks,
  yardstickSets,
  yardstickText,
} from "./student-figures.js";
export { usualGoldRowsOf } from "./study-choice.js";
export { type Tokenizer, tokenize, tokenizerName } from "./tokenize.js";
export { loadTransformerRecogniser, type TransformerRecogniserOptions } from "./transformer-recogniser.js";
export { type UmapOptions, umap } from "./umap.js";
