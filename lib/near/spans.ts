// Stretches of words that a text shares with texts known before: what is left of a copy when something was changed or
// added.
import { fnv1a, mixBits } from "../text/hash.js";
import { normalise } from "../text/normalise.js";
import { wordSpans } from "../text/segments.js";

/** What two texts share. */
export interface SharedSpans {
  /** Words of the first in stretches of three or more that both have. */
  readonly words: number;
  /** The same as a share of the shorter text's words, 0..1. */
  readonly share: number;
  /** Words of the longest stretch. */
  readonly longest: number;
}

/** Words in a row that count as shared; less is a phrase of the language. */
const shortest = 3;
/** Words in a row that a copy has of its source at least, and that texts are looked up by. */
const telling = 5;
/** Words of a text that are compared: whoever copies more has copied these. */
const mostWords = 2000;
/** Texts that one stretch is looked up in, and places of it in one text: more of them is a template, or a loop. */
const mostPlaces = 50;

/**
 * Whether a text that shares so much with a known one was made from it: eight words that are 80 % of the shorter of the
 * two, five of them in a row; or six words that are all of it, in a row. A phrase here and there ("I can't find my …
 * What should I do?") proves nothing.
 */
function isMadeOf({ words, share, longest }: SharedSpans): boolean {
  return (words >= 8 && share >= 0.8 && longest >= telling) || (longest >= 6 && share === 1 && longest === words);
}

/** Texts to ask whether another has most of its words from one of them. Time and memory grow with their words. */
export class SpanIndex {
  readonly #texts: (readonly string[])[] = [];
  /** By the hash of each stretch of five words: the numbers of the texts that have it, at most 50. */
  readonly #numbers = new Map<number, number | number[]>();

  /** Texts are numbered from 0 in the order in which they come. */
  add(text: string): void {
    const words = firstWords(text);
    const number = this.#texts.push(words) - 1;
    for (const key of new Set(keysOf(words))) {
      const known = this.#numbers.get(key);
      if (known === undefined) this.#numbers.set(key, number);
      else if (typeof known === "number") this.#numbers.set(key, [known, number]);
      else if (known.length < mostPlaces) known.push(number);
    }
  }

  /** The number of the first known text that this one was made from. */
  find(text: string): number | undefined {
    const words = firstWords(text);
    const candidates = new Set(keysOf(words).flatMap((key) => this.#numbers.get(key) ?? []));
    return [...candidates].sort((a, b) => a - b).find((number) => isMadeOf(shared(words, this.#texts[number]!)));
  }
}

/** What the first 2,000 words of two texts share, case and punctuation aside. */
export function sharedSpans(text: string, known: string): SharedSpans {
  return shared(firstWords(text), firstWords(known));
}

function shared(words: readonly string[], known: readonly string[]): SharedSpans {
  const places = new Map<string, number[]>();
  for (let i = 0; i + shortest <= known.length; i++) {
    const key = phrase(known, i);
    const all = places.get(key);
    if (all === undefined) places.set(key, [i]);
    else if (all.length < mostPlaces) all.push(i);
  }
  const covered = new Uint8Array(words.length);
  let longest = 0;
  let lengths = new Map<number, number>(); // of the stretches that go on, by where they end in the known text
  for (let i = 0; i + shortest <= words.length; i++) {
    const next = new Map<number, number>();
    for (const place of places.get(phrase(words, i)) ?? []) {
      const length = (lengths.get(place - 1) ?? shortest - 1) + 1;
      next.set(place, length);
      longest = Math.max(longest, length);
      covered.fill(1, i, i + shortest);
    }
    lengths = next;
  }
  const count = covered.reduce((sum, one) => sum + one, 0);
  return { words: count, share: Math.min(1, count / Math.max(1, Math.min(words.length, known.length))), longest };
}

// Words by dictionary, so that a length in words means the same where there are no spaces.
function firstWords(text: string): string[] {
  return wordSpans(normalise(text), mostWords).map(({ word }) => word);
}

function phrase(words: readonly string[], start: number): string {
  return words.slice(start, start + shortest).join(" ");
}

function keysOf(words: readonly string[]): number[] {
  const hashes = words.map(fnv1a);
  return hashes
    .slice(telling - 1)
    .map((_, i) => hashes.slice(i, i + telling).reduce((key, hash) => mixBits(Math.imul(key, 31) ^ hash), 1));
}
