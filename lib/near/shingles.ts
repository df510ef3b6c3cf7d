// Texts as sets of shingles: runs of words, without punctuation and case. By hash, one text at a time, as an index
// needs them that grows with a run; or by number, exactly, where all texts are there from the beginning.
import { fnv1a, mixBits } from "../text/hash.js";
import { extendNgrams, internTokens, type Ngrams } from "../text/ngrams.js";
import { normalise, wordsOf } from "../text/normalise.js";

/**
 * The distinct shingles of a text, as increasing 32-bit hashes. A text with fewer than `length` words is one shingle.
 * Two different shingles share a hash with a probability of 2^-32, which moves a similarity by one shingle.
 */
export function shingleHashes(text: string, length: number): Int32Array {
  const hashes = wordsOf(normalise(text)).map((word) => mixBits(fnv1a(word)));
  const size = Math.min(length, hashes.length);
  const shingles = new Int32Array(hashes.length - size + 1);
  for (let start = 0; start < shingles.length; start++) {
    let hash = size; // a short text is no shingle of a longer one
    for (let i = start; i < start + size; i++) hash = mixBits(Math.imul(hash, 31) ^ hashes[i]!);
    shingles[start] = hash;
  }
  return distinctSorted(shingles);
}

/**
 * The distinct shingles of each text, as increasing numbers. Two shingles have the same number exactly when all their
 * words are equal. A text with fewer than `length` words is one shingle, a text without any is itself one.
 */
export function shingleSets(texts: readonly string[], length: number): Int32Array[] {
  const words = texts.map((text) => wordsOf(normalise(text)));
  const { corpus, unigrams } = internTokens(words);
  let ngrams: Ngrams = unigrams;
  while (ngrams.length < length && ngrams.distinct > 0) ngrams = extendNgrams(corpus, ngrams);
  const short = new Map<string, number>(); // whole texts that are too short, numbered after the shingles
  return words.map((text, t) => {
    if (text.length < length) {
      const whole = text.join(" "); // no word holds a space, so this is as good as the words
      if (!short.has(whole)) short.set(whole, short.size);
      return Int32Array.of(ngrams.distinct + short.get(whole)!);
    }
    const start = corpus.starts[t]!;
    return distinctSorted(ngrams.ids.slice(start, start + text.length - length + 1));
  });
}

/** Sorts the numbers, which it may overwrite, and leaves each out after its first. */
function distinctSorted(ids: Int32Array): Int32Array {
  ids.sort();
  let kept = 0;
  ids.forEach((id, i) => {
    if (i === 0 || id !== ids[i - 1]) ids[kept++] = id;
  });
  return ids.slice(0, kept);
}
