/** Random numbers for all that is drawn outside the engine: examples, attributes, samples, splits. Counter-based, like the engine's. */
import { invalidField } from "./errors.js";

/** Four words of 32 bits. */
export type Words4 = readonly [number, number, number, number];

/** Philox4x32-10 (Salmon et al., SC 2011), the function of native/sampling/rng.h. */
export function philox4x32(counter: Words4, key: readonly [number, number]): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

// Upper 32 bits of the 64-bit product, by halves of 16 bits so that every term is exact in a double.
function multiplyHigh(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const middle2 = aLow * bHigh + (middle % 0x10000);
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(middle2 / 0x10000);
}

/**
 * What a stream is for, and the number of it. Words of the counter, of 32 bits each, under the key of a seed:
 *
 * | purpose | word 0 | word 1 | words 2 and 3 |
 * | --- | --- | --- | --- |
 * | the engine's draws | step | row, top bit 0 | group |
 * | examples, contexts, hints | count | top bit 1, purpose, label (24 bits) | group |
 * | contexts that are all used once | count | top bit 1, purpose, label (24 bits) | round of the deck |
 * | attributes | count | top bit 1, purpose, label (24 bits) | round of the deck, attribute |
 * | which text of a verbalized answer | count | top bit 1, purpose, row | group |
 * | examples as a tree | count | top bit 1, purpose, label (24 bits) | round of the pool |
 * | partners of a top-up group | count | top bit 1, purpose, 0 | group |
 * | seeds of the label check | count | top bit 1, purpose, label (24 bits) | 0 |
 * | labels of the groups of a round | count | top bit 1, purpose, 0 | round |
 * | what an evaluation draws | count | top bit 1, purpose 0, its number · 2^20 + index | the last group there is |
 * | the split of an export | count | top bit 1, purpose 1, 0 | the last group there is |
 * | seeds from rows | count | top bit 1, purpose 2, label (24 bits) | the last group there is |
 */
const purposeNumber = {
  ...{ examples: 0, attributes: 1, contexts: 2, partners: 3, check: 4, labels: 5 },
  ...{ hints: 6, verbalized: 7, tree: 8 },
} as const;

/** One of the purposes of a run's streams; each has numbers of its own. */
export type Purpose = keyof typeof purposeNumber;

const evaluationNumber = {
  pca: 0,
  kmeans: 1,
  umap: 2,
  student: 3,
  sample: 4,
  folds: 5,
  draws: 6,
  "held-out": 7,
} as const;

/** One of the purposes of an evaluation's streams; each has numbers of its own. */
export type EvaluationPurpose = keyof typeof evaluationNumber;

/** No run comes to this group, so what is drawn under it shares no number with a run of the same seed. */
const lastGroup = Number.MAX_SAFE_INTEGER;

/**
 * A stream of random integers that depends on (seed, group, purpose, label) alone. The engine's draws use the same seed
 * with counter words (step, row, group low, group high); here the second word has its top bit set, which no row
 * number has, so the two never share a number.
 */
export class RandomStream {
  readonly #key: readonly [number, number];
  readonly #stream: readonly [number, number, number];
  #words: Words4 = [0, 0, 0, 0];
  #used = 0;

  /**
   * @param seed 0..2^64-1
   * @param group integer ≥ 0
   * @param label integer 0..2^24-1
   */
  constructor(seed: bigint, group: number, purpose: Purpose, label: number) {
    this.#key = [Number(seed & 0xffffffffn), Number(seed >> 32n)];
    const which = (0x80000000 | (purposeNumber[purpose] << 24) | label) >>> 0;
    this.#stream = [which, group >>> 0, Math.floor(group / 2 ** 32)];
  }

  /** An integer 0..n-1, each equally likely; n is 1..2^32. */
  below(n: number): number {
    // Numbers past the last whole multiple of n would favour the small ones: draw again.
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const word = this.#next();
      if (word < limit) return word % n;
    }
  }

  /** `count` different integers of 0..n-1 in random order, count ≤ n, in O(count) (Fisher-Yates on a sparse array). */
  sample(n: number, count: number): number[] {
    const moved = new Map<number, number>();
    return Array.from({ length: count }, (_, i) => {
      const j = i + this.below(n - i);
      const drawn = moved.get(j) ?? j;
      moved.set(j, moved.get(i) ?? i);
      return drawn;
    });
  }

  #next(): number {
    if (this.#used % 4 === 0) this.#words = philox4x32([this.#used / 4, ...this.#stream], this.#key);
    return this.#words[this.#used++ % 4] as number;
  }
}

/**
 * A stream of random integers that depends on (seed, purpose, index) alone. Groups of a run count up from 0; these streams
 * sit at the last group number there is, so an evaluation never shares a number with the run it evaluates.
 * @param seed  an integer 0..2^53 − 1.
 * @param index  which of the purpose's streams, an integer 0..2^20 − 1.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when `seed` is no such integer.
 */
export function evaluationRandom(seed: number, purpose: EvaluationPurpose, index = 0): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    const message = `Expected an integer 0..2^53 - 1, received ${seed}`;
    throw invalidField("seed", message);
  }
  return new RandomStream(BigInt(seed), lastGroup, "examples", evaluationNumber[purpose] * 2 ** 20 + index);
}

/** The stream by which an export is split. */
export function splitRandom(seed: number): RandomStream {
  return new RandomStream(BigInt(seed), lastGroup, "attributes", 0);
}

/** The stream by which seeds of a label are drawn from rows. */
export function seedsRandom(seed: number, label: number): RandomStream {
  return new RandomStream(BigInt(seed), lastGroup, "contexts", label);
}
