/** How alike labels are, by the words of their seeds: for groups of labels that are hard to tell apart. */
import { euclideanLength, sum } from "../numbers/sum.js";
import { normalise, wordsOf } from "../text/normalise.js";
import type { SeedPools } from "./seeds.js";

/** A word's weight in the texts of a label, all of them together of length 1. */
type Centroid = ReadonlyMap<string, number>;

/**
 * The cosines of the labels' TF-IDF centroids, `[label][other]`, 0..1: the mean over a label's texts of the words that
 * each has, a word weighing ln(texts / texts that have it), over the texts of all labels.
 * @param pools  seeds by label; a label without any is known by its phrase.
 */
export function labelLikeness(labels: readonly { readonly verbalization: string }[], pools: SeedPools): number[][] {
  const texts = labels.map(({ verbalization }, label) => {
    const seeds = pools[label]?.map(({ text }) => text) ?? [];
    return (seeds.length > 0 ? seeds : [verbalization]).map((text) => new Set(wordsOf(normalise(text))));
  });
  const frequency = new Map<string, number>();
  for (const words of texts.flat()) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const total = sum(texts.map(({ length }) => length));
  const centroids = texts.map((own) => centroid(own, (word) => Math.log(total / frequency.get(word)!)));
  return centroids.map((a) => centroids.map((b) => product(a, b)));
}

function centroid(texts: readonly ReadonlySet<string>[], weightOf: (word: string) => number): Centroid {
  const weights = new Map<string, number>();
  for (const words of texts) for (const word of words) weights.set(word, (weights.get(word) ?? 0) + weightOf(word));
  const length = euclideanLength([...weights.values()]) || 1;
  return new Map([...weights].map(([word, weight]) => [word, weight / length]));
}

function product(a: Centroid, b: Centroid): number {
  let total = 0;
  for (const [word, weight] of a) total += weight * (b.get(word) ?? 0);
  return total;
}
