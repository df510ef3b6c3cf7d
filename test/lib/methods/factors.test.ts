import { expect, test } from "vitest";
import { strengthOf } from "../../../lib/methods/factors.js";
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
//                                                   own   label common total
const table: [string, Method, [own: number, label: number, common: number, total: number]][] = [
  ["FewGen", fewgen(), [1, 1, 1, 0]],
  ["the paper's Cross", cross(), [1, 1, 0.9, 0.1]],
  ["the paper's Intra", intra(), [1, 0.5, 0.5, 0.5]],
  ["the paper's Hybrid", hybrid(), [1, 0.5, 0.4, 0.6]],
  ["Cross without heat", cross({ contrast: 0.5, heat }), [1.5, 1.5, 1, 0.5]],
  ["Intra without heat", intra({ contrast: 0.5, heat }), [1.5, 1, 1, 0.5]],
  ["Hybrid without heat", hybrid({ intra: 0.5, cross: 0.1, heat }), [1.6, 1.1, 1, 0.6]],
  ["γ and δ by hand", cross({ gamma: 2, delta: 0.5 }), [2, 2, 0.5, 1.5]],
  ["CFG as Cross", cfg({ kind: "cross", contrast: 0.5, heat }), [1.5, 1.5, 1, 0.5]],
  ["CFG as Intra", cfg({ kind: "intra" }), [1, 0.5, 0.5, 0.5]],
  ["CFG as Hybrid", cfg({ kind: "hybrid" }), [1, 0.5, 0.4, 0.6]],
  ["CFG by a prompt", cfg({ kind: "prompt", negative: "A {{label}}", gamma: 1.5, delta: 1 }), [1.5, 1.5, 1, 0.5]],
  ["CFG by a prompt of the label", cfg({ kind: "prompt", negative: "A {label}", contrast: 0.5 }), [1, 0.5, 0.5, 0.5]],
  ["context-aware decoding: the partner has the row's label", contextAware({ contrast: 0.5 }), [1, 0.5, 0.5, 0.5]],
  ["the control of Hybrid: everything is heated alike", fewgenMatched({ match: hybrid() }), [0.4, 0.4, 0.4, 0]],
  ["the control of a method without heat is FewGen", fewgenMatched({ match: hybrid({ heat }) }), [1, 1, 1, 0]],
];

test.each(table)("%s", (_, method, [own, label, common, totalContrast]) => {
  const matchedTemperature = Number((1 / common).toPrecision(12));
  expect(strengthOf(method)).toEqual({ own, label, common, totalContrast, matchedTemperature });
});

test("where the contrast takes all that rows agree on, no temperature matches it", () => {
  expect(strengthOf(cross({ delta: 0 }))).toMatchObject({ totalContrast: 1, matchedTemperature: null });
});

test("the rows of a matrix each have their own", () => {
  expect(strengthOf(coupling({ weights: [[0]] }))).toBeUndefined();
});
