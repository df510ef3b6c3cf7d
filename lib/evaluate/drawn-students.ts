// How good a set of rows is to learn from, with an interval: students on all of it, and five on random draws.
import { argmax } from "../numbers/extremes.js";
import { type Progress, type ProgressOptions, partOf } from "../numbers/progress.js";
import { type Interval, mean, standardDeviation, tQuantile } from "../numbers/statistics.js";
import { evaluationRandom, type RandomStream } from "../random.js";
import { crossFitWith } from "../students/cross-fit.js";
import { logisticStudentName, trainLogistic } from "../students/logistic.js";
import { proxyStudentName, trainOnCounts } from "../students/proxy.js";
import type { Classifier } from "../students/student.js";
import type { WordCounts } from "../students/text-features.js";
import { byLabel } from "./by-label.js";

/** Students whose spread makes an interval. */
export const drawsPerSet = 5;

/** A row as students of one kind read it. */
export interface StudyRow<Input> {
  readonly label: string;
  readonly weight?: number | undefined;
  readonly input: Input;
}

/** A kind of student. */
export interface StudentKind<Input> {
  /** To print beside its figures. */
  readonly name: string;
  /** Students that the figure of all rows is the mean of: 1 where the order of the rows means nothing. */
  readonly orders: number;
  /** @param options.order  which of the orders of the rows, an integer from 0. */
  train(
    rows: readonly StudyRow<Input>[],
    options: ProgressOptions & { readonly labels: readonly string[]; readonly seed: number; readonly order: number },
  ): Classifier<Input>;
}

/** Reads words, counted before. */
export const proxyKind: StudentKind<WordCounts> = {
  name: proxyStudentName,
  orders: 5,
  train: (rows, { order, ...options }) => trainOnCounts(rows, { kind: "proxy", ...options }, order),
};

/** Reads the vectors of an embedder. */
export function logisticKind(embedder: string): StudentKind<Float32Array> {
  return {
    name: `${logisticStudentName}: ${embedder}`,
    orders: 1,
    train: (rows, { labels, onProgress }) => {
      const own = rows.map(({ label, weight, input: vector }) => ({ label, weight, vector }));
      return trainLogistic(own, { kind: "logistic", labels, onProgress }, 1e-4); // accuracies need no more
    },
  };
}

/** What students learn from. */
export interface Study<Input> {
  /** All of it; null where it is nothing but its draws. */
  readonly whole: readonly StudyRow<Input>[] | null;
  /** A draw of its rows, never empty. */
  draw(random: RandomStream): readonly StudyRow<Input>[];
}

/** What the students come to. */
export interface Tested {
  /** The mean over the students of all rows, or else over the draws. */
  readonly accuracy: number;
  /** 95 %: what another set of rows like these would come to. */
  readonly interval: Interval;
  readonly perDraw: readonly number[];
  /** `confusion[label][predicted]`, summed over the same students. */
  readonly confusion: readonly (readonly number[])[];
}

/** The rows as they are, and draws of half of them. */
export function halved<Input>(rows: readonly StudyRow<Input>[]): Study<Input> {
  return { whole: rows, draw: (random) => half(rows, random) };
}

/** Half of the rows of each label, rounded up: none is without. */
export function half<Row extends { readonly label: string }>(rows: readonly Row[], random: RandomStream): Row[] {
  const labels = rows.map(({ label }) => label);
  const drawn = (own: readonly Row[]) => random.sample(own.length, Math.ceil(own.length / 2)).map((i) => own[i]!);
  return [...byLabel(rows, labels, drawn).values()].flat();
}

/**
 * Trains students of a kind and tests them. Rows of a label that no training row has count as wrong.
 */
export function testStudents<Input>(
  kind: StudentKind<Input>,
  { whole, draw }: Study<Input>,
  test: readonly StudyRow<Input>[],
  options: { readonly labels: readonly string[]; readonly seed: number; readonly progress: Progress },
): Tested {
  const { labels, seed, progress } = options;
  const position = new Map(labels.map((label, k) => [label, k]));
  const inputs = test.map(({ input }) => input);
  const confusion = labels.map(() => labels.map(() => 0));
  const trainings = drawsPerSet + (whole === null ? 0 : kind.orders);
  let done = 0;
  const run = (rows: readonly StudyRow<Input>[], order: number, isCounted: boolean) => {
    const onProgress = partOf(progress, done++ / trainings, done / trainings);
    const predictions = kind.train(rows, { labels, seed, order, onProgress }).probabilities(inputs);
    let right = 0;
    for (const [t, { label }] of test.entries()) {
      const [own, predicted] = [position.get(label)!, argmax(predictions[t]!)];
      if (own === predicted) right++;
      if (isCounted) confusion[own]![predicted]!++;
    }
    return right / test.length;
  };
  const ofWhole = whole === null ? [] : Array.from({ length: kind.orders }, (_, order) => run(whole, order, true));
  const perDraw = Array.from({ length: drawsPerSet }, (_, order) => {
    return run(draw(evaluationRandom(seed, "draws", order)), order, whole === null);
  });
  const accuracy = mean(ofWhole.length === 0 ? perDraw : ofWhole);
  return { accuracy, interval: intervalAround(accuracy, perDraw), perDraw, confusion };
}

/**
 * The 95 % interval of a share whose draws spread like these: ± t standard deviations, by Student's t, within 0..1. Halves of
 * the rows spread like sets of all of them would (the jackknife that deletes half, Shao & Wu 1989). It does not narrow
 * as draws are added, as that of their mean would.
 */
export function intervalAround(share: number, draws: readonly number[]): Interval {
  const width = tQuantile(draws.length - 1) * standardDeviation(draws);
  return [Math.max(0, share - width), Math.min(1, share + width)];
}

/** Share of the rows of which a student that never saw them gives the label; null of fewer than two. */
export function crossFittedAccuracy<Input>(
  kind: StudentKind<Input>,
  rows: readonly StudyRow<Input>[],
  options: { readonly labels: readonly string[]; readonly seed: number },
): number | null {
  if (rows.filter(({ weight = 1 }) => weight > 0).length < 2) return null;
  const { labels, probabilities } = crossFitWith(rows, options, (learnt, watched) => {
    const student = kind.train(learnt, { ...options, ...watched, order: 0 });
    return (held) => student.probabilities(held.map(({ input }) => input));
  });
  const right = rows.filter(({ label }, r) => labels[argmax(probabilities[r]!)] === label);
  return right.length / rows.length;
}
