// Texts as sparse vectors: hashed TF-IDF of words and word pairs, what the proxy student reads.
import { euclideanLength } from "../numbers/sum.js";
import { fnv1a } from "../text/hash.js";
import { wordsIn } from "../text/words.js";

/** One text: which columns are not 0, ascending, and their values. Scaled to length 1 unless there are none. */
export interface SparseVector {
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/**
 * Columns that words and word pairs are hashed into. Of 10^5 distinct ones a third share theirs, mostly with rare ones.
 */
export const featureColumns = 2 ** 18;

/** How often a text has each column's words or pairs: columns ascending, as many counts. */
export interface WordCounts {
  readonly columns: Int32Array;
  readonly counts: Int32Array;
}

/** The words and word pairs of a text, lower-cased and hashed. */
export function wordCounts(text: string): WordCounts {
  const counts = new Map<number, number>();
  const add = (column: number) => counts.set(column, (counts.get(column) ?? 0) + 1);
  let previous: string | undefined;
  for (const word of wordsIn(text.toLowerCase())) {
    add(columnOf(word));
    if (previous !== undefined) add(columnOf(`${previous} ${word}`));
    previous = word;
  }
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return {
    columns: Int32Array.from(sorted, ([column]) => column),
    counts: Int32Array.from(sorted, ([, count]) => count),
  };
}

/** How many of the texts have each column. */
export function documentFrequency(texts: readonly WordCounts[]): Int32Array {
  const frequency = new Int32Array(featureColumns);
  for (const { columns } of texts) for (const column of columns) frequency[column]!++;
  return frequency;
}

/** Inverse document frequency of each column, ln((1 + texts) / (1 + texts that have it)) + 1. */
export function inverseDocumentFrequency(texts: readonly WordCounts[]): Float64Array {
  return inverseFrequency(documentFrequency(texts), texts.length);
}

/** The same of texts that were counted before. */
export function inverseFrequency(frequency: Int32Array, texts: number): Float64Array {
  return new Float64Array(frequency).map((count) => Math.log((1 + texts) / (1 + count)) + 1);
}

/** The TF-IDF vector of a text, with the frequencies of the training texts. */
export function textFeatures({ columns, counts }: WordCounts, idf: Float64Array): SparseVector {
  const weights = Array.from(counts, (count, i) => count * idf[columns[i]!]!);
  const length = euclideanLength(weights) || 1;
  return { columns, values: Float32Array.from(weights, (weight) => weight / length) };
}

// The upper bits of the hash are folded in, since its lower ones are the weak ones.
function columnOf(feature: string): number {
  const state = fnv1a(feature);
  return (state ^ (state >>> 15)) & (featureColumns - 1);
}
