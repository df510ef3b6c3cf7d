import { expect, it } from "vitest";
import { nearGroups } from "../../../lib/near/groups.js";
import { UnionFind } from "../../../lib/near/union-find.js";

it("joins numbers into sets whose root is their least, whatever the order", () => {
  const sets = new UnionFind(6);
  expect([sets.count, sets.root(5), sets.areJoined(0, 1)]).toEqual([6, 5, false]);
  sets.join(5, 3);
  sets.join(4, 5);
  sets.join(3, 4); // joined already, through 5
  sets.join(1, 0);
  expect(sets.count).toBe(3); // {0, 1}, {2}, {3, 4, 5}
  expect([0, 1, 2, 3, 4, 5].map((number) => sets.root(number))).toEqual([0, 0, 2, 3, 3, 3]);
  expect([sets.areJoined(4, 5), sets.areJoined(2, 3)]).toEqual([true, false]);
});

it("joins a chain of ten thousand in no time and without a deep stack", () => {
  const sets = new UnionFind(10_000);
  for (let i = 9_999; i > 0; i--) sets.join(i, i - 1);
  expect([sets.count, sets.root(9_999)]).toEqual([1, 0]);
});

it("gives nearGroups the first text of each set of near duplicates", () => {
  const ten = "one two three four five six seven eight nine ten";
  // the last word changes one of 8 shingles: 7 of 9 = 0.78 are shared; a word in the middle changes three: 5 of 11
  const texts = [
    "other words altogether here",
    ten,
    ten.replace("five", "5"),
    ten.replace("ten", "end"),
    ten.toUpperCase(),
  ];
  expect([...nearGroups(texts)]).toEqual([0, 1, 2, 1, 1]);
  expect([...nearGroups([])]).toEqual([]);
});
