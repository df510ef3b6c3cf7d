// The proxy student: a small classifier that learns from the generated rows and is tested on gold ones.
import { InvalidConfigError } from "../errors.js";
import { evaluationRandom } from "../random.js";
import { argmax, type TrainingDynamics } from "./cartography.js";
import { type Pace, type PaceOptions, pace, part } from "./pace.js";
import { SoftmaxRegression } from "./softmax-regression.js";
import { type Interval, mean, tInterval, wilsonInterval } from "./statistics.js";
import { inverseDocumentFrequency, type SparseVector, textFeatures } from "./text-features.js";

/** Name of the student, to print beside its accuracy, which is not to be compared with that of DistilBERT. */
export const proxyStudentName = "proxy student: softmax regression on hashed TF-IDF of words and word pairs";

/** A text and the name of its label. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

export interface ProxyStudentOptions extends PaceOptions {
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
      /** 95 % interval of that mean by Student's t; null of one student. Narrow: they differ in the rows' order alone. */
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
 * Trains proxy students on the training rows and tests them on the gold rows. With gold rows to train on and generated rows
 * as gold it measures label agreement.
 *
 * Generated rows weigh all alike; blank texts have only their label's frequency to go by, so drop them before.
 * @param train  the generated rows.
 * @param gold  human rows that the students never see.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range.
 */
export async function proxyStudent(
  train: readonly LabelledText[],
  gold: readonly LabelledText[],
  options: ProxyStudentOptions = {},
): Promise<ProxyStudent> {
  const { epochs = 6, runs = 5, learningRate = 0.2, seed = 0 } = options;
  check("epochs", epochs, "an integer from 1", Number.isInteger(epochs) && epochs >= 1);
  check("runs", runs, "an integer from 1", Number.isInteger(runs) && runs >= 1);
  check("learningRate", learningRate, "a number above 0", learningRate > 0 && Number.isFinite(learningRate));
  if (train.length === 0 || gold.length === 0) {
    const reason = `A student needs rows to learn from and gold rows, received ${train.length} and ${gold.length}`;
    return { accuracy: null, reason };
  }
  const steps = pace(options);
  const labels = [...new Set([...train, ...gold].map(({ label }) => label))].sort();
  const texts = train.map(({ text }) => text);
  const idf = await inverseDocumentFrequency(texts, part(steps, 0, 0.02));
  const trainRows = await encode(train, labels, idf, part(steps, 0.02, 0.05));
  const goldRows = await encode(gold, labels, idf, part(steps, 0.05, 0.1));

  const perRun: number[] = [];
  const confusion = labels.map(() => labels.map(() => 0));
  const dynamics = { probability: [] as Float64Array[], correct: [] as Uint8Array[] };
  for (let run = 0; run < runs; run++) {
    const student = new SoftmaxRegression(labels.length, learningRate);
    const random = evaluationRandom(seed, "student", run);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const done = 0.1 + (0.9 * (run + epoch / epochs)) / runs;
      for (const [i, r] of random.sample(trainRows.length, trainRows.length).entries()) {
        if (i % 64 === 0) await steps(done + (0.9 * i) / trainRows.length / runs / epochs);
        student.learn(trainRows[r]!.features, trainRows[r]!.label);
      }
      if (run === 0) await record(student, trainRows, dynamics, () => steps(done));
    }
    let right = 0;
    for (const [i, { features, label }] of goldRows.entries()) {
      if (i % 64 === 0) await steps(0.1 + (0.9 * (run + 1)) / runs);
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

async function encode(
  rows: readonly LabelledText[],
  labels: readonly string[],
  idf: Float64Array,
  pace: Pace,
): Promise<EncodedRow[]> {
  const index = new Map(labels.map((label, k) => [label, k]));
  const encoded: EncodedRow[] = [];
  for (const { text, label } of rows) {
    if (encoded.length % 64 === 0) await pace(encoded.length / rows.length);
    encoded.push({ features: textFeatures(text, idf), label: index.get(label)! });
  }
  return encoded;
}

// Adds one epoch: a pass over all rows after training on them, as the paper's cartography has it.
async function record(
  student: SoftmaxRegression,
  rows: readonly EncodedRow[],
  { probability, correct }: { probability: Float64Array[]; correct: Uint8Array[] },
  breathe: () => Promise<void>,
): Promise<void> {
  const own = new Float64Array(rows.length);
  const right = new Uint8Array(rows.length);
  for (const [r, { features, label }] of rows.entries()) {
    if (r % 64 === 0) await breathe();
    const probabilities = student.probabilities(features);
    own[r] = probabilities[label]!;
    right[r] = argmax(probabilities) === label ? 1 : 0;
  }
  probability.push(own);
  correct.push(right);
}

function check(path: string, value: number, expected: string, holds: boolean): void {
  if (!holds) throw new InvalidConfigError([{ path, message: `Expected ${expected}, received ${value}` }]);
}
