/** Texts that repeat what the prompts were made of. */

import { ContentIndex } from "../near/content.js";
import { Fingerprint, fingerprintOf, SeenTexts } from "../near/seen-texts.js";
import { type SharedSpans, SpanIndex } from "../near/spans.js";
import type { Sources } from "../prompt/seeds.js";
import type { Filters } from "../task/spec.js";
import type { RowFilter } from "./row-filter.js";

// A text that shares so much with a seed was made from it: eight words that are 80 % of the shorter of the two, five of them in a
// row; or six words that are all of it, in a row. A phrase here and there ("I can't find my … What should I do?") proves nothing.
const isMadeOf = ({ words, share, longest }: SharedSpans) =>
  (words >= 8 && share >= 0.8 && longest >= 5) || (longest >= 6 && share === 1 && longest === words);

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
  return (text) => content.has(text) || spans.some(text, isMadeOf);
}

function seenOf(texts: Iterable<string>, threshold: number | false): SeenTexts {
  const seen = new SeenTexts(threshold);
  for (const text of texts) seen.add(new Fingerprint(text));
  return seen;
}
