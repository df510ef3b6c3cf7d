// A logistic student in its file: a row of weights for each label that it saw, the bias last.
import { type Head, NumberReader, writeStudent } from "./saved-student.js";
import type { Known } from "./student.js";

/** What a logistic student has learnt. */
export interface TrainedLogistic extends Known {
  /** Numbers of a vector. */
  readonly dims: number;
  /** For each label seen a row of `dims` weights and the bias. */
  readonly weights: Float64Array;
}

export async function saveLogistic(path: string, { labels, seen, dims, weights }: TrainedLogistic): Promise<void> {
  await writeStudent(path, { kind: "logistic", labels, seen, dims }, [weights]);
}

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the numbers are not those of a logistic student. */
export function readLogistic(path: string, { labels, seen, dims = 0 }: Head, body: Buffer): TrainedLogistic {
  const count = seen.length * (dims + 1);
  return { labels, seen, dims, weights: new NumberReader(path, body, 8 * count).doubles(count) };
}
