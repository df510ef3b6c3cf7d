// How many labels a group has, and in how many groups every label comes, worked out by hand.
import { describe, expect, test } from "vitest";
import {
  cfg,
  contextAware,
  coupling,
  cross,
  fewgen,
  fewgenMatched,
  hybrid,
  intra,
  type Method,
} from "../../../lib/index.js";
import { groupShape, rowsPerLabel } from "../../../lib/methods/coupling.js";
import { contextRows, groupsUntil, labelSets } from "../../../lib/methods/label-sets.js";

const rowsOf = (method: Method, { labels, own }: { labels: number; own: number }) => own * rowsPerLabel(method, labels);

describe("the sizes of groups", () => {
  const table: [what: string, method: Method, nLabels: number, labels: number, own: number, groups: number][] = [
    ["154 rows fit", hybrid({ repeat: 2 }), 77, 77, 77, 1],
    ["256 rows fit", cross({ repeat: 64 }), 4, 4, 4, 1],
    ["308 do not: 64 / 4 labels", hybrid({ repeat: 4 }), 77, 16, 16, 5],
    ["300 do not: 32 labels, as evenly as 5 groups go", hybrid({ repeat: 2 }), 150, 30, 30, 5],
    ["two labels at least where they are contrasted", cross({ repeat: 100 }), 3, 2, 2, 2],
    ["one where they are not", intra({ repeat: 100 }), 3, 1, 1, 3],
    ["without contrast too", fewgen(), 300, 60, 60, 5],
    ["of the method that is matched", fewgenMatched({ match: hybrid({ repeat: 4 }) }), 77, 16, 16, 5],
    ["with a context row for each: 2 · 150 rows", contextAware(), 150, 50, 50, 3],
    ["as asked for", hybrid({ repeat: 2, labelsPerGroup: 10 }), 77, 10, 10, 8],
    ["as asked for, of a few labels", hybrid({ labelsPerGroup: 10 }), 4, 4, 4, 1],
    ["64 rows of labels that are near", hybrid({ repeat: 2, labelGroups: "near" }), 77, 26, 26, 3],
    ["a matrix is as it is", coupling({ repeat: 1, weights: [[0]] }), 300, 300, 300, 1],
    ["CFG, 16 · 16 rows", cfg({ kind: "cross" }), 16, 16, 16, 1],
    ["CFG, 17 · 17 rows: 15 labels, 9 evenly, against all", cfg({ kind: "cross" }), 17, 17, 9, 2],
    ["CFG, 77 rows for a row of each label", cfg({ kind: "cross" }), 77, 77, 3, 26],
    ["CFG, 2 · 154 rows: against 63 others", cfg({ kind: "hybrid", repeat: 2 }), 77, 64, 1, 77],
    ["CFG, against 3 others: 256 / 4", cfg({ kind: "cross", labelsPerGroup: 4 }), 77, 4, 4, 20],
    ["CFG, 11 · 22 rows: against 1 other", cfg({ kind: "hybrid", repeat: 11 }), 4, 2, 1, 4],
    ["CFG by a prompt, 2 · 128 rows", cfg({ kind: "prompt" }), 128, 128, 128, 1],
    ["CFG by a prompt, 2 · 300 rows: 60 labels", cfg({ kind: "prompt" }), 300, 60, 60, 5],
    ["CFG within labels", cfg({ kind: "intra", repeat: 4 }), 77, 77, 16, 5],
  ];
  test.each(table)("%s", (_, method, nLabels, labels, own, groups) => {
    const sizes = labelSets(method, nLabels);
    expect(sizes).toEqual({ labels, own, groups });
    if (method.name === "matrix") return;
    expect(rowsOf(method, sizes)).toBeLessThanOrEqual(contextRows);
    expect(groupShape(method, labels, own).rows.length).toBe(rowsOf(method, sizes));
  });
});

test("of CFG the labels that get no rows are partners all the same", () => {
  const whole = groupShape(cfg({ kind: "hybrid", repeat: 2 }), 3);
  const first = groupShape(cfg({ kind: "hybrid", repeat: 2 }), 3, 1);
  expect(first.generating).toBe(2);
  const partners = ({ rows, sets }: typeof whole) =>
    sets
      .filter(({ row }) => row < 2)
      .map(({ row, total, members }) => [row, total, members.map((n) => rows[n]!.promptOf)]);
  expect(partners(first)).toEqual(partners(whole));
  expect(first.rows.filter(({ follows }) => follows === 0).map(({ promptOf }) => promptOf)).toEqual([0, 1, 2, 3, 4, 5]);
});

describe("groups until every label came so often", () => {
  const labels = (n: number) => Array.from({ length: n }, (_, i) => i);
  test.each([
    // labels, turns, promptReuse, groups
    [4, 7, 1, 7], //   all in each
    [4, 7, 3, 7],
    [150, 1, 1, 5], // 5 groups a round
    [150, 3, 1, 15],
    [150, 0, 1, 0],
    [150, 1, 4, 17], // four groups of each of the first four sets of labels, and one of the last
    [150, 4, 4, 20],
    [150, 5, 4, 37],
  ])("%d labels, %d times, %d groups with the same prompts: %d", (n, turns, promptReuse, groups) => {
    expect(groupsUntil(turns, { labels: labels(n), method: hybrid({ repeat: 2 }), engine: { promptReuse } })).toBe(
      groups,
    );
  });
});
