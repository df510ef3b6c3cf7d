// Short texts that say the same: of "what is the capital of japan" and "what's the capital of Japan?" the words that
// carry meaning are the same, and of "whats the captial of japan" but for a letter. Word 3-grams cannot tell: one word
// of six that differs leaves half of them, as it does between the capitals of Japan and of France.
import { fnv1a, mixBits } from "../text/hash.js";
import { normalise, wordsOf } from "../text/normalise.js";

/**
 * Words that may come and go without a change of meaning: articles, forms of to be, to have and to do, of, and what an
 * apostrophe leaves of them. Not among them: negations, question words, prepositions of direction, pronouns of persons
 * other than the writer.
 */
const light = new Set(
  [
    "a an the is are was were be been being am s re m ve d ll do does did has have had of that this these those there it its",
    "i my me we our please so just very and",
    "der die das den dem des ein eine einen einem einer eines ist sind war hat haben von", // German
    "le la les l un une des du de d est sont était que qu", // French
    "el los las lo una unos unas es son fue del al", // Spanish, and Portuguese with o os as um uma é
    "o os as um uma é são foi do da dos das",
    "il gli i uno è sono di della dei", // Italian
    "的 了 吗 呢 吧 啊 呀 是 就 也 在", // Chinese
    "は が を の に で と も か ね よ", // Japanese
    "это и же ли бы", // Russian
    "है हैं था थी का की के को में ने", // Hindi
    "هو هي من في", // Arabic
  ].flatMap((line) => line.split(" ")),
);

/** Whether a word, in lower case, may come and go without a change of meaning. */
export function isLight(word: string): boolean {
  return light.has(word);
}

/** Of longer texts word 3-grams tell enough. */
const mostWords = 24;
/** Shorter words change their meaning with a letter: "cat" and "car". */
const leastOfTypo = 5;

/**
 * Texts to ask whether a short one says the same as one of them. Below 1 KB for each of up to 24 words, nothing for a
 * longer one.
 */
export class ContentIndex {
  /** The content words of each text; undefined of a longer one. */
  readonly #texts: (readonly string[] | undefined)[] = [];
  /** By the hash of a text's content words, and of them but for one: the text's number, or numbers. */
  readonly #numbers = new Map<number, number | number[]>();

  /** Texts are numbered from 0 in the order in which they come. */
  add(text: string): void {
    const words = contentOf(text);
    const number = this.#texts.push(words) - 1;
    if (words === undefined) return;
    for (const hash of hashesOf(words)) {
      const known = this.#numbers.get(hash);
      if (known === undefined) this.#numbers.set(hash, number);
      else if (typeof known === "number") this.#numbers.set(hash, [known, number]);
      else known.push(number);
    }
  }

  /**
   * The number of a known text that has the same content words in the same order, but for a letter in one of five letters
   * or more.
   */
  find(text: string): number | undefined {
    const words = contentOf(text);
    if (words === undefined) return undefined;
    for (const hash of hashesOf(words)) {
      const numbers = [this.#numbers.get(hash) ?? []].flat();
      const same = numbers.find((number) => sayTheSame(words, this.#texts[number]!));
      if (same !== undefined) return same;
    }
    return undefined;
  }
}

/** The content words of a text; all words where fewer than two are. Undefined of a longer text. */
function contentOf(text: string): readonly string[] | undefined {
  const words = wordsOf(normalise(text));
  if (words.length > mostWords) return undefined;
  const content = words.filter((word) => !light.has(word));
  return content.length < 2 ? words : content;
}

function sayTheSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const different = a.flatMap((word, i) => (word === b[i] ? [] : [i]));
  return different.length === 0 || (different.length === 1 && differByLetter(a[different[0]!]!, b[different[0]!]!));
}

/**
 * Hashes that two texts share when they say the same: of all words, and of all but one that may have a letter changed.
 */
function hashesOf(words: readonly string[]): number[] {
  const without = words.flatMap((word, i) => (word.length >= leastOfTypo - 1 && !/\p{N}/u.test(word) ? [i] : []));
  const hashes = words.map(fnv1a);
  return [-1, ...without].map((left) =>
    hashes.reduce((hash, of, i) => mixBits(Math.imul(hash, 31) ^ (i === left ? 0 : of)), 1),
  );
}

/** Whether one letter was changed, added, left out, or changed places with the next. */
function differByLetter(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.max(a.length, b.length) < leastOfTypo) return false;
  if (/\p{N}/u.test(a + b)) return false; // another number is another text
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (a.length === b.length) {
    const swapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
    return restA.slice(1) === restB.slice(1) || swapped;
  }
  return a.length > b.length ? restA.slice(1) === restB : restA === restB.slice(1);
}
