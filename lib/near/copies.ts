// How much of a dataset was copied from texts that were known before: the seeds in the prompts, or the gold set.
import { progressEvery } from "../numbers/progress.js";
import { normalise } from "../text/normalise.js";
import { NearIndex } from "./near-index.js";
import { type NearOptions, type NearSettings, nearOptions } from "./near-options.js";
import { shingleSets } from "./shingles.js";

/** A copied text and what it was copied from, by their positions in the two lists. */
export interface CopyPair {
  readonly text: number;
  readonly source: number;
  /** Jaccard similarity of the shingle sets, threshold..1. */
  readonly similarity: number;
  /** Whether the two are the same up to case and white space. */
  readonly exact: boolean;
}

/** The texts that are copies of a source. */
export interface Copies {
  /** Texts that were looked up. */
  readonly texts: number;
  /** Blank texts, which were left out. Blank sources are left out, too. */
  readonly blank: number;
  /** Sources that they were looked up in. */
  readonly sources: number;
  /** Texts equal to a source up to case and white space. */
  readonly exact: number;
  /** `exact / texts`, 0..1; null without texts. */
  readonly exactRate: number | null;
  /** Texts equal to a source or nearly so. */
  readonly near: number;
  /** `near / texts`, 0..1; null without texts. */
  readonly nearRate: number | null;
  /** Each copied text with the source most like it, the most alike first; at most `options.pairs`. */
  readonly pairs: readonly CopyPair[];
}

/**
 * Counts the texts that copy one of the sources, exactly or nearly, with the meanings that `duplicates` gives to these
 * words. Repeats among the texts count each; repeats among the sources do not matter. A source that is but a part of a
 * longer text is a near copy only while it makes up the threshold's share of it.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when an option is out of its range.
 * @example
 * import { copies } from "corrsynth/evaluate";
 * console.log(copies(["A cat.", "a dog"], ["a cat."]).exact); // 1
 */
export function copies(texts: readonly string[], sources: readonly string[], options: NearOptions = {}): Copies {
  const settings = nearOptions(options);
  const wanted = notBlank(texts);
  const given = notBlank(sources);
  const found = nearestSources(wanted, given, settings);
  const pairs = found.sort(
    (a, b) => b.similarity - a.similarity || Number(b.exact) - Number(a.exact) || a.text - b.text,
  );
  const count = wanted.length;
  const exact = pairs.filter((pair) => pair.exact).length;
  return {
    texts: count,
    blank: texts.length - count,
    sources: given.length,
    exact,
    exactRate: count === 0 ? null : exact / count,
    near: pairs.length,
    nearRate: count === 0 ? null : pairs.length / count,
    pairs: pairs.slice(0, settings.pairs),
  };
}

interface Placed {
  readonly normal: string;
  readonly index: number;
}

function notBlank(texts: readonly string[]): Placed[] {
  return texts.map((text, index) => ({ normal: normalise(text), index })).filter(({ normal }) => normal !== "");
}

function nearestSources(
  texts: readonly Placed[],
  sources: readonly Placed[],
  { shingle, threshold, onProgress }: NearSettings,
): CopyPair[] {
  const distinct = new Map<string, number>(); // normalised source -> its first position
  for (const { normal, index } of sources) if (!distinct.has(normal)) distinct.set(normal, index);
  // Shingles are numbered over both lists together, so that equal ones have equal numbers.
  const all = [...distinct.keys(), ...texts.map(({ normal }) => normal)];
  const sets = shingleSets(all, shingle);
  const positions = [...distinct.values()];
  const index = new NearIndex(threshold);
  for (let source = 0; source < distinct.size; source++) index.add(sets[source]!);
  const pairs: CopyPair[] = [];
  texts.forEach((text, t) => {
    if (t % progressEvery === 0) onProgress(t / texts.length);
    const same = distinct.get(text.normal);
    let best = { source: same ?? -1, similarity: same === undefined ? 0 : 1, exact: same !== undefined };
    if (!best.exact) {
      index.match(sets[distinct.size + t]!, (found, similarity) => {
        const source = positions[found]!;
        const isBetter = similarity > best.similarity || (similarity === best.similarity && source < best.source);
        if (isBetter) best = { source, similarity, exact: false };
      });
    }
    if (best.source >= 0) pairs.push({ text: text.index, ...best });
  });
  return pairs;
}
