// Sets of texts that near duplicates join: a text of one set is like none of another.

import { normalise } from "../text/normalise.js";
import { NearIndex } from "./near-index.js";
import { shingleHashes } from "./shingles.js";

// What `duplicates` of corrsynth/evaluate goes by, too.
const threshold = 0.7;
const wordsOfShingle = 3;

/**
 * Of each text, the position of the first in its set: all texts that exact or near duplicates join, directly or through others.
 * Two are near duplicates when their sets of word 3-grams have a Jaccard similarity of at least 0.7; of those just at the
 * threshold, one pair in a thousand is missed.
 */
export function nearGroups(texts: readonly string[]): Int32Array {
  const parent = Int32Array.from(texts, (_, i) => i);
  const rootOf = (start: number) => {
    let node = start;
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]!]!; // halves the path for the next who asks
      node = parent[node]!;
    }
    return node;
  };
  const join = (a: number, b: number) => {
    const [rootA, rootB] = [rootOf(a), rootOf(b)];
    parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  };
  // Equal texts are joined beforehand and compared once.
  const first = new Map<string, number>();
  texts.forEach((text, position) => {
    const normal = normalise(text);
    const earlier = first.get(normal);
    if (earlier === undefined) first.set(normal, position);
    else join(earlier, position);
  });
  const positions = [...first.values()];
  const index = new NearIndex(threshold);
  for (const [text, position] of first) {
    const set = shingleHashes(text, wordsOfShingle);
    const report = (other: number) => join(position, positions[other]!);
    index.match(set, report, (other) => rootOf(position) === rootOf(positions[other]!));
    index.add(set);
  }
  return parent.map((_, position) => rootOf(position));
}
