import { describe, expect, it } from "vitest";
import type { DuplicatePair } from "../../../lib/near/duplicates.js";
import { alikeOf, alikeRows } from "../../../lib/report/alike.js";

const pair = (first: number, second: number, similarity: number, exact = false): DuplicatePair => {
  return { first, second, similarity, exact };
};

describe("alikeOf", () => {
  const table: [
    name: string,
    pairs: DuplicatePair[],
    alike: [row: number, other: number, like: number | null, set: number][],
  ][] = [
    ["none", [], []],
    [
      "both of a pair",
      [pair(2, 5, 0.8)],
      [
        [2, 5, 0.8, 2],
        [5, 2, 0.8, 2],
      ],
    ],
    [
      "the nearest of several",
      [pair(0, 1, 0.8), pair(1, 2, 0.9)],
      [
        [0, 1, 0.8, 0],
        [1, 2, 0.9, 0],
        [2, 1, 0.9, 0],
      ],
    ],
    [
      "an equal one before one with all shingles",
      [pair(0, 2, 1), pair(1, 2, 1, true)],
      [
        [0, 2, 1, 0],
        [1, 2, null, 0],
        [2, 1, null, 0],
      ],
    ],
    [
      "the earlier of two that are as like",
      [pair(1, 4, 0.7), pair(1, 3, 0.7)],
      [
        [1, 3, 0.7, 1],
        [3, 1, 0.7, 1],
        [4, 1, 0.7, 1],
      ],
    ],
    [
      "two sets",
      [pair(0, 3, 0.9), pair(1, 2, 0.8)],
      [
        [0, 3, 0.9, 0],
        [1, 2, 0.8, 1],
        [2, 1, 0.8, 1],
        [3, 0, 0.9, 0],
      ],
    ],
  ];
  it.each(table)("%s", (_, pairs, alike) => {
    const found = [...alikeOf(pairs)].map(([row, { other, similarity, set }]) => [row, other, similarity, set]);
    expect(found.sort(([a], [b]) => (a as number) - (b as number))).toEqual(alike);
  });
});

describe("alikeRows", () => {
  it("takes the evaluation's word where it lists all, and looks again where its list is full", () => {
    const texts = Array.from({ length: 150 }, (_, i) => `number ${i} of the many words ${i}`);
    const rows = [...texts, ...texts].map((text) => ({ text }));
    expect(alikeRows(rows, { near: 1, pairs: [pair(3, 4, 0.75)] })).toEqual(alikeOf([pair(3, 4, 0.75)]));
    const listed = texts.slice(0, 100).map((_, i) => pair(i, 150 + i, 1, true));
    const found = alikeRows(rows, { near: 150, pairs: listed });
    expect(found.size).toBe(300);
    for (const [row, { other, similarity }] of found) {
      expect([other, similarity]).toEqual([(row + 150) % 300, null]);
    }
  });
});
