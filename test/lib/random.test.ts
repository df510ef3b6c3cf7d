import { expect, test } from "vitest";
import { philox4x32, RandomStream, type Words4 } from "../../lib/random.js";

test("Philox4x32-10 gives the known answers of Random123 (kat_vectors)", () => {
  //                counter                                           key                        output
  const vectors: [Words4, [number, number], Words4][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  for (const [counter, key, output] of vectors) expect(philox4x32(counter, key)).toEqual(output);
});

test("a stream's first word is Philox of (0, purpose and label with the top bit, group low, group high) under the seed", () => {
  const stream = new RandomStream(2n ** 40n + 3n, 2 ** 33 + 5, "contexts", 7);
  const [word] = philox4x32([0, 0x82000007, 5, 2], [3, 256]);
  expect(stream.below(2 ** 32)).toBe(word);
});

const take = (stream: RandomStream) => Array.from({ length: 8 }, () => stream.below(1000));

test("a stream depends on seed, group, purpose and label, and on nothing else", () => {
  const base = take(new RandomStream(1n, 2, "examples", 3));
  take(new RandomStream(1n, 2, "attributes", 3));
  expect(take(new RandomStream(1n, 2, "examples", 3))).toEqual(base);
  expect(take(new RandomStream(2n, 2, "examples", 3))).not.toEqual(base);
  expect(take(new RandomStream(1n, 3, "examples", 3))).not.toEqual(base);
  expect(take(new RandomStream(1n, 2, "attributes", 3))).not.toEqual(base);
  expect(take(new RandomStream(1n, 2, "examples", 4))).not.toEqual(base);
});

test("below(n) reaches each number about equally often", () => {
  const stream = new RandomStream(7n, 0, "examples", 0);
  const counts = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) counts[stream.below(3)]!++;
  // Standard deviation 82: five of them.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(410);
});

test("a sample of all is a permutation, each of them about equally often", () => {
  const counts = new Map<string, number>();
  for (let group = 0; group < 6000; group++) {
    const drawn = new RandomStream(7n, group, "examples", 0).sample(3, 3).join("");
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
  // Standard deviation 29: five of them.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
});

test("a small sample of many has no number twice", () => {
  const drawn = new RandomStream(7n, 0, "examples", 0).sample(1_000_000, 500);
  expect(new Set(drawn).size).toBe(500);
  expect(Math.max(...drawn)).toBeLessThan(1_000_000);
});
