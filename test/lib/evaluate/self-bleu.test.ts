import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { selfBleu, type Token } from "../../../lib/evaluate/index.js";
import { selfBleuOrders } from "../../../lib/evaluate/self-bleu.js";

type Texts = readonly (readonly Token[])[];

// NLTK's definition spelled out, one text against all others, with n-grams as JSON: slow and obviously right.
function nltkSentenceBleu(references: Texts, hypothesis: readonly Token[], order: number): number {
  const counts = (text: readonly Token[], k: number) => {
    const found = new Map<string, number>();
    for (let p = 0; p + k <= text.length; p++) {
      const key = JSON.stringify(text.slice(p, p + k));
      found.set(key, (found.get(key) ?? 0) + 1);
    }
    return found;
  };
  let logs = 0;
  for (let k = 1; k <= order; k++) {
    const referenceCounts = references.map((reference) => counts(reference, k));
    let matches = 0;
    for (const [ngram, count] of counts(hypothesis, k)) {
      matches += Math.min(count, Math.max(...referenceCounts.map((reference) => reference.get(ngram) ?? 0)));
    }
    if (k === 1 && matches === 0) return 0;
    logs += Math.log((matches === 0 ? 0.1 : matches) / Math.max(1, hypothesis.length - k + 1)) / order;
  }
  const c = hypothesis.length;
  const r = references
    .map((reference) => reference.length)
    .reduce((best, length) => {
      const nearer = Math.abs(length - c) - Math.abs(best - c);
      return nearer < 0 || (nearer === 0 && length < best) ? length : best;
    });
  return (c > r ? 1 : Math.exp(1 - r / c)) * Math.exp(logs);
}

function oracle(texts: Texts, order: number): number[] {
  return texts.map((text, i) => nltkSentenceBleu([...texts.slice(0, i), ...texts.slice(i + 1)], text, order));
}

// mulberry32: the corpora are the same on every run
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words = (text: string): string[] => (text === "" ? [] : text.split(" "));

describe("selfBleu", () => {
  it("gives the values worked out by hand", () => {
    const table: [texts: string[], order: number, perText: number[]][] = [
      [["a b c", "a b c"], 3, [1, 1]],
      [["a b", "c d"], 5, [0, 0]],
      // p1 = 1/2, p2 = 0.1/1
      [["a b", "a c"], 2, [Math.sqrt(0.05), Math.sqrt(0.05)]],
      // three a's are clipped to the two of the other text, which is shorter, so no penalty; and 2/2 with exp(1 - 3/2)
      [["a a a", "a a"], 1, [2 / 3, Math.exp(-0.5)]],
      // the second text has the others at distance 1 on both sides: the shorter counts, so no penalty
      [["a", "a a", "a a a"], 1, [Math.exp(-1), 1, 2 / 3]],
    ];
    for (const [texts, order, expected] of table) {
      const { score, perText } = selfBleu(texts.map(words), { order });
      expected.forEach((value, i) => {
        expect(perText[i], `${JSON.stringify(texts)} text ${i}`).toBeCloseTo(value, 14);
      });
      expect(score).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / texts.length, 14);
    }
  });

  it("scores two equal one-word texts 0.1^(4/5), for the orders a word is too short for count as 0.1 of 1", () => {
    expect(selfBleu([["sun"], ["sun"]]).score).toBeCloseTo(0.1 ** 0.8, 14);
    expect(selfBleu([["sun"], ["sun"]]).score).toBeCloseTo(0.158, 3);
  });

  it("scores an empty text 0, also beside other empty texts", () => {
    expect([...selfBleu([[], ["a", "b"], ["a", "b"]]).perText].map((score) => score > 0)).toEqual([false, true, true]);
    expect(selfBleu([[], []]).score).toBe(0);
  });

  it("takes tokens as they are: one that holds a space is not two, and 1 is not the string 1", () => {
    expect(selfBleu([["a b"], ["a", "b"]]).score).toBe(0);
    expect(selfBleu([[1], ["1"]]).score).toBe(0);
    const spaced: Texts = [
      ["a b", "c", "d"],
      ["a", "b c", "d"],
    ];
    expect([...selfBleu(spaced, { order: 2 }).perText]).toEqual(oracle(spaced, 2).map((x) => expect.closeTo(x, 14)));
  });

  it("equals NLTK's definition on random texts, to 1e-12", () => {
    const next = random(2411);
    const below = (n: number) => Math.floor(next() * n);
    const vocabulary: Token[] = ["a", "b", "a b", "b a", " ", "", "c", 1, "1", "\n", "d", "e f", "e", "f"];
    for (let trial = 0; trial < 150; trial++) {
      const known = 1 + below(vocabulary.length);
      const texts: Token[][] = Array.from({ length: 2 + below(14) }, () =>
        Array.from({ length: below(12) }, () => vocabulary[below(known)]!),
      );
      if (next() < 0.3) texts.push([...texts[0]!]);
      const order = 1 + below(6);
      const expected = oracle(texts, order);
      const { score, perText } = selfBleu(texts, { order });
      perText.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!), `trial ${trial}, text ${i}`).toBeLessThan(1e-12);
      });
      expect(Math.abs(score! - expected.reduce((a, b) => a + b, 0) / texts.length)).toBeLessThan(1e-12);
    }
  });

  it("does not depend on the order of the texts", () => {
    const texts = ["a b c d", "a b c e", "x y", "x", "a b"].map(words);
    const { perText } = selfBleu(texts);
    expect([...selfBleu([...texts].reverse()).perText].reverse()).toEqual([...perText]);
  });

  it("is null with a reason for fewer than two texts", () => {
    for (const texts of [[], [["a"]]]) {
      const result = selfBleu(texts);
      expect(result).toMatchObject({ score: null, reason: expect.stringContaining(`received ${texts.length}`) });
      expect(result.perText).toHaveLength(0);
    }
  });

  it("refuses an order that is no integer from 1", () => {
    for (const order of [0, -1, 2.5, Number.NaN])
      expect(() => selfBleu([["a"], ["a"]], { order })).toThrow(InvalidConfigError);
  });
});

describe("selfBleuOrders", () => {
  it("gives the values worked out by hand", () => {
    // p1 = 1/2, p2 = 0.1/1, and with no 3-gram in two words p3 = 0.1/1; equal lengths, so no penalty
    const expected = [0.5, 0.05 ** (1 / 2), 0.005 ** (1 / 3)];
    const results = selfBleuOrders([words("a b"), words("a c")], { orders: [1, 2, 3] });
    expect(results.map(({ score }) => score)).toEqual(expected.map((value) => expect.closeTo(value, 14)));
  });

  it("gives for each order what selfBleu gives, in the sequence asked for, 2 to 5 by default", () => {
    const texts = ["a b c d e f", "a b c d x f", "a b c", "b c d e f", "z z", ""].map(words);
    const single = (order: number) => selfBleu(texts, { order });
    expect(selfBleuOrders(texts)).toEqual([2, 3, 4, 5].map(single));
    expect(selfBleuOrders(texts, { orders: [4, 1, 4] })).toEqual([4, 1, 4].map(single));
    expect(selfBleuOrders(texts, { orders: [] })).toEqual([]);
  });

  it("scores identical texts 1 in every order they are long enough for", () => {
    const texts = Array.from({ length: 3 }, () => words("a b c d e"));
    expect(selfBleuOrders(texts).map(({ score }) => score)).toEqual(
      [1, 1, 1, 1].map((value) => expect.closeTo(value, 14)),
    );
  });

  it("is null with a reason for fewer than two texts, and refuses what is no order", () => {
    expect(selfBleuOrders([words("a b")]).map(({ score }) => score)).toEqual([null, null, null, null]);
    for (const order of [0, 1.5, Number.POSITIVE_INFINITY])
      expect(() => selfBleuOrders([], { orders: [2, order] })).toThrow(InvalidConfigError);
  });
});
