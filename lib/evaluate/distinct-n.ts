// Distinct-n: how much of what was written was not written before.
import { checkInteger } from "../checks/option.js";
import { extendNgrams, internTokens, type Token } from "../text/ngrams.js";

/**
 * The share of distinct n-grams among all n-grams of the texts, 0..1: 1 when none occurs twice. N-grams do not cross
 * from one text into the next. Null when no text has n tokens. It falls as texts are added, so compare only sets of equal
 * size.
 * @param n  length of the n-grams in tokens, an integer from 1.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when n is no such integer.
 * @example
 * import { distinctN, tokenize } from "corrsynth/evaluate";
 * console.log(distinctN(["a red fox", "a red hen"].map(tokenize), 2)); // 3 of 4 pairs: 0.75
 */
export function distinctN(texts: readonly (readonly Token[])[], n: number): number | null {
  checkInteger("n", n, 1);
  return distinctShares(texts, n).at(-1) ?? null;
}

/** {@link distinctN} for n = 1 up to `longest`. */
export function distinctShares(texts: readonly (readonly Token[])[], longest: number): (number | null)[] {
  const { corpus, unigrams } = internTokens(texts);
  let ngrams = unigrams;
  const shares: (number | null)[] = [];
  for (let n = 1; n <= longest; n++) {
    if (n > 1 && ngrams.distinct > 0) ngrams = extendNgrams(corpus, ngrams);
    const total = texts.reduce((sum, text) => sum + Math.max(0, text.length - n + 1), 0);
    shares.push(total === 0 ? null : ngrams.distinct / total);
  }
  return shares;
}
