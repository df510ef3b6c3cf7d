// The proxy student: a small classifier that learns from the generated rows and is tested on gold ones.
import { checkInteger, checkOption } from "../checks/option.js";
import { type ProgressOptions, progressEvery, unwatched } from "../numbers/progress.js";
import { type Interval, mean, tInterval, wilsonInterval } from "../numbers/statistics.js";
import { evaluationRandom } from "../random.js";
import { argmax, type TrainingDynamics } from "./cartography.js";
import { SoftmaxRegression } from "./softmax-regression.js";
import { inverseDocumentFrequency, type SparseVector, textFeatures } from "./text-features.js";

/** Name of the student, to print beside its accuracy, which is not to be compared with that of DistilBERT. */
export const proxyStudentName = "proxy student: softmax regression on hashed TF-IDF of words and word pairs";

/** A text and the name of its label. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/** How proxy students are trained. */
export interface ProxyStudentOptions extends ProgressOptions {
  /** Passes over the training rows, an integer from 1. Default 6. */
  readonly epochs?: number;
  /** Students, each with an order of the rows of its own, an integer from 1. Default 5. */
  readonly runs?: number;
  /** Adagrad's learning rate, above 0. Default 0.2. */
  readonly learningRate?: number;
  /** An integer 0..2^53 − 1. Default 0. */
  readonly seed?: number;
}

/** How well the students do; `accuracy` is null, and `reason` says why, without training or gold rows. */
export type ProxyStudent =
  | {
      /** Mean accuracy of the students on the gold rows, 0..1. */
      readonly accuracy: number;
      /**
       * 95 % interval of that mean by Student's t; null of one student. Narrow: they differ in the rows' order alone.
       */
      readonly interval: Interval | null;
      /** 95 % interval of the mean accuracy as a share of the gold rows (Wilson): what their number leaves open. */
      readonly rowsInterval: Interval;
      readonly perRun: readonly number[];
      /** All labels of training and gold rows, sorted. */
      readonly labels: readonly string[];
      /** Labels of gold rows that no training row has: these rows are counted, and are always wrong. */
      readonly unseenLabels: readonly string[];
      /** `confusion[gold][predicted]`: gold rows, summed over the students. */
      readonly confusion: readonly (readonly number[])[];
      /** What the first student predicts for all training rows after each epoch, for {@link dataMap}. */
      readonly dynamics: TrainingDynamics;
    }
  | { readonly accuracy: null; readonly reason: string };

/**
 * Trains proxy students on the training rows and tests them on the gold rows. With gold rows to train on and generated
 * rows as gold it measures label agreement.
 *
 * Generated rows weigh all alike; blank texts have only their label's frequency to go by, so drop them before.
 * @param train  the generated rows.
 * @param gold  human rows that the students never see.
 *
 * Synchronous and long, seconds for 10,000 rows: `evaluate` runs it on a thread of its own.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range.
 * @example
 * import { proxyStudent } from "corrsynth/evaluate";
 * const rows = ["red apple", "green leaf"].map((text, i) => ({ text, label: String(i) }));
 * console.log(proxyStudent(rows, rows).accuracy); // 1
 */
export function proxyStudent(
  train: readonly LabelledText[],
  gold: readonly LabelledText[],
  options: ProxyStudentOptions = {},
): ProxyStudent {
  const { epochs = 6, runs = 5, learningRate = 0.2, seed = 0 } = options;
  checkInteger("epochs", epochs, 1);
  checkInteger("runs", runs, 1);
  checkOption("learningRate", learningRate, "a number above 0", learningRate > 0 && Number.isFinite(learningRate));
  if (train.length === 0 || gold.length === 0) {
    const reason = `A student needs rows to learn from and gold rows, received ${train.length} and ${gold.length}`;
    return { accuracy: null, reason };
  }
  const { onProgress: progress = unwatched } = options;
  const labels = [...new Set([...train, ...gold].map(({ label }) => label))].sort();
  const idf = inverseDocumentFrequency(train.map(({ text }) => text));
  progress(0.03);
  const trainRows = encode(train, labels, idf);
  progress(0.06);
  const goldRows = encode(gold, labels, idf);

  const perRun: number[] = [];
  const confusion = labels.map(() => labels.map(() => 0));
  const dynamics = { probability: [] as Float64Array[], correct: [] as Uint8Array[] };
  for (let run = 0; run < runs; run++) {
    const student = new SoftmaxRegression(labels.length, learningRate);
    const random = evaluationRandom(seed, "student", run);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const done = 0.1 + (0.9 * (run + epoch / epochs)) / runs;
      for (const [i, r] of random.sample(trainRows.length, trainRows.length).entries()) {
        if (i % progressEvery === 0) progress(done + (0.9 * i) / trainRows.length / runs / epochs);
        student.learn(trainRows[r]!.features, trainRows[r]!.label);
      }
      if (run === 0) record(student, trainRows, dynamics);
    }
    let right = 0;
    for (const { features, label } of goldRows) {
      const predicted = argmax(student.probabilities(features));
      confusion[label]![predicted]!++;
      if (predicted === label) right++;
    }
    perRun.push(right / goldRows.length);
  }
  const known = new Set(train.map(({ label }) => label));
  const accuracy = mean(perRun);
  return {
    accuracy,
    interval: tInterval(perRun),
    rowsInterval: wilsonInterval(accuracy, goldRows.length),
    perRun,
    labels,
    unseenLabels: labels.filter((label) => !known.has(label)),
    confusion,
    dynamics,
  };
}

interface EncodedRow {
  readonly features: SparseVector;
  readonly label: number;
}

function encode(rows: readonly LabelledText[], labels: readonly string[], idf: Float64Array): EncodedRow[] {
  const index = new Map(labels.map((label, k) => [label, k]));
  return rows.map(({ text, label }) => ({ features: textFeatures(text, idf), label: index.get(label)! }));
}

// Adds one epoch: a pass over all rows after training on them, as the paper's cartography has it.
function record(
  student: SoftmaxRegression,
  rows: readonly EncodedRow[],
  { probability, correct }: { probability: Float64Array[]; correct: Uint8Array[] },
): void {
  const own = new Float64Array(rows.length);
  const right = new Uint8Array(rows.length);
  for (const [r, { features, label }] of rows.entries()) {
    const probabilities = student.probabilities(features);
    own[r] = probabilities[label]!;
    right[r] = argmax(probabilities) === label ? 1 : 0;
  }
  probability.push(own);
  correct.push(right);
}
