// Rows as a last layer reads them: hashed TF-IDF of their texts, or embeddings, as sparse vectors of bounded width.
import { invalidField } from "../errors.js";
import { euclideanLength } from "../numbers/sum.js";
import { unitVectors } from "../numbers/vectors.js";
import type { LayerRow } from "./last-layer.js";
import { countWords } from "./proxy.js";
import { lessonOf, type StudentRow } from "./student.js";
import { documentFrequency, inverseFrequency, type SparseVector } from "./text-features.js";

/** A row with its text, its embedding, or both: the embedding counts where all rows have one. */
export interface JudgedRow extends StudentRow {
  readonly text?: string | undefined;
  /** Of one length for all rows. */
  readonly vector?: Float32Array | undefined;
}

/** Rows by number. */
export interface Layered {
  readonly rows: readonly LayerRow[];
  readonly dims: number;
  readonly labels: readonly string[];
  /** Weights that the rows came with. */
  readonly weights: Float64Array;
}

/** Weights of a last layer at most, 16 MiB of them: of many labels, words share their columns more. */
const mostWeights = 2 ** 21;
const mostColumns = 2 ** 15;

/**
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `trainStudent`, and for rows of which some lack text and vector.
 */
export function layered(rows: readonly JudgedRow[], labels?: readonly string[]): Layered {
  const lesson = lessonOf(rows, labels);
  const number = new Map(lesson.labels.map((label, k) => [label, k]));
  const { vectors, dims } = rows.every(({ vector }) => vector !== undefined)
    ? dense(rows.map(({ vector }) => vector!))
    : ofTexts(rows.map(textOf), lesson.labels.length);
  return {
    rows: vectors.map((vector, r) => ({ vector, target: number.get(rows[r]!.label)! })),
    dims,
    labels: lesson.labels,
    weights: Float64Array.from(rows, ({ weight = 1 }) => weight),
  };
}

/**
 * Texts as vectors of length 1. Words and word pairs of one text alone are left out, which say nothing of others and let a
 * row be learnt by heart; the others are hashed into as many columns as so many labels allow.
 */
export function ofTexts(texts: readonly string[], labels: number): { vectors: SparseVector[]; dims: number } {
  const counts = countWords(texts, () => undefined);
  const frequency = documentFrequency(counts);
  const idf = inverseFrequency(frequency, texts.length);
  let dims = mostColumns;
  while (dims > 1024 && dims * labels > mostWeights) dims /= 2;
  const numbers = new Map<number, number>();
  const numberOf = (column: number) => {
    const known = numbers.get(column % dims) ?? numbers.size;
    numbers.set(column % dims, known);
    return known;
  };
  const vectors = counts.map(({ columns, counts: own }) => {
    const values = new Map<number, number>();
    columns.forEach((column, i) => {
      if (frequency[column]! < 2) return;
      const number = numberOf(column);
      values.set(number, (values.get(number) ?? 0) + own[i]! * idf[column]!);
    });
    return unitVector(values);
  });
  return { vectors, dims: Math.max(1, numbers.size) };
}

/** Embeddings as vectors of length 1. */
export function dense(embeddings: readonly Float32Array[]): { vectors: SparseVector[]; dims: number } {
  const { values, rows, dims } = unitVectors(embeddings, "rows.vector");
  const columns = Int32Array.from({ length: dims }, (_, d) => d);
  const rowOf = (r: number) => ({ columns, values: values.subarray(r * dims, (r + 1) * dims) });
  return { vectors: Array.from({ length: rows }, (_, r) => rowOf(r)), dims };
}

function unitVector(columnValues: ReadonlyMap<number, number>): SparseVector {
  const sorted = [...columnValues].sort(([a], [b]) => a - b);
  const length = euclideanLength(sorted.map(([, value]) => value)) || 1;
  return {
    columns: Int32Array.from(sorted, ([column]) => column),
    values: Float32Array.from(sorted, ([, value]) => value / length),
  };
}

function textOf({ text }: JudgedRow, r: number): string {
  if (typeof text === "string") return text;
  throw invalidField(`rows[${r}]`, "Expected a text, or a vector in every row, received neither");
}
