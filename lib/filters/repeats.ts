/** Texts that repeat others: what the prompts were made of, and the rows accepted before. */
import { Fingerprint, fingerprintOf, SeenTexts } from "../near/seen-texts.js";
import type { Sources } from "../prompt/seeds.js";
import type { Filters } from "../task/spec.js";
import type { RowFilter } from "./reasons.js";

/** Rejects, as "copy", what equals a seed or a context, and what nearly equals a seed. */
export function copyFilter({ nearDuplicates }: Filters, { seeds, contexts }: Sources): RowFilter {
  // contexts are documents, longer and many more than rows: a row that is nearly one would take an index larger than
  // all else
  const sources = [seenOf(seeds, nearDuplicates), seenOf(contexts, false)];
  return (row) => (sources.some((source) => source.find(fingerprintOf(row))) ? "copy" : undefined);
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
  readonly #tellsExact: boolean;

  constructor(filters: RepeatFilters) {
    this.#accepted = comparesRows(filters) ? new SeenTexts(filters.nearDuplicates) : undefined;
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
  }

  #find(row: { readonly text: string }) {
    return this.#accepted?.find(fingerprintOf(row));
  }
}
