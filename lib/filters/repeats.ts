/** Texts that repeat others: what the prompts were made of, and the rows accepted before. */
import { ContentIndex } from "../near/content.js";
import { Fingerprint, fingerprintOf, SeenTexts } from "../near/seen-texts.js";
import { type SharedSpans, SpanIndex } from "../near/spans.js";
import type { Sources } from "../prompt/seeds.js";
import type { Filters } from "../task/spec.js";
import type { RowFilter } from "./reasons.js";

// A text that shares so much with a seed was made from it: eight words that are 80 % of the shorter of the two, five of
// them in a row; or six words that are all of it, in a row. A phrase here and there ("I can't find my … What should I
// do?") proves nothing.
const isMadeOf = ({ words, share, longest }: SharedSpans) =>
  (words >= 8 && share >= 0.8 && longest >= 5) || (longest >= 6 && share === 1 && longest === words);

/**
 * Rejects, as "copy", what equals a seed or a context, and, unless near duplicates are taken, what nearly equals a
 * seed: by word 3-grams, by its content words, or by the words that stand in both.
 */
export function copyFilter({ nearDuplicates }: Filters, { seeds, contexts }: Sources): RowFilter {
  // contexts are documents, longer and many more than rows: a row that is nearly one would take an index larger than
  // all else
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

/** The filters that look at the accepted rows; they survive JSON. */
export type RepeatFilters = Pick<Filters, "duplicates" | "nearDuplicates">;

/** Whether a row is compared with those accepted before it, so that a resumed run must know them. */
export function comparesRows({ duplicates, nearDuplicates }: RepeatFilters): boolean {
  return duplicates || nearDuplicates !== false;
}

/** Rejects "duplicate" and "near-duplicate". */
export class Repeats {
  readonly #accepted: SeenTexts | undefined;
  readonly #content: ContentIndex | undefined;
  readonly #tellsExact: boolean;

  constructor(filters: RepeatFilters) {
    this.#accepted = comparesRows(filters) ? new SeenTexts(filters.nearDuplicates) : undefined;
    this.#content = filters.nearDuplicates === false ? undefined : new ContentIndex();
    this.#tellsExact = filters.duplicates;
  }

  readonly filter: RowFilter = (row) => {
    const found = this.#find(row);
    if (found === undefined) return undefined;
    // where only near duplicates are asked for, equal texts are the nearest of them
    return found === "exact" && this.#tellsExact ? "duplicate" : "near-duplicate";
  };

  /** Whether the filter would reject the row. */
  isRepeat(row: { readonly text: string }): boolean {
    return this.#find(row) !== undefined;
  }

  /** Adds an accepted row. Of one read back, the text is enough. */
  remember(row: { readonly text: string }): void {
    this.#accepted?.add(fingerprintOf(row));
    this.#content?.add(row.text);
  }

  #find(row: { readonly text: string }) {
    return this.#accepted?.find(fingerprintOf(row)) ?? (this.#content?.has(row.text) ? "near" : undefined);
  }
}
