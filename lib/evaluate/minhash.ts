// What counts as nearly the same when a dataset is measured, and its texts as sets of shingles.
import { InvalidConfigError } from "../errors.js";
import { distinctSorted } from "../near/shingles.js";
import { normalise, wordsOf } from "../text/normalise.js";
import { extendNgrams, internTokens, type Ngrams } from "./ngrams.js";
import { atOnce, mapSteps, type Steps } from "./steps.js";

export { jaccard, NearIndex } from "../near/near-index.js";
export { normalise } from "../text/normalise.js";

/** What counts as nearly the same. */
export interface NearOptions {
  /** Words in a shingle, an integer from 1; default 3. A text with fewer words is one shingle. */
  readonly shingle?: number;
  /** Least Jaccard similarity of the shingle sets of two near duplicates, 0.1..1; default 0.7. */
  readonly threshold?: number;
  /** Most pairs listed, an integer from 0; default 100. */
  readonly pairs?: number;
}

/**
 * The options with their defaults.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG naming every option out of range.
 */
export function nearOptions({ shingle = 3, threshold = 0.7, pairs = 100 }: NearOptions): Required<NearOptions> {
  const issues = [];
  if (!Number.isInteger(shingle) || shingle < 1)
    issues.push({ path: "shingle", message: `Expected an integer from 1, received ${shingle}` });
  if (!(threshold >= 0.1 && threshold <= 1))
    issues.push({ path: "threshold", message: `Expected a number from 0.1 to 1, received ${threshold}` });
  if (!Number.isInteger(pairs) || pairs < 0)
    issues.push({ path: "pairs", message: `Expected an integer from 0, received ${pairs}` });
  if (issues.length > 0) throw new InvalidConfigError(issues);
  return { shingle, threshold, pairs };
}

/**
 * The distinct shingles (runs of `length` words; punctuation and case do not count) of each text, as increasing numbers.
 * Two shingles have the same number exactly when all their words are equal. A text with fewer words is one shingle, a text
 * without any is itself one.
 */
export function shingleSets(texts: readonly string[], length: number): Int32Array[] {
  return atOnce(shingleSteps(texts, length));
}

/** {@link shingleSets} in pieces. */
export function* shingleSteps(texts: readonly string[], length: number): Steps<Int32Array[]> {
  const words = yield* mapSteps(texts, (text) => wordsOf(normalise(text)));
  const { corpus, unigrams } = yield* internTokens(words);
  let ngrams: Ngrams = unigrams;
  while (ngrams.length < length && ngrams.distinct > 0) ngrams = yield* extendNgrams(corpus, ngrams);
  const short = new Map<string, number>(); // whole texts that are too short, numbered after the shingles
  const shortIds = new Int32Array(texts.length);
  words.forEach((text, t) => {
    if (text.length >= length) return;
    const whole = text.join(" "); // no word holds a space, so this is as good as the words
    if (!short.has(whole)) short.set(whole, short.size);
    shortIds[t] = ngrams.distinct + short.get(whole)!;
  });
  return yield* mapSteps(words, (text, t) => {
    if (text.length < length) return shortIds.slice(t, t + 1);
    const start = corpus.starts[t]!;
    return distinctSorted(ngrams.ids.slice(start, start + text.length - length + 1));
  });
}
