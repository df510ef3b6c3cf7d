// A text as a set of shingles, one text at a time: what a near-duplicate index that grows with a run needs.

import { normalise, wordsOf } from "../text/normalise.js";
import { mix } from "./mix.js";

/**
 * The distinct shingles (runs of `length` words; punctuation and case do not count) of a text, as increasing 32-bit hashes. A
 * text with fewer words is one shingle. Two different shingles share a hash with a probability of 2^-32, which moves a similarity
 * by one shingle.
 */
export function shingleHashes(text: string, length: number): Int32Array {
  const hashes = wordsOf(normalise(text)).map(wordHash);
  const size = Math.min(length, hashes.length);
  const shingles = new Int32Array(hashes.length - size + 1);
  for (let start = 0; start < shingles.length; start++) {
    let hash = size; // a short text is no shingle of a longer one
    for (let i = start; i < start + size; i++) hash = mix(Math.imul(hash, 31) ^ hashes[i]!);
    shingles[start] = hash;
  }
  return distinctSorted(shingles);
}

/** Sorts the numbers, which it may overwrite, and leaves each out after its first. */
export function distinctSorted(ids: Int32Array): Int32Array {
  ids.sort();
  let kept = 0;
  ids.forEach((id, i) => {
    if (i === 0 || id !== ids[i - 1]) ids[kept++] = id;
  });
  return ids.slice(0, kept);
}

// FNV-1a over UTF-16 units, mixed.
function wordHash(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return mix(hash);
}
