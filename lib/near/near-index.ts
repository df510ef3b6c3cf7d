// Sets that are alike, found by MinHash (Broder 1997) and banding without comparing every set with every other. Hashes
// only propose: whether two sets are alike is decided by their exact Jaccard similarity.
import { mixBits } from "../text/hash.js";

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
 * A set of texts to ask for near duplicates. A pair that is alike at the threshold itself is missed with a probability
 * below 0.001, less the more it is alike. Deterministic: the hash functions are fixed.
 */
export class NearIndex {
  readonly #threshold: number;
  readonly #bandSize: number;
  readonly #sets: Int32Array[] = [];
  /** Per band, the texts by the hash of their band; a number alone where there is one, as nearly everywhere. */
  readonly #buckets: Map<number, number | number[]>[];
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
      if (bucket === undefined) this.#buckets[band]!.set(key, number);
      else if (typeof bucket === "number") this.#buckets[band]!.set(key, [bucket, number]);
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
      const bucket = this.#buckets[band]!.get(key) ?? [];
      for (const text of typeof bucket === "number" ? [bucket] : bucket) {
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
    if (set !== last.set) last = { set, signature: minHashes(set) };
    const { signature } = last;
    return Uint32Array.from(this.#buckets, (_, band) => hashOf(signature, band * this.#bandSize, this.#bandSize));
  }
}

// A text is mostly looked up, perhaps in several indices, and then added: its signature is computed once for all that.
let last: { readonly set?: Int32Array; readonly signature: Uint32Array } = { signature: new Uint32Array() };

// Two sets of similarity s agree in a band of r hashes with probability s^r, so in none of 128 / r bands with (1 -
// s^r)^(128 / r). The largest r that keeps this below 0.001 at the threshold proposes the fewest pairs for nothing.
function bandSize(threshold: number): number {
  return [16, 8, 4, 2].find((r) => (1 - threshold ** r) ** (hashes / r) < 1e-3) ?? 1;
}

// The least value of each of 128 hash functions over the set.
function minHashes(set: Int32Array): Uint32Array {
  const least = new Uint32Array(hashes).fill(0xffffffff);
  for (const id of set) {
    for (let h = 0; h < hashes; h++) {
      const value = mixBits(id ^ salts[h]!);
      if (value < least[h]!) least[h] = value;
    }
  }
  return least;
}

// Functions that differ by an xor of the input alone would be weakly related, but for salts that are themselves mixed.
const salts = Int32Array.from({ length: hashes }, (_, h) => mixBits(h + 0x9e3779b9));

function hashOf(values: Uint32Array, start: number, length: number): number {
  let hash = 0;
  for (let i = start; i < start + length; i++) hash = mixBits(hash ^ values[i]!);
  return hash;
}
