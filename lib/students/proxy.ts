// The proxy student: softmax regression on hashed TF-IDF of words and word pairs. No model, no download, seconds.
import { checkInteger, checkOption } from "../checks/option.js";
import { type Progress, type ProgressOptions, partOf, progressEvery, unwatched } from "../numbers/progress.js";
import { evaluationRandom } from "../random.js";
import { saveProxy, type TrainedProxy } from "./saved-proxy.js";
import { SoftmaxRegression } from "./softmax-regression.js";
import { type Classifier, lessonOf, type Student, type StudentRow, spread, type TextRow } from "./student.js";
import {
  documentFrequency,
  inverseFrequency,
  type SparseVector,
  textFeatures,
  type WordCounts,
  wordCounts,
} from "./text-features.js";

/** Name of the student, to print beside its accuracy, which is not to be compared with that of DistilBERT. */
export const proxyStudentName = "proxy student: softmax regression on hashed TF-IDF of words and word pairs";

/** How a proxy student learns. */
export interface ProxyTraining extends ProgressOptions {
  /** Passes over the training rows, an integer from 1. Default 6. */
  readonly epochs?: number | undefined;
  /** Adagrad's learning rate, above 0. Default 0.2. */
  readonly learningRate?: number | undefined;
  /** Of the orders in which the rows are read, an integer 0..2^53 − 1. Default 0. */
  readonly seed?: number | undefined;
}

/** A proxy student, for `trainStudent`. */
export interface ProxyOptions extends ProxyTraining {
  readonly kind: "proxy";
  /** What to tell apart, in the order of the probabilities; default the labels of the rows, sorted. */
  readonly labels?: readonly string[] | undefined;
}

/** The options with their defaults; refuses what is out of range. */
export function checkedTraining({ epochs = 6, learningRate = 0.2, seed = 0 }: ProxyTraining) {
  checkInteger("epochs", epochs, 1);
  checkOption("learningRate", learningRate, "a number above 0", learningRate > 0 && Number.isFinite(learningRate));
  return { epochs, learningRate, seed };
}

/** Reads texts, the same way for every training. */
export function countWords(texts: readonly string[], progress: Progress): WordCounts[] {
  return texts.map((text, t) => {
    if (t % progressEvery === 0) progress(t / texts.length);
    return wordCounts(text);
  });
}

/** Rows as they are learnt from: features, number of the label, weight (default 1). */
export interface ReadLesson {
  readonly features: readonly SparseVector[];
  readonly targets: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
  /** Number of labels. */
  readonly labels: number;
}

/**
 * Learns in `epochs` passes, each in a random order of the rows.
 * @param draw  which of the students of one seed, an integer from 0: each has orders of its own.
 * @param onEpoch  is shown the student after each pass.
 */
export function learn(
  { features, targets, weights, labels }: ReadLesson,
  options: ReturnType<typeof checkedTraining>,
  draw: number,
  progress: Progress,
  onEpoch: (student: SoftmaxRegression) => void = () => undefined,
): SoftmaxRegression {
  const { epochs, learningRate, seed } = options;
  const student = new SoftmaxRegression(labels, learningRate, features);
  const random = evaluationRandom(seed, "student", draw);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [i, r] of random.sample(features.length, features.length).entries()) {
      if (i % progressEvery === 0) progress((epoch + i / features.length) / epochs);
      student.learn(features[r]!, targets[r]!, weights?.[r]);
    }
    onEpoch(student);
  }
  return student;
}

/** As `trainStudent` says. */
export function trainProxy(rows: readonly TextRow[], options: ProxyOptions): Student<string> {
  const { onProgress: progress = unwatched } = options;
  const counts = countWords(
    rows.map(({ text }) => text),
    partOf(progress, 0, 0.2),
  );
  const read = rows.map(({ label, weight }, r) => ({ label, weight, input: counts[r]! }));
  return proxyOf(learnFromCounts(read, { ...options, onProgress: partOf(progress, 0.2, 1) }));
}

/**
 * The same of texts that were read before, as where many students learn from the same texts.
 * @param draw  which of the students of one seed, each with orders of its own.
 */
export function trainOnCounts(
  rows: readonly (StudentRow & { readonly input: WordCounts })[],
  options: ProxyOptions,
  draw = 0,
): Classifier<WordCounts> {
  return classifierOf(learnFromCounts(rows, options, draw));
}

/** A proxy student from what it has learnt, now or before. */
export function proxyOf(trained: TrainedProxy): Student<string> {
  const { labels, probabilities } = classifierOf(trained);
  return {
    kind: "proxy",
    labels,
    probabilities: (texts, { onProgress = unwatched } = {}) =>
      probabilities(countWords(texts, partOf(onProgress, 0, 0.8)), { onProgress: partOf(onProgress, 0.8, 1) }),
    save: (path) => saveProxy(path, trained),
  };
}

function learnFromCounts(
  rows: readonly (StudentRow & { readonly input: WordCounts })[],
  options: ProxyOptions,
  draw = 0,
): TrainedProxy {
  const training = checkedTraining(options);
  const { onProgress: progress = unwatched } = options;
  const { labels, rows: counting, targets, weights, seen } = lessonOf(rows, options.labels);
  const frequency = documentFrequency(counting.map(({ input }) => input));
  const idf = inverseFrequency(frequency, counting.length);
  const features = counting.map(({ input }) => textFeatures(input, idf));
  const regression = learn({ features, targets, weights, labels: seen.length }, training, draw, progress);
  return { labels, seen, texts: counting.length, frequency, regression };
}

function classifierOf(trained: TrainedProxy): Classifier<WordCounts> {
  const { labels, texts, frequency, regression } = trained;
  const idf = inverseFrequency(frequency, texts);
  return {
    labels,
    probabilities: (inputs, { onProgress = unwatched } = {}) =>
      inputs.map((input, t) => {
        if (t % progressEvery === 0) onProgress(t / inputs.length);
        return spread(regression.probabilities(textFeatures(input, idf)), trained);
      }),
  };
}
