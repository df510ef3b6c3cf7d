import { expect, test } from "vitest";
import { wholeGoal } from "../../../lib/run/goal.js";
import { Ledger } from "../../../lib/run/ledger.js";
import type { Selection } from "../../../lib/run/selection.js";

/** Groups that are begun before any of them is taken. */
function groupsBegun(ledger: Ledger, repeat: number): number {
  const selection = { counts: () => ledger.counts() } as unknown as Selection;
  const goal = wholeGoal(selection, { start: 0, repeat, maxGroups: 100, wholeGroups: Number.POSITIVE_INFINITY });
  let n = 0;
  while (goal.isNeeded(n)) n++;
  return n;
}

test("the label that lacks most decides how many groups are needed", () => {
  //                 quota, accepted, repeat, groups
  const table: [number[], number[], number, number][] = [
    [[5, 4], [], 2, 3],
    [[5, 4], [0, 0], 2, 2],
    [[5, 5], [0], 1, 5],
    [[0, 1], [1], 4, 0],
    [[2, 1], [0, 1], 1, 1],
    [[], [], 1, 0],
  ];
  for (const [quota, accepted, repeat, groups] of table) {
    const ledger = new Ledger(quota);
    for (const label of accepted) ledger.accept(label);
    expect(groupsBegun(ledger, repeat)).toBe(groups);
  }
});
