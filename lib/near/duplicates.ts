// How much of a dataset is there twice: the rows that removing duplicates would take away.
import { progressEvery } from "../numbers/progress.js";
import { normalise } from "../text/normalise.js";
import { NearIndex } from "./near-index.js";
import { type NearOptions, type NearSettings, nearOptions } from "./near-options.js";
import { shingleSets } from "./shingles.js";
import { UnionFind } from "./union-find.js";

/** Two near duplicates, by their position in the list of texts. */
export interface DuplicatePair {
  readonly first: number;
  /** Larger than `first`. */
  readonly second: number;
  /** Jaccard similarity of the shingle sets, threshold..1. */
  readonly similarity: number;
  /** Whether the two are the same up to case and white space. */
  readonly exact: boolean;
}

/** The duplicates of a list of texts. */
export interface Duplicates {
  /** Texts that were compared. */
  readonly texts: number;
  /** Blank texts, which were left out. */
  readonly blank: number;
  /** Texts that repeat an earlier one up to case and white space. */
  readonly exact: number;
  /** `exact / texts`, 0..1; null without texts. */
  readonly exactRate: number | null;
  /**
   * Texts too many when of all texts that near duplicates join, directly or through others, one is kept. At least
   * `exact`.
   */
  readonly near: number;
  /** `near / texts`, 0..1; null without texts. */
  readonly nearRate: number | null;
  /** Each duplicate text beside the one most like it, the most alike first; at most `options.pairs`. */
  readonly pairs: readonly DuplicatePair[];
}

/**
 * Counts exact duplicates (equal in Unicode NFC, lower case, with runs of white space as one space) and near duplicates
 * (the Jaccard similarity of their sets of word 3-grams is at least 0.7; punctuation and case do not count). Both
 * numbers say how many texts would go if of each set of duplicates one were kept, and so do not depend on the order of
 * the texts.
 *
 * A pair of near duplicates just at the threshold is missed with a probability below 0.001; every pair that is reported
 * was verified. The text most like another is looked for among the first 200 that are alike.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when an option is out of its range.
 * @example
 * import { duplicates } from "corrsynth/evaluate";
 * console.log(duplicates(["A cat.", "a cat.", "a dog"]).exact); // 1
 */
export function duplicates(texts: readonly string[], options: NearOptions = {}): Duplicates {
  const settings = nearOptions(options);
  const { representatives, copies, blank } = groupExact(texts);
  const clusters = new UnionFind(representatives.length);
  const nearest = nearestOf(representatives, clusters, settings);
  const compared = texts.length - blank;
  const exact = compared - representatives.length;
  const near = compared - clusters.count;
  const pairs = [...copies, ...nearest].sort(
    (a, b) =>
      b.similarity - a.similarity || Number(b.exact) - Number(a.exact) || a.first - b.first || a.second - b.second,
  );
  return {
    texts: compared,
    blank,
    exact,
    exactRate: compared === 0 ? null : exact / compared,
    near,
    nearRate: compared === 0 ? null : near / compared,
    pairs: pairs.slice(0, settings.pairs),
  };
}

interface Placed {
  readonly text: string;
  readonly index: number;
}

// The first of each set of equal texts, and the others paired with it. Only the first are compared further: a thousand
// copies of one text would be half a million pairs.
function groupExact(texts: readonly string[]): {
  representatives: Placed[];
  copies: DuplicatePair[];
  blank: number;
} {
  const first = new Map<string, number>();
  const representatives: Placed[] = [];
  const copies: DuplicatePair[] = [];
  let blank = 0;
  texts.forEach((text, index) => {
    const normal = normalise(text);
    const earlier = first.get(normal);
    if (normal === "") blank++;
    else if (earlier !== undefined) copies.push({ first: earlier, second: index, similarity: 1, exact: true });
    else {
      first.set(normal, index);
      representatives.push({ text: normal, index });
    }
  });
  return { representatives, copies, blank };
}

// A generator that has collapsed makes thousands of texts that are all alike. After so many of them, only a text that
// would join another cluster is compared: the counts stay what they are, the nearest is the nearest of these.
const enoughAlike = 200;

// Joins near duplicates in `clusters` and pairs each with the one most like it (the earlier of two equally alike).
function nearestOf(
  placed: readonly Placed[],
  clusters: UnionFind,
  { shingle, threshold, onProgress }: NearSettings,
): DuplicatePair[] {
  const texts = placed.map(({ text }) => text);
  const sets = shingleSets(texts, shingle);
  const partner = new Int32Array(texts.length).fill(-1);
  const best = new Float64Array(texts.length);
  const offer = (text: number, other: number, similarity: number) => {
    const isBetter = similarity > best[text]! || (similarity === best[text]! && other < partner[text]!);
    if (!isBetter) return;
    best[text] = similarity;
    partner[text] = other;
  };
  const index = new NearIndex(threshold);
  sets.forEach((set, text) => {
    if (text % progressEvery === 0) onProgress(text / sets.length);
    let alike = 0;
    const report = (other: number, similarity: number) => {
      alike++;
      clusters.join(text, other);
      offer(text, other, similarity);
      offer(other, text, similarity);
    };
    index.match(set, report, (other) => alike >= enoughAlike && clusters.areJoined(text, other));
    index.add(set);
  });
  const pairs: DuplicatePair[] = [];
  partner.forEach((other, text) => {
    // Where two are each other's nearest, the pair is listed once.
    if (other < 0 || (partner[other] === text && other < text)) return;
    const [first, second] = [placed[Math.min(text, other)]!.index, placed[Math.max(text, other)]!.index];
    pairs.push({ first, second, similarity: best[text]!, exact: false });
  });
  return pairs;
}
