// What all students have in common: a row to learn from, and what comes of it.
import { suggestion } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import type { ProgressOptions } from "../numbers/progress.js";

/** A text and the name of its label. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/** A row that a student learns from: its label, and how much it counts. */
export interface StudentRow {
  readonly label: string;
  /** How many rows it counts for, a number from 0; default 1. A row of weight 0 is as good as absent. */
  readonly weight?: number | undefined;
}

/** A row for a student that reads texts. */
export interface TextRow extends StudentRow {
  readonly text: string;
}

/** A row for a student that reads embeddings. */
export interface VectorRow extends StudentRow {
  /** Of any length but the same for all rows; only its direction counts. */
  readonly vector: Float32Array;
}

/** Labels that a student tells apart at most: it has a weight for each of them and each word, or number of a vector. */
export const mostStudentLabels = 1000;

/** A classifier that has learnt. */
export interface Classifier<Input> {
  /** What it tells apart, in the order of its probabilities. */
  readonly labels: readonly string[];
  /**
   * The probability of each of `labels`, one array an input, each with sum 1; 0 exactly for a label that no row of
   * the training had.
   */
  probabilities(inputs: readonly Input[], options?: ProgressOptions): Float64Array[];
}

/** A classifier that can be kept: "proxy" reads texts, "logistic" embeddings. */
export interface Student<Input> extends Classifier<Input> {
  readonly kind: "proxy" | "logistic";
  /**
   * Writes it to a file, which is there whole or not at all, for `loadStudent`. What was there is replaced.
   * @throws Node's own error when it cannot be written.
   */
  save(path: string): Promise<void>;
}

/** Training rows by number: what the learners take. */
export interface Lesson<Row> {
  /** Labels asked for. */
  readonly labels: readonly string[];
  /** Rows whose weight is above 0, and for each the number of its label in `seen`, and its weight. */
  readonly rows: readonly Row[];
  readonly targets: Int32Array;
  readonly weights: Float64Array;
  /** Numbers in `labels` of those that have a row, ascending. */
  readonly seen: readonly number[];
}

/**
 * The rows that count, by number.
 * @param labels  default those of the rows, sorted.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for labels that `labels` lacks, weights that are no numbers
 * from 0, where no row counts, and where the rows have more than {@link mostStudentLabels} labels.
 */
export function lessonOf<Row extends StudentRow>(
  rows: readonly Row[],
  labels: readonly string[] = [...new Set(rows.map(({ label }) => label))].sort(),
): Lesson<Row> {
  const number = new Map(labels.map((label, k) => [label, k]));
  const issues: ConfigIssue[] = [];
  for (const label of new Set(rows.map((row) => row.label))) {
    if (number.has(label)) continue;
    const message = `Unknown label ${JSON.stringify(label)}${suggestion(label, labels)}`;
    issues.push({ path: `rows[${rows.findIndex((row) => row.label === label)}].label`, message });
  }
  const wrong = rows.findIndex(({ weight = 1 }) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong !== -1) {
    const message = `Expected a finite number from 0, received ${rows[wrong]!.weight}`;
    issues.push({ path: `rows[${wrong}].weight`, message });
  }
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const counting = rows.filter(({ weight = 1 }) => weight > 0);
  if (counting.length === 0) {
    const message = `Expected a row to learn from, with a weight above 0, received none among ${rows.length}`;
    throw invalidField("rows", message);
  }
  const own = counting.map(({ label }) => number.get(label)!);
  const seen = [...new Set(own)].sort((a, b) => a - b);
  if (seen.length > mostStudentLabels) {
    const message = `Expected rows of at most ${mostStudentLabels} labels, received rows of ${seen.length}`;
    throw invalidField("rows", message);
  }
  const position = new Map(seen.map((label, k) => [label, k]));
  return {
    labels,
    rows: counting,
    targets: Int32Array.from(own, (label) => position.get(label)!),
    weights: Float64Array.from(counting, ({ weight = 1 }) => weight),
    seen,
  };
}

/** What a student knows of labels: those asked for, and the numbers of those that it saw, ascending. */
export type Known = Pick<Lesson<unknown>, "labels" | "seen">;

/** Probabilities of the labels seen as probabilities of all labels. */
export function spread(ofSeen: Float64Array, { labels, seen }: Known): Float64Array {
  if (seen.length === labels.length) return ofSeen;
  const all = new Float64Array(labels.length);
  for (const [k, label] of seen.entries()) all[label] = ofSeen[k]!;
  return all;
}
