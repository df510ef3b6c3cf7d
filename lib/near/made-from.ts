// Texts that were made from others: with a letter or a small word changed, a part left out, something added.
import { ContentIndex } from "./content.js";
import { SpanIndex } from "./spans.js";

/** How a text was made from another: the same content words but for a letter, or most of the words of one of the two. */
export type Making = "reworded" | "part";

/** Texts to ask whether another was made from one of them. Time and memory grow with their words. */
export class MadeFrom {
  readonly #content = new ContentIndex();
  readonly #spans = new SpanIndex();

  /** Texts are numbered from 0 in the order in which they come. */
  add(text: string): void {
    this.#content.add(text);
    this.#spans.add(text);
  }

  /** The number of the first known text that this one was made from, and how. */
  find(text: string): { readonly source: number; readonly how: Making } | undefined {
    const same = this.#content.find(text);
    if (same !== undefined) return { source: same, how: "reworded" };
    const source = this.#spans.find(text);
    return source === undefined ? undefined : { source, how: "part" };
  }
}
