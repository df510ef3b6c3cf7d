/** Texts that repeat what the prompts were made of. */

import { Fingerprint, fingerprintOf, SeenTexts } from "../near/seen-texts.js";
import type { Sources } from "../prompt/seeds.js";
import type { Filters } from "../task/spec.js";
import type { RowFilter } from "./row-filter.js";

/** Rejects, as "copy", what equals a seed or a context, and what nearly equals a seed. */
export function copyFilter({ nearDuplicates }: Filters, { seeds, contexts }: Sources): RowFilter {
  // contexts are documents, longer and many more than rows: a row that is nearly one would take an index larger than all else
  const sources = [seenOf(seeds, nearDuplicates), seenOf(contexts, false)];
  return (row) => (sources.some((source) => source.find(fingerprintOf(row))) ? "copy" : undefined);
}

function seenOf(texts: Iterable<string>, threshold: number | false): SeenTexts {
  const seen = new SeenTexts(threshold);
  for (const text of texts) seen.add(new Fingerprint(text));
  return seen;
}
