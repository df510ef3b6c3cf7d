// Sets of texts that near duplicates join: a text of one set is like none of another.
import { normalise } from "../text/normalise.js";
import { NearIndex } from "./near-index.js";
import { shingleHashes } from "./shingles.js";
import { nearness } from "./thresholds.js";
import { UnionFind } from "./union-find.js";

/**
 * Of each text, the position of the first in its set: all texts that exact or near duplicates join, directly or through
 * others. Two are near duplicates when their sets of word 3-grams have a Jaccard similarity of at least 0.7; of those
 * just at the threshold, one pair in a thousand is missed.
 */
export function nearGroups(texts: readonly string[]): Int32Array {
  const { shingle, threshold } = nearness.splits;
  const groups = new UnionFind(texts.length);
  // Equal texts are joined beforehand and compared once.
  const first = new Map<string, number>();
  texts.forEach((text, position) => {
    const normal = normalise(text);
    const earlier = first.get(normal);
    if (earlier === undefined) first.set(normal, position);
    else groups.join(earlier, position);
  });
  const positions = [...first.values()];
  const index = new NearIndex(threshold);
  for (const [text, position] of first) {
    const set = shingleHashes(text, shingle);
    const report = (other: number) => groups.join(position, positions[other]!);
    index.match(set, report, (other) => groups.areJoined(position, positions[other]!));
    index.add(set);
  }
  return Int32Array.from(texts, (_, position) => groups.root(position));
}
