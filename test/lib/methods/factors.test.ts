import { expect, test } from "vitest";
import { factorsOf } from "../../../lib/methods/factors.js";
import {
  cfg,
  contextAware,
  coupling,
  cross,
  fewgen,
  fewgenMatched,
  hybrid,
  intra,
} from "../../../lib/methods/methods.js";
import type { Method } from "../../../lib/methods/schema.js";

const heat = "none";
//                                                   own   label common
const table: [string, Method, [number, number, number]][] = [
  ["FewGen", fewgen(), [1, 1, 1]],
  ["the paper's Cross", cross(), [1, 1, 0.9]],
  ["the paper's Intra", intra(), [1, 0.5, 0.5]],
  ["the paper's Hybrid", hybrid(), [1, 0.5, 0.4]],
  ["Cross without heat", cross({ contrast: 0.5, heat }), [1.5, 1.5, 1]],
  ["Intra without heat", intra({ contrast: 0.5, heat }), [1.5, 1, 1]],
  ["Hybrid without heat", hybrid({ intra: 0.5, cross: 0.1, heat }), [1.6, 1.1, 1]],
  ["γ and δ by hand", cross({ gamma: 2, delta: 0.5 }), [2, 2, 0.5]],
  ["CFG as Cross", cfg({ kind: "cross", contrast: 0.5, heat }), [1.5, 1.5, 1]],
  ["CFG as Intra", cfg({ kind: "intra" }), [1, 0.5, 0.5]],
  ["CFG as Hybrid", cfg({ kind: "hybrid" }), [1, 0.5, 0.4]],
  ["context-aware decoding: the partner has the row's label", contextAware({ contrast: 0.5 }), [1, 0.5, 0.5]],
  ["the control of Hybrid: everything is heated alike", fewgenMatched({ match: hybrid() }), [0.4, 0.4, 0.4]],
  ["the control of a method without heat is FewGen", fewgenMatched({ match: hybrid({ heat }) }), [1, 1, 1]],
];

test.each(table)("%s", (_, method, [own, label, common]) => {
  expect(factorsOf(method)).toEqual({ own, label, common });
});

test("the rows of a matrix each have their own", () => {
  expect(factorsOf(coupling({ weights: [[0]] }))).toBeUndefined();
});
