/** The engine's step against an independent float64 implementation (test/reference/step.ts), token for token. */
import { describe, expect, it } from "vitest";
import { type SampleStepOptions, sampleStep } from "../../../lib/testing.js";
import { referenceStep, uniformBits } from "../../reference/step.js";

/** Mulberry32: 32 bits of state, the same numbers everywhere. */
class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }
  pick<T>(...choices: T[]): T {
    return choices[this.below(choices.length)]!;
  }
  /** low..high, each order of magnitude as likely as the next. */
  logUniform(low: number, high: number): number {
    return Math.floor(low * ((high + 1) / low) ** this.uniform());
  }
  bits64(): bigint {
    return (BigInt(this.below(2 ** 32)) << 32n) | BigInt(this.below(2 ** 32));
  }
}

/**
 * A random step. Where logits tie (quantum > 0) weights are 64ths, so that scores tie in exact arithmetic or not at all:
 * two roundings of one sum could otherwise differ, and decide about a tie at the border of the nucleus.
 */
function randomStep(random: Random, rows: number, vocab: number): SampleStepOptions {
  const quantum = random.pick(0, 0, 0.25, 1);
  const spread = random.pick(0.2, 4, 8, 40);
  const minusInfinity = random.pick(0, 0, 0.05, 0.7);
  const logits = Float32Array.from({ length: rows * vocab }, () => {
    const value = spread * (random.uniform() + random.uniform() + random.uniform() - 1.5);
    if (minusInfinity > 0 && random.uniform() < minusInfinity) return Number.NEGATIVE_INFINITY;
    return quantum > 0 ? Math.round(value / quantum) * quantum : value;
  });
  for (let m = 0; m < rows; m++) logits[m * vocab + random.below(vocab)] = 1; // at least one token is possible
  const coupled = random.pick(0, 0.3, 1);
  const weights = Float64Array.from({ length: rows * rows }, () => {
    if (random.uniform() >= coupled) return 0;
    return quantum > 0 ? random.below(16) / 64 : random.uniform() / rows;
  });
  return {
    logits,
    vocab,
    weights,
    active: Uint8Array.from({ length: rows }, () => Number(random.uniform() < 0.8)),
    gamma: random.pick(1, 1, 0.5, 1.75),
    // the whole vocabulary of many rows would take the reference minutes
    plausibility: rows * vocab > 500_000 ? random.pick(1e-3, 0.1) : random.pick(0, 1e-3, 1e-3, 0.1, 1),
    topP: random.pick(0.9, 0.9, 1, 0.3, 1e-6),
    topK: random.pick(0, 0, 0, 1, 40),
    temperature: random.pick(1, 1, 0.7, 2, 0.05),
    seed: random.bits64(),
    group: random.bits64(),
    step: random.below(2 ** 32),
  };
}

/** Steps in which any token differs, described; and how many tokens were compared. */
function compare(steps: Iterable<SampleStepOptions>): { differing: string[]; drawn: number; ended: number } {
  const differing: string[] = [];
  let drawn = 0;
  let ended = 0;
  for (const options of steps) {
    const tokens = sampleStep(options);
    const expected = referenceStep(options);
    for (const token of expected) token < 0 ? ended++ : drawn++;
    if (tokens.join() !== expected.join()) {
      const { logits: _logits, weights: _weights, seed, group, ...facts } = options;
      differing.push(
        `${JSON.stringify(facts)} seed ${seed} group ${group}: ${tokens.join()} expected ${expected.join()}`,
      );
    }
  }
  return { differing, drawn, ended };
}

function* randomSteps(seed: number, count: number, size: (random: Random, i: number) => [rows: number, vocab: number]) {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) yield randomStep(random, ...size(random, i));
}

describe("sampleStep", () => {
  it("draws the reference's tokens in 9,950 steps of 1 to 40 rows over 5 to 1,000 tokens", () => {
    const result = compare(randomSteps(1, 9950, (r) => [r.logUniform(1, 40), r.logUniform(5, 1000)]));
    expect(result.differing).toEqual([]);
    expect(result.drawn).toBeGreaterThan(50_000);
    expect(result.ended).toBeGreaterThan(10_000);
  });

  it("draws the reference's tokens in 50 steps of 1 to 40 rows over 1,000 to 150,000 tokens", () => {
    const vocabs = [1_000, 5_003, 32_064, 128_256, 150_000];
    const result = compare(randomSteps(2, 50, (r, i) => [i < 5 ? 40 : r.logUniform(1, 20), vocabs[i % 5]!]));
    expect(result.differing).toEqual([]);
    expect(result.drawn).toBeGreaterThan(300);
  });

  it("takes plain arrays, booleans and defaults like their full forms", () => {
    const brief = { logits: Float32Array.of(2, 1, 0, 0, 1, 2), vocab: 3, gamma: 1, plausibility: 0, topP: 1 };
    for (let seed = 0; seed < 50; seed++) {
      const options = { ...brief, weights: [0, 0.5, 0.5, 0], active: [true, true], seed };
      const full = { ...options, topK: 0, temperature: 1, seed: BigInt(seed), group: 0n, step: 0 };
      expect(sampleStep(options)).toEqual(referenceStep(full));
    }
  });

  it.each([
    ["NaN", [1, Number.NaN, 0]],
    ["+∞", [1, Number.POSITIVE_INFINITY, 0]],
    ["nothing but −∞", new Array(3).fill(Number.NEGATIVE_INFINITY)],
  ])("refuses a row with %s, unless it has ended", (_, bad) => {
    const logits = Float32Array.from([3, 2, 1, ...bad]);
    const options = { logits, vocab: 3, gamma: 1, weights: [0, 0, 0, 0], plausibility: 0.001, topP: 0.9 };
    expect(() => sampleStep({ ...options, active: [1, 1] })).toThrow(expect.objectContaining({ code: "NOT_A_NUMBER" }));
    expect(() => referenceStep({ ...options, active: [1, 1] })).toThrow("finite best logit");
    expect(sampleStep({ ...options, active: [1, 0] })).toEqual(referenceStep({ ...options, active: [1, 0] }));
  });

  it.each([
    ["logits", { logits: new Float32Array(5) }],
    ["weights", { weights: [0, 0, 0] }],
    ["active", { active: [1] }],
    ["vocab", { vocab: 2 }],
    ["vocab", { vocab: 0 }],
  ])("refuses %s of a length that does not fit", (_, wrong) => {
    const right = { logits: new Float32Array(6), vocab: 3, weights: [0, 0, 0, 0], active: [1, 1] };
    expect(() => sampleStep({ ...right, gamma: 1, plausibility: 0.001, topP: 0.9, ...wrong })).toThrow(RangeError);
  });
});

describe("contrast without heat, γ = 1 + the total", () => {
  const vocab = 4;
  const plain = { vocab, plausibility: 0, topP: 1, active: [1, 1, 1, 1] };
  const seeds = Array.from({ length: 500 }, (_, seed) => seed);
  const weights = (total: number) => Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 0 : total / 3));

  it("is FewGen where all rows agree, token for token", () => {
    const logits = Float32Array.from({ length: 16 }, (_, i) => [2, 1, 0.5, -3][i % 4]!);
    for (const seed of seeds) {
      const contrasted = sampleStep({ ...plain, logits, seed, gamma: 1.75, weights: weights(0.75) });
      expect(contrasted).toEqual(sampleStep({ ...plain, logits, seed, gamma: 1, weights: weights(0) }));
    }
  });

  it("is FewGen for a row whose partners have ended: nothing is sharpened in their place", () => {
    const logits = Float32Array.from({ length: 16 }, (_, i) => Math.sin(7 * i));
    const active = [0, 1, 0, 0];
    for (const seed of seeds) {
      const contrasted = sampleStep({ ...plain, logits, seed, active, gamma: 1.75, weights: weights(0.75) });
      expect(contrasted).toEqual(sampleStep({ ...plain, logits, seed, active, gamma: 1, weights: weights(0) }));
    }
  });

  it("is softmax(l + cross · (l_k − mean of the others)) where only the labels differ", () => {
    // l = (2, 1, 0, −1) for both labels, to which label 0 adds (1, 0, 0, 0) and label 1 adds (0, 1, 0, 0)
    const logits = Float32Array.of(3, 1, 0, -1, 2, 2, 0, -1);
    // row 0, cross 0.5: 3 + 0.5·(3 − 2) = 3.5; 1 + 0.5·(1 − 2) = 0.5; 0; −1
    const scores = [3.5, 0.5, 0, -1];
    const masses = scores.map(Math.exp);
    const sum = masses.reduce((a, b) => a + b);
    const counts = [0, 0, 0, 0];
    const draws = 20_000;
    for (let step = 0; step < draws; step++) {
      const weights = [0, 0.5, 0.5, 0];
      const [token] = sampleStep({ ...plain, active: [1, 1], logits, gamma: 1.5, weights, seed: 5, step });
      counts[token!]!++;
    }
    for (const [w, mass] of masses.entries()) {
      const share = mass / sum;
      const deviation = Math.sqrt((share * (1 - share)) / draws);
      expect(Math.abs(counts[w]! / draws - share)).toBeLessThan(4 * deviation);
    }
  });
});

describe("the reference", () => {
  it("has Philox4x32-10's published known answer (Random123, kat_vectors: digits of pi)", () => {
    const bits = uniformBits(0x299f31d0a4093822n, 0x0370734413198a2en, 0x85a308d3n, 0x243f6a88n);
    expect(bits).toBe(0x94fdccebd16cfe09n);
  });

  it("gives what can be worked out by hand: a mode, a contrast that turns it, an ended partner that does not", () => {
    const options = { logits: Float32Array.of(3, 2, 0, 4, 0, 0), vocab: 3, gamma: 1, plausibility: 0.01, topP: 1e-9 };
    const weights = [0, 0.5, 0, 0]; // row 0 contrasted: 3 − 2 = 1, 2 − 0 = 2, 0 − 0 = 0
    expect([...referenceStep({ ...options, weights: [0, 0, 0, 0], active: [1, 1] })]).toEqual([0, 0]);
    expect([...referenceStep({ ...options, weights, active: [1, 1] })]).toEqual([1, 0]);
    expect([...referenceStep({ ...options, weights, active: [1, 0] })]).toEqual([0, -1]);
  });
});
