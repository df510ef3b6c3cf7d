/** Texts that repeat what the prompts were made of. */

import { ContentIndex } from "../near/content.js";
import { Fingerprint, fingerprintOf, SeenTexts } from "../near/seen-texts.js";
import { SpanIndex } from "../near/spans.js";
import type { Sources } from "../prompt/seeds.js";
import type { Filters } from "../task/spec.js";
import type { RowFilter } from "./row-filter.js";

// A text that shares so much with a seed was made from it. Of test texts of four public sets, beside 200 training texts as seeds,
// that is found of 0.1 % (AG News), 0 (TREC), 0.5 (Banking77, where people ask the same), 0.1 (rotten tomatoes).
const leastWords = 8;
const leastShare = 0.8;
/** Words of a seed that stands whole in a text, or the other way round. */
const leastWhole = 5;

/**
 * Rejects, as "copy", what equals a seed or a context, and, unless near duplicates are taken, what nearly equals a seed: by word
 * 3-grams, by its content words, or by the words that stand in both.
 */
export function copyFilter({ nearDuplicates }: Filters, { seeds, contexts }: Sources): RowFilter {
  // contexts are documents, longer and many more than rows: a row that is nearly one would take an index larger than all else
  const sources = [seenOf(seeds, nearDuplicates), seenOf(contexts, false)];
  const isMadeOfSeed = nearDuplicates === false ? () => false : madeOf(seeds);
  const isCopy = (row: { readonly text: string }) =>
    sources.some((source) => source.find(fingerprintOf(row))) || isMadeOfSeed(row.text);
  return (row) => (isCopy(row) ? "copy" : undefined);
}

function madeOf(seeds: Iterable<string>): (text: string) => boolean {
  const [content, spans] = [new ContentIndex(), new SpanIndex()];
  for (const seed of seeds) {
    content.add(seed);
    spans.add(seed);
  }
  return (text) => {
    if (content.has(text)) return true;
    const { words, share } = spans.most(text);
    return (words >= leastWords && share >= leastShare) || (words >= leastWhole && share === 1);
  };
}

function seenOf(texts: Iterable<string>, threshold: number | false): SeenTexts {
  const seen = new SeenTexts(threshold);
  for (const text of texts) seen.add(new Fingerprint(text));
  return seen;
}
