// Stretches of words that a text shares with texts known before: what is left of a copy when something was changed or
// added.
import { normalise } from "../text/normalise.js";
import { wordSpans } from "../text/segments.js";

/** What a text shares with a known text. */
export interface SharedSpans {
  /** Words in stretches of three or more that both have. */
  readonly words: number;
  /** The same as a share of the shorter text's words, 0..1. */
  readonly share: number;
  /** Words of the longest stretch. */
  readonly longest: number;
}

/** Words in a row that count as shared; less is a phrase of the language. */
const shortest = 3;

interface Found {
  /** Words of the text that are shared, by position. */
  readonly covered: Set<number>;
  /**
   * By how far a stretch stands from its place in the text: where it began, and the first word that is not known to be
   * in it.
   */
  readonly stretches: Map<number, { start: number; end: number }>;
  longest: number;
}

/** Texts to ask how much of another stands in one of them. Time and memory grow with their words. */
export class SpanIndex {
  /** Words of each text. */
  readonly #lengths: number[] = [];
  /** By the words of each stretch of three, where it stands: the text's number and the word's, in pairs. */
  readonly #places = new Map<string, number[]>();

  add(text: string): void {
    const words = wordsIn(text);
    const number = this.#lengths.push(words.length) - 1;
    for (let i = 0; i + shortest <= words.length; i++) {
      const key = keyAt(words, i);
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, [number, i]);
      else places.push(number, i);
    }
  }

  /** Whether what the text shares with one of the known texts passes the test. */
  some(text: string, test: (shared: SharedSpans) => boolean): boolean {
    const words = wordsIn(text);
    return [...this.#find(words)].some(([number, { covered, longest }]) => {
      const share = Math.min(1, covered.size / Math.min(words.length, this.#lengths[number]!));
      return test({ words: covered.size, share, longest });
    });
  }

  #find(words: readonly string[]): Map<number, Found> {
    const all = new Map<number, Found>();
    for (let i = 0; i + shortest <= words.length; i++) {
      const places = this.#places.get(keyAt(words, i)) ?? [];
      for (let p = 0; p < places.length; p += 2) {
        const found = all.get(places[p]!) ?? { covered: new Set(), stretches: new Map(), longest: 0 };
        all.set(places[p]!, found);
        const before = found.stretches.get(places[p + 1]! - i);
        const start = before?.end === i + shortest - 1 ? before.start : i;
        found.stretches.set(places[p + 1]! - i, { start, end: i + shortest });
        found.longest = Math.max(found.longest, i + shortest - start);
        for (let k = i; k < i + shortest; k++) found.covered.add(k);
      }
    }
    return all;
  }
}

// Words by dictionary, so that a length in words means the same where there are no spaces.
function wordsIn(text: string): string[] {
  return wordSpans(normalise(text)).map(({ word }) => word);
}

function keyAt(words: readonly string[], start: number): string {
  return words.slice(start, start + shortest).join(" ");
}
