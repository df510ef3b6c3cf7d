import { expect, test } from "vitest";
import { groupsFor } from "../../../lib/run/ledger.js";

test("a quota takes as many groups as its share of good rows says, and a margin where that is known from few", () => {
  //             wanted  good  made  R   groups
  const table: [number, number, number, number, number][] = [
    [100, 0, 0, 2, 50], // nothing is known: as if all were good
    [100, 7, 7, 2, 50], // nothing was lost
    [0, 0, 9, 2, 0], // nothing is wanted
    [100, 50, 100, 1, 250], // 0.5 - 2 * sqrt(0.25 / 100) = 0.4
    [100, 5000, 10_000, 1, 205], // 0.49
    [100, 0, 10, 1, Number.POSITIVE_INFINITY],
    [100, 1, 10, 1, Number.POSITIVE_INFINITY], // 0.1 - 0.19
  ];
  for (const [wanted, good, made, repeat, groups] of table) {
    expect(groupsFor(wanted, { good, made }, repeat)).toBe(groups);
  }
});
