/** Texts that repeat what was there before: seeds and contexts, and the rows accepted so far. */
import type { Sources } from "../run/prepare.js";
import type { Filters } from "../task/spec.js";
import type { RowFilter } from "./row-filter.js";
import { Fingerprint, SeenTexts } from "./seen-texts.js";

/** Rejects "copy", "duplicate" and "near-duplicate". */
export class Repeats {
  readonly #sources: readonly SeenTexts[];
  readonly #accepted: SeenTexts | undefined;
  readonly #tellsExact: boolean;
  /** Of the text that was judged last: it is the one to be remembered next. */
  #last: { readonly text: string; readonly print: Fingerprint } | undefined;

  constructor({ copies, duplicates, nearDuplicates }: Filters, { seeds, contexts }: Sources) {
    // contexts are documents, longer and many more than rows: a row that is nearly one would take an index larger than all else
    this.#sources = copies ? [seenOf(seeds, nearDuplicates), seenOf(contexts, false)] : [];
    this.#accepted = duplicates || nearDuplicates !== false ? new SeenTexts(nearDuplicates) : undefined;
    this.#tellsExact = duplicates;
  }

  readonly filter: RowFilter = ({ text }) => {
    const print = this.#printOf(text);
    if (this.#sources.some((source) => source.find(print))) return "copy";
    const found = this.#accepted?.find(print);
    if (found === undefined) return undefined;
    // where only near duplicates are asked for, equal texts are the nearest of them
    return found === "exact" && this.#tellsExact ? "duplicate" : "near-duplicate";
  };

  /** Adds an accepted text. */
  remember(text: string): void {
    this.#accepted?.add(this.#printOf(text));
  }

  #printOf(text: string): Fingerprint {
    if (this.#last?.text !== text) this.#last = { text, print: new Fingerprint(text) };
    return this.#last.print;
  }
}

function seenOf(texts: Iterable<string>, threshold: number | false): SeenTexts {
  const seen = new SeenTexts(threshold);
  for (const text of texts) seen.add(new Fingerprint(text));
  return seen;
}
