// How much of a dataset was copied from texts that were known before: the seeds in the prompts, or the gold set.
import { progressEvery } from "../numbers/progress.js";
import { normalise } from "../text/normalise.js";
import { MadeFrom, type Making } from "./made-from.js";
import { jaccard, NearIndex } from "./near-index.js";
import { type NearOptions, type NearSettings, nearOptions } from "./near-options.js";
import { shingleSets } from "./shingles.js";

/** A copied text and what it was copied from, by their positions in the two lists. */
export interface CopyPair {
  readonly text: number;
  readonly source: number;
  /** Jaccard similarity of the shingle sets, 0..1. */
  readonly similarity: number;
  /**
   * "exact": the same up to case and white space. "near": their shingles are alike. "reworded": short, with the same
   * content words but for a letter. "part": most words of the shorter one stand in the other in the same order.
   */
  readonly how: "exact" | "near" | Making;
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
  /** Texts equal to a source, nearly so, or made from one: reworded, shortened, continued. At least `near`. */
  readonly copied: number;
  /** `copied / texts`, 0..1; null without texts. */
  readonly copiedRate: number | null;
  /** Each copied text with the source most like it, the most alike first; at most `options.pairs`. */
  readonly pairs: readonly CopyPair[];
}

/**
 * Counts the texts that copy one of the sources, exactly or nearly, with the meanings that `duplicates` gives to these
 * words, and those that were made from one, as the filter "copy" finds them: a letter or a small word of a short text
 * changed, or eight words in stretches of three and more that are 80 % of the shorter text, five of them in a row; or
 * all of a text of six words and more. Repeats among the texts count each; repeats among the sources do not matter. Of
 * a text the first 2,000 words are compared.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when an option is out of its range.
 * @example
 * import { copies } from "corrsynth/evaluate";
 * const found = copies(["A cat.", "what's the capital of Japan", "a dog"], ["a cat.", "what is the capital of japan"]);
 * console.log(found.exact, found.copied); // 1 2
 */
export function copies(texts: readonly string[], sources: readonly string[], options: NearOptions = {}): Copies {
  const settings = nearOptions(options);
  const wanted = notBlank(texts);
  const given = notBlank(sources);
  const pairs = findSources(wanted, given, settings).sort(
    (a, b) => b.similarity - a.similarity || Number(b.how === "exact") - Number(a.how === "exact") || a.text - b.text,
  );
  const count = wanted.length;
  const rate = (some: number) => (count === 0 ? null : some / count);
  const exact = pairs.filter(({ how }) => how === "exact").length;
  const near = pairs.filter(({ how }) => how === "exact" || how === "near").length;
  return {
    ...{ texts: count, blank: texts.length - count, sources: given.length },
    ...{
      exact,
      exactRate: rate(exact),
      near,
      nearRate: rate(near),
      copied: pairs.length,
      copiedRate: rate(pairs.length),
    },
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

function findSources(
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
  const near = new NearIndex(threshold);
  const made = new MadeFrom();
  for (const [source, text] of [...distinct.keys()].entries()) {
    near.add(sets[source]!);
    made.add(text);
  }
  return texts.flatMap(({ normal, index: text }, t): CopyPair[] => {
    if (t % progressEvery === 0) onProgress(t / texts.length);
    const same = distinct.get(normal);
    if (same !== undefined) return [{ text, source: same, similarity: 1, how: "exact" }];
    const set = sets[distinct.size + t]!;
    const nearest = nearestIn(near, set);
    if (nearest !== undefined) {
      return [{ text, source: positions[nearest.source]!, similarity: nearest.similarity, how: "near" }];
    }
    const found = made.find(normal);
    if (found === undefined) return [];
    const similarity = jaccard(set, sets[found.source]!);
    return [{ text, source: positions[found.source]!, similarity, how: found.how }];
  });
}

/** The source most like the text, the earlier of two. */
function nearestIn(index: NearIndex, set: Int32Array): { source: number; similarity: number } | undefined {
  let best: { source: number; similarity: number } | undefined;
  index.match(set, (source, similarity) => {
    const isBetter =
      best === undefined || similarity > best.similarity || (similarity === best.similarity && source < best.source);
    if (isBetter) best = { source, similarity };
  });
  return best;
}
