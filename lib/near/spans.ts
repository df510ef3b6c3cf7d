// Stretches of words that a text shares with texts known before: what is left of a copy when something was changed or added.
import { normalise, wordsOf } from "../text/normalise.js";

/** What a text shares with the known text that it shares most with. */
export interface SharedSpans {
  /** Words in stretches of three or more that both have. */
  readonly words: number;
  /** The same as a share of the shorter text's words, 0..1. */
  readonly share: number;
}

/** Words in a row that count as shared; less is a phrase of the language. */
const shortest = 3;

/** Texts to ask how much of another stands in one of them. Time and memory grow with their words. */
export class SpanIndex {
  readonly #texts: string[][] = [];
  /** By the words of each stretch of three, where it stands: the text's number and the word's, in pairs. */
  readonly #places = new Map<string, number[]>();

  add(text: string): void {
    const words = wordsOf(normalise(text));
    const number = this.#texts.push(words) - 1;
    for (let i = 0; i + shortest <= words.length; i++) {
      const key = keyAt(words, i);
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, [number, i]);
      else places.push(number, i);
    }
  }

  /** What the text shares with the known one that covers most of the shorter of the two; words and share 0 where there is none. */
  most(text: string): SharedSpans {
    const words = wordsOf(normalise(text));
    // A word of the text counts once for each known text, however often that has it.
    const covered = new Map<number, Set<number>>();
    for (let i = 0; i + shortest <= words.length; i++) {
      const places = this.#places.get(keyAt(words, i)) ?? [];
      for (let p = 0; p < places.length; p += 2) {
        const known = covered.get(places[p]!) ?? new Set();
        for (let k = 0; k < shortest; k++) known.add(i + k);
        covered.set(places[p]!, known);
      }
    }
    let most: SharedSpans = { words: 0, share: 0 };
    for (const [number, positions] of covered) {
      const share = Math.min(1, positions.size / Math.min(words.length, this.#texts[number]!.length));
      if (share > most.share || (share === most.share && positions.size > most.words)) {
        most = { words: positions.size, share };
      }
    }
    return most;
  }
}

function keyAt(words: readonly string[], start: number): string {
  return words.slice(start, start + shortest).join(" ");
}
