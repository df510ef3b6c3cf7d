// Self-BLEU (Zhu et al., Texygen, SIGIR 2018): how well each text is predicted by all the others; low means diverse.
import { checkInteger } from "../checks/option.js";
import { type ProgressOptions, unwatched } from "../numbers/progress.js";
import { sum } from "../numbers/sum.js";
import { type Corpus, extendNgrams, internTokens, type Ngrams, type Token } from "../text/ngrams.js";

/** Self-BLEU of a set of texts; `score` is null, and `reason` says why, where it is not defined. */
export type SelfBleu =
  | { readonly score: number; readonly perText: Float64Array }
  | { readonly score: null; readonly perText: Float64Array; readonly reason: string };

/**
 * Self-BLEU: the mean over all texts of BLEU with every other text as a reference. Exact, nothing is sub-sampled; equal
 * to NLTK's `sentence_bleu` with uniform weights and smoothing `method1`. In particular a text that shares no token
 * with any other scores 0, an order with no match counts as 0.1 matches, and so two equal one-word texts score
 * 0.1^(4/5) = 0.158.
 *
 * The score rises steeply with the number of texts: state that number beside it and compare only sets of equal size.
 * Time is linear in the number of tokens.
 * @param texts  tokenised texts; drop blank ones before, an empty text scores 0.
 * @param options.order  longest n-grams compared, an integer from 1, default 5.
 * @returns `score` 0..1 (the papers print 100 times that) and the score of each text; for fewer than two texts, which
 * have no references, `score` null and `perText` empty.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when `order` is no such integer.
 * @example
 * import { selfBleu, tokenize } from "corrsynth/evaluate";
 * console.log(selfBleu(["a red fox", "a red hen"].map(tokenize), { order: 2 }).score?.toFixed(2)); // 0.58
 */
export function selfBleu(texts: readonly (readonly Token[])[], options: { readonly order?: number } = {}): SelfBleu {
  return selfBleuOrders(texts, { orders: [options.order ?? 5] })[0]!;
}

/**
 * Self-BLEU of several orders, for little more than the time of the largest alone.
 * @param options.orders  longest n-grams compared, integers from 1, default 2, 3, 4, 5.
 * @returns one result for each of the orders, in their sequence; each as {@link selfBleu} gives it.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when an order is no such integer.
 * @example
 * import { selfBleuOrders, tokenize } from "corrsynth/evaluate";
 * const texts = ["a red fox", "a red hen"].map(tokenize);
 * console.log(selfBleuOrders(texts, { orders: [1, 2] }).map(({ score }) => score?.toFixed(2))); // [ '0.67', '0.58' ]
 */
export function selfBleuOrders(
  texts: readonly (readonly Token[])[],
  options: { readonly orders?: readonly number[] } & ProgressOptions = {},
): readonly SelfBleu[] {
  const { orders = [2, 3, 4, 5], onProgress = unwatched } = options;
  for (const order of orders) checkInteger("order", order, 1);
  if (texts.length < 2) {
    const reason = `Self-BLEU compares each text with the others and needs at least 2, received ${texts.length}`;
    return orders.map(() => ({ score: null, perText: new Float64Array(0), reason }));
  }
  const { corpus, unigrams } = internTokens(texts);
  const penalties = brevityPenalties(texts.map((text) => text.length));
  const logSum = new Float64Array(texts.length); // sum over orders up to k of ln p_k; -Infinity once m_1 = 0
  const results = new Map<number, SelfBleu>();
  let ngrams = unigrams;
  const longest = Math.max(...orders);
  for (let k = 1; k <= longest; k++) {
    onProgress((k - 1) / longest);
    if (k > 1) ngrams = extendNgrams(corpus, ngrams);
    onProgress((k - 0.5) / longest);
    addLogPrecisions(corpus, ngrams, logSum);
    if (!orders.includes(k)) continue;
    const perText = penalties.map((penalty, t) => penalty * Math.exp(logSum[t]! / k));
    results.set(k, { score: sum(perText) / texts.length, perText });
  }
  return orders.map((order) => results.get(order)!);
}

// Adds ln(m_k / d_k) of every text. m_k clips each n-gram's count by the largest count in any single other text. That
// needs no search: keep the two largest counts of every n-gram and a text that holds the largest. The holder is clipped
// by the second, all others by the first. If two texts tie at the top, first = second, and it does not matter which one
// is named.
function addLogPrecisions(corpus: Corpus, ngrams: Ngrams, logSum: Float64Array): void {
  const largest = new Int32Array(ngrams.distinct);
  const second = new Int32Array(ngrams.distinct);
  const holder = new Int32Array(ngrams.distinct).fill(-1);
  forEachCount(corpus, ngrams, (text, ngram, count) => {
    if (count > largest[ngram]!) {
      second[ngram] = largest[ngram]!;
      largest[ngram] = count;
      holder[ngram] = text;
    } else if (count > second[ngram]!) {
      second[ngram] = count;
    }
  });
  const matches = new Int32Array(corpus.texts);
  forEachCount(corpus, ngrams, (text, ngram, count) => {
    matches[text]! += Math.min(count, holder[ngram] === text ? second[ngram]! : largest[ngram]!);
  });
  for (let t = 0; t < corpus.texts; t++) {
    const length = corpus.starts[t + 1]! - corpus.starts[t]!;
    const possible = Math.max(1, length - ngrams.length + 1);
    const matched = matches[t]!;
    if (matched > 0) logSum[t]! += Math.log(matched / possible);
    else logSum[t]! += ngrams.length === 1 ? Number.NEGATIVE_INFINITY : Math.log(0.1 / possible);
  }
}

// Calls visit once for every distinct n-gram of every text, with how often the text holds it.
function forEachCount(
  corpus: Corpus,
  ngrams: Ngrams,
  visit: (text: number, ngram: number, count: number) => void,
): void {
  const counts = new Int32Array(ngrams.distinct); // all 0 between texts
  for (let t = 0; t < corpus.texts; t++) {
    const start = corpus.starts[t]!;
    const end = corpus.starts[t + 1]! - ngrams.length + 1;
    for (let p = start; p < end; p++) counts[ngrams.ids[p]!]!++;
    for (let p = start; p < end; p++) {
      const ngram = ngrams.ids[p]!;
      const count = counts[ngram]!;
      if (count === 0) continue;
      counts[ngram] = 0;
      visit(t, ngram, count);
    }
  }
}

// exp(1 - r / c) where r, the other texts' length closest to c (ties to the shorter), is larger than c; else 1.
function brevityPenalties(lengths: readonly number[]): Float64Array {
  const texts = new Map<number, number>();
  for (const length of lengths) texts.set(length, (texts.get(length) ?? 0) + 1);
  const sorted = [...texts.keys()].sort((a, b) => a - b);
  const penalty = new Map<number, number>();
  sorted.forEach((c, i) => {
    const shorter = sorted[i - 1];
    const longer = sorted[i + 1];
    const hasTwin = texts.get(c)! > 1;
    const closestIsLonger = longer !== undefined && (shorter === undefined || longer - c < c - shorter);
    // An empty text scores 0 whatever its penalty; 1 keeps 0 / 0 out of the arithmetic.
    penalty.set(c, !hasTwin && closestIsLonger && c > 0 ? Math.exp(1 - longer / c) : 1);
  });
  return Float64Array.from(lengths, (length) => penalty.get(length)!);
}
