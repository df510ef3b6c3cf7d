// The proxy student: a small classifier that learns from the generated rows and is tested on gold ones.
import { checkInteger } from "../checks/option.js";
import { argmax } from "../numbers/extremes.js";
import { partOf, unwatched } from "../numbers/progress.js";
import { mean, tInterval, wilsonInterval } from "../numbers/statistics.js";
import { checkedTraining, countWords, learn, type ProxyTraining } from "../students/proxy.js";
import type { SoftmaxRegression } from "../students/softmax-regression.js";
import { type LabelledText, lessonOf, type TextRow } from "../students/student.js";
import {
  inverseDocumentFrequency,
  type SparseVector,
  textFeatures,
  type WordCounts,
} from "../students/text-features.js";
import type { TrainingDynamics } from "./cartography.js";
import { labelsProblem } from "./or-missing.js";
import type { StudentFigures } from "./student-figures.js";

/** How proxy students are trained. */
export interface ProxyStudentOptions extends ProxyTraining {
  /** Students, each with an order of the rows of its own, an integer from 1. Default 5. */
  readonly runs?: number | undefined;
}

/** How well the students do; `accuracy` is null, and `reason` says why, without rows or with too many labels. */
export type ProxyStudent =
  | (Omit<StudentFigures, "student" | "trainRows" | "testRows"> & {
      /** What the first student predicts for all training rows after each epoch, for {@link dataMap}. */
      readonly dynamics: TrainingDynamics;
    })
  | { readonly accuracy: null; readonly reason: string };

/**
 * Trains proxy students on the training rows and tests them on the gold rows. With gold rows to train on and generated
 * rows as gold it measures label fidelity.
 *
 * Blank texts have only their label's frequency to go by, so drop them before.
 * @param train  the generated rows; one of `weight` 2 counts like two.
 * @param gold  human rows that the students never see.
 *
 * Synchronous and long, seconds for 10,000 rows: `evaluate` runs it on a thread of its own.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range, and weights that are no numbers from 0.
 * @example
 * import { proxyStudent } from "corrsynth/evaluate";
 * const rows = ["red apple", "green leaf"].map((text, i) => ({ text, label: String(i) }));
 * console.log(proxyStudent(rows, rows).accuracy); // 1
 */
export function proxyStudent(
  train: readonly TextRow[],
  gold: readonly LabelledText[],
  options: ProxyStudentOptions = {},
): ProxyStudent {
  const { runs = 5, onProgress: progress = unwatched } = options;
  checkInteger("runs", runs, 1);
  const training = checkedTraining(options);
  if (train.length === 0 || gold.length === 0) {
    const reason = `A student needs rows to learn from and gold rows, received ${train.length} and ${gold.length}`;
    return { accuracy: null, reason };
  }
  const labels = [...new Set([...train, ...gold].map(({ label }) => label))].sort();
  const problem = labels.length > 1 ? labelsProblem(labels.length) : undefined;
  if (problem !== undefined) return { accuracy: null, reason: problem };
  lessonOf(train);
  const trainCounts = countWords(textsOf(train), partOf(progress, 0, 0.05));
  const goldCounts = countWords(textsOf(gold), partOf(progress, 0.05, 0.1));
  const idf = inverseDocumentFrequency(trainCounts);
  const trainRows = encode(train, trainCounts, labels, idf);
  const goldRows = encode(gold, goldCounts, labels, idf);
  const weights = train.map(({ weight = 1 }) => weight);

  const perRun: number[] = [];
  const confusion = labels.map(() => labels.map(() => 0));
  const dynamics = { probability: [] as Float64Array[], correct: [] as Uint8Array[] };
  for (let run = 0; run < runs; run++) {
    const done = partOf(progress, 0.1 + (0.9 * run) / runs, 0.1 + (0.9 * (run + 1)) / runs);
    const student = learn({ ...trainRows, weights, labels: labels.length }, training, run, done, (own) => {
      if (run === 0) record(own, trainRows, dynamics);
    });
    let right = 0;
    for (const [r, features] of goldRows.features.entries()) {
      const predicted = argmax(student.probabilities(features));
      const label = goldRows.targets[r]!;
      confusion[label]![predicted]!++;
      if (predicted === label) right++;
    }
    perRun.push(right / gold.length);
  }
  const known = new Set(train.map(({ label }) => label));
  const accuracy = mean(perRun);
  return {
    accuracy,
    interval: tInterval(perRun),
    rowsInterval: wilsonInterval(accuracy, gold.length),
    perRun,
    labels,
    unseenLabels: labels.filter((label) => !known.has(label)),
    confusion,
    dynamics,
  };
}

interface EncodedRows {
  readonly features: readonly SparseVector[];
  /** Numbers of the labels. */
  readonly targets: readonly number[];
}

function encode(
  rows: readonly LabelledText[],
  counts: readonly WordCounts[],
  labels: readonly string[],
  idf: Float64Array,
): EncodedRows {
  const number = new Map(labels.map((label, k) => [label, k]));
  return {
    features: counts.map((own) => textFeatures(own, idf)),
    targets: rows.map(({ label }) => number.get(label)!),
  };
}

function textsOf(rows: readonly LabelledText[]): string[] {
  return rows.map(({ text }) => text);
}

// Adds one epoch: a pass over all rows after training on them, as the paper's cartography has it.
function record(
  student: SoftmaxRegression,
  { features, targets }: EncodedRows,
  { probability, correct }: { probability: Float64Array[]; correct: Uint8Array[] },
): void {
  const own = new Float64Array(features.length);
  const right = new Uint8Array(features.length);
  for (const [r, label] of targets.entries()) {
    const probabilities = student.probabilities(features[r]!);
    own[r] = probabilities[label]!;
    right[r] = argmax(probabilities) === label ? 1 : 0;
  }
  probability.push(own);
  correct.push(right);
}
