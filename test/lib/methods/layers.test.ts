// Which layers DoLa may choose from, in models of any depth, and what is refused.
import { expect, test } from "vitest";
import { parseWith } from "../../../lib/checks/issues.js";
import { groupShape, rowsPerLabel } from "../../../lib/methods/coupling.js";
import { strengthOf } from "../../../lib/methods/factors.js";
import { layersIssue, layersOf } from "../../../lib/methods/layers.js";
import { contrastive, cross, dola, fewgen } from "../../../lib/methods/methods.js";
import { methodSchema } from "../../../lib/methods/schema.js";
import { defaultPlausibility } from "../../../lib/methods/second-partner.js";

//    blocks  low                        high
const halves: [number, number[], number[]][] = [
  [32, [2, 4, 6, 8, 10, 12, 14], [16, 18, 20, 22, 24, 26, 28, 30]], // the paper's LLaMA-7B, but for its layer 0
  [24, [2, 4, 6, 8, 10], [12, 14, 16, 18, 20, 22]],
  [5, [2], [4]],
  [4, [], [2]],
  [3, [], [2]],
  [2, [], []],
  [1, [], []],
];

test.each(halves)("of %i blocks the even layers of each half", (blocks, low, high) => {
  expect(layersOf(dola({ layers: "low" }), blocks)).toEqual(low);
  expect(layersOf(dola({ layers: "high" }), blocks)).toEqual(high);
  expect(layersOf(fewgen(), blocks)).toEqual([]);
});

test("layers by number are those layers", () => {
  expect(layersOf(dola({ layers: [7, 2] }), 8)).toEqual([7, 2]);
});

const refusals: [Parameters<typeof dola>[0]["layers"], number, string | undefined][] = [
  [[1], 2, undefined],
  [[3, 24, 90], 24, "Expected layers 1 to 23 of this teacher, which has 24 blocks, received 24, 90"],
  [[1], 1, "Expected more blocks, received 1"],
  ["high", 3, undefined],
  [
    "low",
    4,
    'Expected layers 1 to 3 of this teacher, which has 4 blocks, received "low", which comes to none: give the layers as numbers',
  ],
];

test.each(refusals)("%j in a model of %i blocks", (layers, blocks, issue) => {
  const told = (path: string) => (issue === undefined ? undefined : { path, message: issue });
  expect(layersIssue(dola({ layers }), blocks)).toEqual(told("method.layers"));
  expect(layersIssue(cross({ dola: { layers, weight: 0.1 } }), blocks)).toEqual(told("method.dola.layers"));
  expect(layersIssue(cross({ dola: { layers, weight: 0 } }), blocks)).toBeUndefined();
  expect(layersIssue(fewgen(), blocks)).toBeUndefined();
});

test.each([[undefined], ["middle"], [[]], [[0]], [[1.5]], [[2, 2]], [Array.from({ length: 65 }, (_, i) => i + 1)]])(
  "a task may not say layers: %j",
  (layers) => {
    const parsed = parseWith(methodSchema, { name: "dola", layers });
    expect(JSON.stringify(parsed)).toContain("layers");
    expect(parsed).not.toHaveProperty("data");
    const beside = parseWith(methodSchema, { name: "cross", dola: { layers, weight: 0.1 } });
    expect(JSON.stringify(beside)).toContain("dola.layers");
  },
);

test("its rows are FewGen's, its strength that of contrastive decoding", () => {
  const method = dola({ layers: "high", repeat: 2 });
  expect(groupShape(method, 3)).toEqual(groupShape(fewgen({ repeat: 2 }), 3));
  expect(rowsPerLabel(method, 3)).toBe(2);
  expect(strengthOf(method)).toEqual(strengthOf(contrastive()));
  expect(defaultPlausibility(method)).toBe(0.1);
});
