/** Texts that repeat a row accepted before. */

import { ContentIndex } from "../near/content.js";
import { fingerprintOf, SeenTexts } from "../near/seen-texts.js";
import type { Filters } from "../task/spec.js";
import type { RowFilter } from "./row-filter.js";

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
