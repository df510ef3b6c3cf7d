// Dataset cartography (Swayamdipta et al., EMNLP 2020): how a student sees each training row while it learns.
import { invalidField } from "../errors.js";
import { argmax } from "../numbers/extremes.js";
import { mean, standardDeviation } from "../numbers/statistics.js";

/** What a student predicts for the training rows after each epoch, as far as cartography needs it: [epoch][row]. */
export interface TrainingDynamics {
  /** Probability of the row's own label, 0..1. */
  readonly probability: readonly Float64Array[];
  /** 1 where the row's own label is the most probable one (the first, on a tie), else 0. */
  readonly correct: readonly Uint8Array[];
}

/** One number a row, each 0..1. */
export interface Cartography {
  /** Mean probability of the row's own label over the epochs. */
  readonly confidence: Float64Array;
  /** Population standard deviation of that probability; at most 0.5. */
  readonly variability: Float64Array;
  /** Share of the epochs in which the own label was the most probable one. */
  readonly correctness: Float64Array;
}

/**
 * The data map from a student's probabilities at the end of each epoch.
 * @param epochs  [epoch][row][label].
 * @param gold  index of each row's own label.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when an epoch has not as many rows as `gold`, or a gold label
 * no probability.
 * @example
 * import { cartography } from "corrsynth/evaluate";
 * // two epochs, one row of label 1, whose probability rises from 0.4 to 0.8
 * const epochs = [[Float64Array.of(0.6, 0.4)], [Float64Array.of(0.2, 0.8)]];
 * const { confidence, correctness } = cartography(epochs, [1]);
 * console.log(confidence[0]?.toFixed(1), correctness[0]); // 0.6 0.5
 */
export function cartography(epochs: readonly (readonly Float64Array[])[], gold: readonly number[]): Cartography {
  const probability = epochs.map((rows, e) => {
    if (rows.length !== gold.length) {
      throw invalidField(`epochs[${e}]`, `Expected ${gold.length} rows, as many as gold has, received ${rows.length}`);
    }
    return Float64Array.from(rows, (row, r) => {
      const own = row[gold[r]!];
      if (own === undefined)
        throw invalidField(`gold[${r}]`, `Expected a label 0..${row.length - 1}, received ${gold[r]}`);
      return own;
    });
  });
  const correct = epochs.map((rows) => Uint8Array.from(rows, (row, r) => (argmax(row) === gold[r] ? 1 : 0)));
  return dataMap({ probability, correct });
}

/**
 * The data map from what a student recorded. With no epochs there are no rows either.
 * @example
 * import { dataMap, proxyStudent } from "corrsynth/evaluate";
 * const rows = ["red apple", "green leaf"].map((text, i) => ({ text, label: String(i) }));
 * const student = proxyStudent(rows, rows, { runs: 1 });
 * if (student.accuracy !== null) console.log(dataMap(student.dynamics).correctness); // of both rows
 */
export function dataMap({ probability, correct }: TrainingDynamics): Cartography {
  const rows = probability[0]?.length ?? 0;
  const perRow = (of: (row: number) => number) => Float64Array.from({ length: rows }, (_, r) => of(r));
  return {
    confidence: perRow((r) => mean(probability.map((epoch) => epoch[r]!))),
    variability: perRow((r) =>
      standardDeviation(
        probability.map((epoch) => epoch[r]!),
        0,
      ),
    ),
    correctness: perRow((r) => mean(correct.map((epoch) => epoch[r]!))),
  };
}

/** A part of the data map, by correctness: rarely learnt (often mislabelled), hard, or easy. */
export type Region = "mislabelled" | "hard" | "easy";

/** Correctness in steps of 0.1, as the paper's Figure 5 has it. */
export interface CorrectnessBucket {
  /** 0, 0.1, … 1. */
  readonly bucket: number;
  readonly region: Region;
}

/**
 * The bucket of a correctness 0..1: rounded to one decimal, a tie to the even digit (0.25 to 0.2, 0.75 to 0.8).
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is not 0..1.
 * @example
 * import { correctnessBucket } from "corrsynth/evaluate";
 * console.log(correctnessBucket(1 / 3)); // { bucket: 0.3, region: 'mislabelled' }
 */
export function correctnessBucket(correctness: number): CorrectnessBucket {
  if (!(correctness >= 0 && correctness <= 1))
    throw invalidField("correctness", `Expected 0..1, received ${correctness}`);
  // toFixed rounds the exact binary value, a tie upwards. Only 0.25 and 0.75 are exact ties, and 0.8 is even already.
  const bucket = correctness === 0.25 ? 0.2 : Number(correctness.toFixed(1));
  return { bucket, region: bucket <= 0.3 ? "mislabelled" : bucket <= 0.6 ? "hard" : "easy" };
}
