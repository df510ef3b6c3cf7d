import { expect, test } from "vitest";
import { addTallies, Ledger } from "../../../lib/run/ledger.js";

test("a label takes its number and calls the rest surplus", () => {
  const ledger = new Ledger([2, 1]);
  expect([0, 0, 0, 1].map((label) => ledger.accept(label))).toEqual([true, true, false, true]);
  expect(ledger.done).toBe(true);
  expect(ledger.counts()).toEqual([
    { wanted: 2, accepted: 2, surplus: 1, rejected: {} },
    { wanted: 1, accepted: 1, surplus: 0, rejected: {} },
  ]);
});

test("a refused instance counts by its reason and not towards the number", () => {
  const ledger = new Ledger([1]);
  for (const reason of ["empty", "length", "empty"]) ledger.reject(0, reason);
  expect(ledger.done).toBe(false);
  expect(ledger.remaining(0)).toBe(1);
  expect(ledger.counts()[0]?.rejected).toEqual({ empty: 2, length: 1 });
});

test("counts are a copy", () => {
  const ledger = new Ledger([1]);
  const before = ledger.counts();
  ledger.reject(0, "empty");
  expect(before[0]?.rejected).toEqual({});
});

test("a label of which nothing is wanted is full from the start", () => {
  const ledger = new Ledger([0]);
  expect(ledger.done).toBe(true);
  expect(ledger.accept(0)).toBe(false);
});

test("a label that does not exist is refused", () => {
  expect(() => new Ledger([1]).accept(1)).toThrow(RangeError);
  expect(() => new Ledger([1]).reject(-1, "x")).toThrow("Expected a label of 0..0, received -1");
});

test("goes on from earlier tallies, and a group is what was counted since the one before", () => {
  const earlier = [
    { accepted: 1, surplus: 2, rejected: { empty: 3 } },
    { accepted: 1, surplus: 0, rejected: {} },
  ];
  const ledger = new Ledger([2, 1], earlier);
  expect([0, 1, 0].map((label) => ledger.accept(label))).toEqual([true, false, false]);
  ledger.reject(0, "empty");
  expect(ledger.closeGroup()).toEqual([
    { accepted: 1, surplus: 1, rejected: { empty: 1 } },
    { accepted: 0, surplus: 1, rejected: {} },
  ]);
  expect(ledger.closeGroup()).toEqual(Array(2).fill({ accepted: 0, surplus: 0, rejected: {} }));
  expect(ledger.counts()).toEqual([
    { wanted: 2, accepted: 2, surplus: 3, rejected: { empty: 4 } },
    { wanted: 1, accepted: 1, surplus: 1, rejected: {} },
  ]);
});

test("tallies of groups add up to those of the run, whatever the reasons are called", () => {
  const one = [
    { accepted: 1, surplus: 0, rejected: JSON.parse('{"__proto__": 1, "empty": 2}') as Record<string, number> },
  ];
  expect(addTallies([one, one], 1)).toEqual([
    { accepted: 2, surplus: 0, rejected: JSON.parse('{"__proto__": 2, "empty": 4}') },
  ]);
  expect(addTallies([], 2)).toEqual(Array(2).fill({ accepted: 0, surplus: 0, rejected: {} }));
});
