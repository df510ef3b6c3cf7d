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

/** Inverse document frequency of each column, ln((1 + texts) / (1 + texts that have it)) + 1. */
export function inverseDocumentFrequency(texts: readonly string[]): Float64Array {
  const frequency = new Float64Array(featureColumns);
  for (const text of texts) {
    for (const column of countFeatures(text).keys()) frequency[column]!++;
  }
  return frequency.map((count) => Math.log((1 + texts.length) / (1 + count)) + 1);
}

/** The TF-IDF vector of a text, with the frequencies of the training texts. */
export function textFeatures(text: string, idf: Float64Array): SparseVector {
  const counts = [...countFeatures(text)].sort(([a], [b]) => a - b);
  const weights = counts.map(([column, count]) => count * idf[column]!);
  const length = euclideanLength(weights) || 1;
  return {
    columns: Int32Array.from(counts, ([column]) => column),
    values: Float32Array.from(weights, (weight) => weight / length),
  };
}

// How often the text has each column's words or pairs, lower-cased.
function countFeatures(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (column: number) => counts.set(column, (counts.get(column) ?? 0) + 1);
  let previous: string | undefined;
  for (const word of wordsIn(text.toLowerCase())) {
    add(columnOf(word));
    if (previous !== undefined) add(columnOf(`${previous} ${word}`));
    previous = word;
  }
  return counts;
}

// The upper bits of the hash are folded in, since its lower ones are the weak ones.
function columnOf(feature: string): number {
  const state = fnv1a(feature);
  return (state ^ (state >>> 15)) & (featureColumns - 1);
}
