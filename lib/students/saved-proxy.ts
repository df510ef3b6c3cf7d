// A proxy student in its file: of each column that it learnt from, the number of texts that have it, and its weights.
import { invalidField } from "../errors.js";
import { type Head, NumberReader, writeStudent } from "./saved-student.js";
import { SoftmaxRegression } from "./softmax-regression.js";
import type { Known } from "./student.js";
import { featureColumns } from "./text-features.js";

/** What a proxy student has learnt. */
export interface TrainedProxy extends Known {
  /** Texts that it learnt from. */
  readonly texts: number;
  /** How many of them have each column. */
  readonly frequency: Int32Array;
  readonly regression: SoftmaxRegression;
}

export async function saveProxy(
  path: string,
  { labels, seen, texts, frequency, regression }: TrainedProxy,
): Promise<void> {
  const { columns, weights, bias } = regression.learnt();
  const head = { kind: "proxy", labels, seen, texts, columns: columns.length } as const;
  await writeStudent(path, head, [columns, columns.map((column) => frequency[column]!), weights, bias]);
}

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the numbers are not those of a proxy student. */
export function readProxy(
  path: string,
  { labels, seen, texts = 0, columns: count = 0 }: Head,
  body: Buffer,
): TrainedProxy {
  const k = seen.length;
  const reader = new NumberReader(path, body, 4 * (count * (2 + k) + k));
  const columns = reader.integers(count);
  const counts = reader.integers(count);
  const isSound = columns.every((column, c) => {
    const isNext = column > (columns[c - 1] ?? -1) && column < featureColumns;
    return isNext && counts[c]! >= 1 && counts[c]! <= texts;
  });
  if (!isSound) throw invalidField(path, "Expected columns in order, each of some of its texts, received others");
  const frequency = new Int32Array(featureColumns);
  columns.forEach((column, c) => {
    frequency[column] = counts[c]!;
  });
  const regression = SoftmaxRegression.of(k, { columns, weights: reader.floats(count * k), bias: reader.floats(k) });
  return { labels, seen, texts, frequency, regression };
}
