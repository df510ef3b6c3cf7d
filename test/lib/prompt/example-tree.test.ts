// Laws of the examples that groups in a row share as a tree.
import { describe, expect, test } from "vitest";
import { ExampleTree } from "../../../lib/prompt/example-tree.js";
import { type Mix, mixOf } from "../../../lib/prompt/mixed-examples.js";

const poolOf = (human: number, made = 0): Mix =>
  mixOf([
    ...Array.from({ length: human }, () => ({ fields: {} })),
    ...Array.from({ length: made }, () => ({ fields: { origin: "synthetic" } })),
  ]);
const tree = (pool: number | Mix, shots: number, repeat = 1, seed = 1n, label = 0) =>
  new ExampleTree(seed, label, typeof pool === "number" ? poolOf(pool) : pool, shots, repeat);
const draws = (of: ExampleTree, groups: number) => Array.from({ length: groups }, (_, turn) => of.draw(turn));
const setOf = (examples: readonly number[]) => [...examples].sort((a, b) => a - b).join();

//    pool, shots, rows of a label, groups of which no two share a set
const shapes: [pool: number, shots: number, repeat: number, distinct: number][] = [
  [16, 3, 1, 128], // shares of 8, 4 and 4: all sets that these have
  [12, 3, 1, 64], // 4, 4, 4
  [60, 3, 1, 6720], // 12, 20 and 28: all sets that these have
  [16, 1, 1, 16],
  [16, 2, 1, 48], // 12 and 4
  [5, 3, 1, 2], // 1, 2 and 2 of a pool that small
  [3, 3, 1, 1],
  [16, 3, 2, 59],
  [40, 8, 2, 219],
];

describe.each(shapes)("a pool of %d, %d shots, %d rows", (pool, shots, repeat, distinct) => {
  const of = tree(pool, shots, repeat);
  const groups = draws(of, Math.min(distinct, 2000));

  test("no two rows of all groups have the same examples until the pool is exhausted", () => {
    expect(of.distinctGroups).toBe(distinct);
    const sets = groups.flat().map(setOf);
    expect(new Set(sets).size).toBe(sets.length);
  });

  test("no prompt has an example twice, and each is one of the pool", () => {
    for (const examples of draws(of, 100).flat()) {
      expect(examples).toHaveLength(shots);
      expect(new Set(examples).size).toBe(shots);
      for (const example of examples) expect(example >= 0 && example < pool).toBe(true);
    }
  });

  test("at each place an example comes again when all others of its share have come as often", () => {
    for (let place = 0; place < shots; place++) {
      const dealt = groups.map(([row]) => row![place]!).filter((example, i, all) => i === 0 || example !== all[i - 1]);
      const share = new Set(dealt).size;
      for (let i = 0; i + share <= dealt.length; i += share) {
        expect(new Set(dealt.slice(i, i + share)).size).toBe(share);
      }
    }
  });
});

test("shares: the last example is another in every group, the one before for four, the others for sixteen", () => {
  const groups = draws(tree(60, 5), 64).map(([row]) => row!);
  const changes = (place: number) =>
    groups.flatMap((row, i) => (i > 0 && row[place] !== groups[i - 1]![place] ? [i] : []));
  const every = (step: number) => Array.from({ length: 64 / step - 1 }, (_, i) => (i + 1) * step);
  expect([0, 1, 2, 3, 4].map(changes)).toEqual([every(16), every(16), every(16), every(4), every(1)]);
  expect(tree(60, 5).shared).toEqual([0, 3, 4]);
  expect(tree(60, 2).shared).toEqual([0, 1]);
  expect(tree(60, 1).shared).toEqual([0]);
});

test("rows of a label in one group have no example in common while the pool suffices", () => {
  for (const group of draws(tree(40, 3, 4), 200)) expect(new Set(group.flat()).size).toBe(12);
});

test("examples of a model are at most half, at places of their own, and obey the same laws", () => {
  const of = tree(poolOf(24, 24), 4);
  const groups = draws(of, Math.min(of.distinctGroups, 1000)).map(([row]) => row!);
  for (const row of groups) expect(row.map((example) => example >= 24)).toEqual([false, true, false, true]);
  expect(new Set(groups.map(setOf)).size).toBe(groups.length);
  expect(groups.length).toBe(1000);
});

test("the draw depends on seed, label and number alone, not on what was asked before", () => {
  const all = draws(tree(16, 3), 300);
  const asked = tree(16, 3);
  for (const turn of [299, 0, 128, 127, 5, 129]) expect(asked.draw(turn)).toEqual(all[turn]);
  expect(draws(tree(16, 3, 1, 2n), 8)).not.toEqual(all.slice(0, 8));
  expect(draws(tree(16, 3, 1, 1n, 1), 8)).not.toEqual(all.slice(0, 8));
  expect(all.slice(128, 256)).not.toEqual(all.slice(0, 128)); // the pool is shared out anew
});
