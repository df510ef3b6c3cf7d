// Texts as sets of shingles, and the pairs of them that are alike, found by MinHash (Broder 1997) and banding without
// comparing every text with every other. Hashes only propose: whether a pair is alike is decided by its exact Jaccard similarity.
import { InvalidConfigError } from "../errors.js";
import { extendNgrams, internTokens, type Ngrams } from "./ngrams.js";

/** What counts as nearly the same. */
export interface NearOptions {
  /** Words in a shingle, an integer from 1; default 3. A text with fewer words is one shingle. */
  readonly shingle?: number;
  /** Least Jaccard similarity of the shingle sets of two near duplicates, 0.1..1; default 0.7. */
  readonly threshold?: number;
  /** Most pairs listed, an integer from 0; default 100. */
  readonly pairs?: number;
}

/**
 * The options with their defaults.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG naming every option out of range.
 */
export function nearOptions({ shingle = 3, threshold = 0.7, pairs = 100 }: NearOptions): Required<NearOptions> {
  const issues = [];
  if (!Number.isInteger(shingle) || shingle < 1)
    issues.push({ path: "shingle", message: `Expected an integer from 1, received ${shingle}` });
  if (!(threshold >= 0.1 && threshold <= 1))
    issues.push({ path: "threshold", message: `Expected a number from 0.1 to 1, received ${threshold}` });
  if (!Number.isInteger(pairs) || pairs < 0)
    issues.push({ path: "pairs", message: `Expected an integer from 0, received ${pairs}` });
  if (issues.length > 0) throw new InvalidConfigError(issues);
  return { shingle, threshold, pairs };
}

/** The text that exact duplicates share: Unicode NFC, lower case, each run of white space one space, none at the ends. */
export function normalise(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/\s+/gu, " ").trim();
}

// Runs of letters, digits and marks. Scripts without spaces between words give a word per character.
const word =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}])[\p{L}\p{N}\p{M}])+/gu;

/**
 * The distinct shingles (runs of `length` words; punctuation and case do not count) of each text, as increasing numbers.
 * Two shingles have the same number exactly when all their words are equal. A text with fewer words is one shingle, a text
 * without any is itself one.
 */
export function shingleSets(texts: readonly string[], length: number): Int32Array[] {
  const words = texts.map((text) => {
    const normal = normalise(text);
    return normal.match(word) ?? [normal];
  });
  const { corpus, unigrams } = internTokens(words);
  let ngrams: Ngrams = unigrams;
  while (ngrams.length < length && ngrams.distinct > 0) ngrams = extendNgrams(corpus, ngrams);
  const short = new Map<string, number>(); // whole texts that are too short, numbered after the shingles
  const shortIds = new Int32Array(texts.length);
  words.forEach((text, t) => {
    if (text.length >= length) return;
    const whole = text.join(" "); // no word holds a space, so this is as good as the words
    if (!short.has(whole)) short.set(whole, short.size);
    shortIds[t] = ngrams.distinct + short.get(whole)!;
  });
  return words.map((text, t) => {
    if (text.length < length) return shortIds.slice(t, t + 1);
    const start = corpus.starts[t]!;
    return distinctSorted(ngrams.ids.slice(start, start + text.length - length + 1));
  });
}

function distinctSorted(ids: Int32Array): Int32Array {
  ids.sort();
  let kept = 0;
  ids.forEach((id, i) => {
    if (i === 0 || id !== ids[i - 1]) ids[kept++] = id;
  });
  return ids.slice(0, kept);
}

/** Size of the intersection over size of the union of two increasing lists, 0..1; 0 for two empty ones. */
export function jaccard(a: Int32Array, b: Int32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  const union = a.length + b.length - shared;
  return union === 0 ? 0 : shared / union;
}

const hashes = 128;

/**
 * A set of texts to ask for near duplicates. A pair that is alike at the threshold itself is missed with a probability below
 * 0.001, less the more it is alike. Deterministic: the hash functions are fixed.
 */
export class NearIndex {
  readonly #threshold: number;
  readonly #bandSize: number;
  readonly #sets: Int32Array[] = [];
  /** Per band, the texts by the hash of their band. */
  readonly #buckets: Map<number, number[]>[];
  readonly #seen: number[] = []; // the query that saw a text last, so that each is compared once
  #queries = 0;

  /** @param threshold 0.1..1 */
  constructor(threshold: number) {
    this.#threshold = threshold;
    this.#bandSize = bandSize(threshold);
    this.#buckets = Array.from({ length: hashes / this.#bandSize }, () => new Map());
  }

  /** Adds a text; texts are numbered from 0 in the order in which they come. */
  add(set: Int32Array): void {
    const number = this.#sets.length;
    this.#bandKeys(set).forEach((key, band) => {
      const bucket = this.#buckets[band]!.get(key);
      if (bucket === undefined) this.#buckets[band]!.set(key, [number]);
      else bucket.push(number);
    });
    this.#sets.push(set);
    this.#seen.push(0);
  }

  /**
   * Reports the texts that are like the given one, each once, with their exact similarity, threshold..1.
   * @param skip  whether a text need not be compared; asked of every text that might be alike.
   */
  match(
    set: Int32Array,
    report: (text: number, similarity: number) => void,
    skip: (text: number) => boolean = () => false,
  ): void {
    const query = ++this.#queries;
    this.#bandKeys(set).forEach((key, band) => {
      for (const text of this.#buckets[band]!.get(key) ?? []) {
        if (this.#seen[text] === query) continue;
        this.#seen[text] = query;
        if (skip(text)) continue;
        const other = this.#sets[text]!;
        // The similarity is at most the ratio of the sizes.
        const bound = Math.min(set.length, other.length) / Math.max(set.length, other.length);
        const similarity = bound < this.#threshold ? 0 : jaccard(set, other);
        if (similarity >= this.#threshold) report(text, similarity);
      }
    });
  }

  #bandKeys(set: Int32Array): Uint32Array {
    const signature = minHashes(set);
    return Uint32Array.from(this.#buckets, (_, band) => hashOf(signature, band * this.#bandSize, this.#bandSize));
  }
}

// Two sets of similarity s agree in a band of r hashes with probability s^r, so in none of 128 / r bands with
// (1 - s^r)^(128 / r). The largest r that keeps this below 0.001 at the threshold proposes the fewest pairs for nothing.
function bandSize(threshold: number): number {
  return [16, 8, 4, 2].find((r) => (1 - threshold ** r) ** (hashes / r) < 1e-3) ?? 1;
}

// The least value of each of 128 hash functions over the set.
function minHashes(set: Int32Array): Uint32Array {
  const least = new Uint32Array(hashes).fill(0xffffffff);
  for (const id of set) {
    for (let h = 0; h < hashes; h++) {
      const value = mix(id ^ salts[h]!);
      if (value < least[h]!) least[h] = value;
    }
  }
  return least;
}

// A bijection of 32-bit integers in which every input bit moves about half of the output bits (multiply and xor-shift).
function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

// Functions that differ by an xor of the input alone would be weakly related, but for salts that are themselves mixed.
const salts = Int32Array.from({ length: hashes }, (_, h) => mix(h + 0x9e3779b9));

function hashOf(values: Uint32Array, start: number, length: number): number {
  let hash = 0;
  for (let i = start; i < start + length; i++) hash = mix(hash ^ values[i]!);
  return hash;
}
