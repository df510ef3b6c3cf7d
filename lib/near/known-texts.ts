/** Texts to ask whether another repeats one of them. */
import { ContentIndex } from "./content.js";
import { Fingerprint, SeenTexts } from "./seen-texts.js";
import { nearness } from "./thresholds.js";

/**
 * A text repeats another when it is equal up to case and white space, the Jaccard similarity of their sets of word 3-grams
 * is at least that of `nearness.splits`, or they are short and have the same content words.
 */
export class KnownTexts {
  readonly #seen = new SeenTexts(nearness.splits.threshold);
  readonly #content = new ContentIndex();

  constructor(texts: Iterable<string> = []) {
    for (const text of texts) this.add(text);
  }

  add(text: string): void {
    this.#seen.add(new Fingerprint(text));
    this.#content.add(text);
  }

  has(text: string): boolean {
    return this.#seen.find(new Fingerprint(text)) !== undefined || this.#content.find(text) !== undefined;
  }
}
