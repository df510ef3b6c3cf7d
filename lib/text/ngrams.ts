// n-grams as integers. Two n-grams get the same id exactly when all their tokens are equal: an id is made of the id of
// the first n - 1 tokens and the last token, so nothing is joined into strings and "a b" can never pass for "a", "b".

/** A token of a text: equal tokens are equal values, and the number 1 is not the string "1". */
export type Token = string | number;

/** Tokenised texts laid end to end: text t is the tokens `starts[t]` up to `starts[t + 1]`. */
export interface Corpus {
  readonly tokens: Int32Array;
  readonly starts: Int32Array;
  readonly texts: number;
}

/**
 * The n-grams of one length: `ids[p]` belongs to the n-gram that begins at position p, -1 where its text is too short.
 */
export interface Ngrams {
  readonly length: number;
  readonly ids: Int32Array;
  /** How many distinct n-grams there are; ids are 0 .. distinct - 1. */
  readonly distinct: number;
}

/** Numbers the distinct tokens of the texts. The result is also their 1-grams. */
export function internTokens(texts: readonly (readonly Token[])[]): {
  readonly corpus: Corpus;
  readonly unigrams: Ngrams;
} {
  const starts = new Int32Array(texts.length + 1);
  texts.forEach((text, t) => {
    starts[t + 1] = starts[t]! + text.length;
  });
  const tokens = new Int32Array(starts[texts.length]!);
  const known = new Map<Token, number>();
  let position = 0;
  for (const text of texts) {
    for (const token of text) {
      let id = known.get(token);
      if (id === undefined) {
        id = known.size;
        known.set(token, id);
      }
      tokens[position++] = id;
    }
  }
  return {
    corpus: { tokens, starts, texts: texts.length },
    unigrams: { length: 1, ids: tokens, distinct: known.size },
  };
}

/** The n-grams one token longer than those given. */
export function extendNgrams(corpus: Corpus, prefixes: Ngrams): Ngrams {
  const length = prefixes.length + 1;
  const ids = new Int32Array(corpus.tokens.length).fill(-1);
  const pairs = new PairIds(corpus.tokens.length);
  for (let t = 0; t < corpus.texts; t++) {
    const last = corpus.starts[t + 1]! - length;
    for (let p = corpus.starts[t]!; p <= last; p++) {
      ids[p] = pairs.id(prefixes.ids[p]!, corpus.tokens[p + length - 1]!);
    }
  }
  return { length, ids, distinct: pairs.size };
}

// Open addressing, about ten times as fast as a Map keyed by strings. Never more than half full, so it never grows.
class PairIds {
  size = 0;
  readonly #slots: Int32Array; // id + 1, 0 when free
  readonly #first: Int32Array;
  readonly #second: Int32Array;

  constructor(capacity: number) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, 2 * capacity))));
    this.#first = new Int32Array(capacity);
    this.#second = new Int32Array(capacity);
  }

  id(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]! - 1;
      if (id === -1) {
        this.#first[this.size] = first;
        this.#second[this.size] = second;
        this.#slots[slot] = this.size + 1;
        return this.size++;
      }
      if (this.#first[id] === first && this.#second[id] === second) return id;
    }
  }
}
