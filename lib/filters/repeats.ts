/** Texts that repeat others: what the prompts were made of, and the rows accepted before. */
import { ContentIndex } from "../near/content.js";
import { MadeFrom } from "../near/made-from.js";
import { Fingerprint, fingerprintOf, SeenTexts } from "../near/seen-texts.js";
import type { Sources } from "../prompt/seeds.js";
import type { Filters } from "../task/spec.js";
import type { RowFilter } from "./reasons.js";

/**
 * Rejects, as "copy", what equals a seed or a context, and, unless near duplicates are taken, what nearly equals a
 * seed: by word 3-grams, by its content words, or by the words that stand in both.
 */
export function copyFilter({ nearDuplicates }: Filters, { seeds, contexts }: Sources): RowFilter {
  // contexts are documents, longer and many more than rows: a row that is nearly one would take an index larger than
  // all else
  const sources = [seenOf(seeds, nearDuplicates), seenOf(contexts, false)];
  const made = new MadeFrom();
  if (nearDuplicates !== false) for (const seed of seeds) made.add(seed);
  const isCopy = (row: { readonly text: string }) =>
    sources.some((source) => source.find(fingerprintOf(row))) || made.find(row.text) !== undefined;
  return (row) => (isCopy(row) ? "copy" : undefined);
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
    return (
      this.#accepted?.find(fingerprintOf(row)) ?? (this.#content?.find(row.text) === undefined ? undefined : "near")
    );
  }
}
