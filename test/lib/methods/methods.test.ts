import { describe, expect, test } from "vitest";
import { parseWith } from "../../../lib/checks/issues.js";
import {
  cfg,
  contextAware,
  coupling,
  cross,
  fewgen,
  fewgenMatched,
  hybrid,
  intra,
  methodRepeat,
} from "../../../lib/methods/methods.js";
import { type Method, methodSchema } from "../../../lib/methods/schema.js";
import { contrastsAway, totalContrast } from "../../../lib/methods/totals.js";

const weights = [
  [0, 0.5],
  [0.2, 0],
];

//                               constructor                            task file                                   R, total contrast
const table: [Method, Record<string, unknown>, number, number][] = [
  [fewgen(), { name: "fewgen" }, 1, 0],
  [cross(), { name: "cross" }, 1, 0.1],
  [cross({ delta: 0.4, repeat: 3 }), { name: "cross", delta: 0.4, repeat: 3 }, 3, 0.6],
  [cross({ contrast: 0.25 }), { name: "cross", delta: 0.75 }, 1, 0.25],
  [cross({ heat: "paper" }), { name: "cross", delta: 0.9 }, 1, 0.1],
  [cross({ contrast: 0.5, heat: "none" }), { name: "cross", gamma: 1.5, delta: 1 }, 1, 0.5],
  [intra({ contrast: 2, heat: "none" }), { name: "intra", gamma: 3, delta: 1 }, 2, 2],
  [
    hybrid({ intra: 0.25, cross: 0.5, heat: "none" }),
    { name: "hybrid", gamma: 1.75, intra: 0.25, cross: 0.5 },
    2,
    0.75,
  ],
  [cfg({ kind: "cross", contrast: 0.5, heat: "none" }), { name: "cfg-cross", gamma: 1.5, delta: 1 }, 1, 0.5],
  [contextAware({ contrast: 0.5, heat: "none" }), { name: "context-aware", gamma: 1.5, delta: 1 }, 1, 0.5],
  [cross({ delta: undefined }), { name: "cross" }, 1, 0.1],
  [intra(), { name: "intra" }, 2, 0.5],
  [hybrid(), { name: "hybrid" }, 2, 0.6],
  [coupling({ weights }), { name: "matrix", weights }, 1, 0.5],
  [cfg({ kind: "cross" }), { name: "cfg-cross" }, 1, 0.1],
  [cfg({ kind: "intra", gamma: 2 }), { name: "cfg-intra", gamma: 2 }, 2, 1.5],
  [cfg({ kind: "hybrid", cross: 0 }), { name: "cfg-hybrid", cross: 0 }, 2, 0.5],
  [cfg({ kind: "prompt" }), { name: "cfg-prompt", negative: "" }, 1, 0.1],
  [
    cfg({ kind: "prompt", negative: "A text", gamma: 1.5, delta: 1, repeat: 2 }),
    { name: "cfg-prompt", negative: "A text", contrast: 0.5, heat: "none", repeat: 2 },
    2,
    0.5,
  ],
  [contextAware(), { name: "context-aware" }, 1, 0.1],
  [fewgenMatched({ match: intra() }), { name: "fewgen-matched", match: { name: "intra" } }, 2, 0],
];

test.each(table)("the constructor and the schema agree on %j", (method, file, repeat, total) => {
  expect(parseWith(methodSchema, file)).toEqual({ data: method });
  expect(parseWith(methodSchema, method)).toEqual({ data: method });
  expect(methodRepeat(method)).toBe(repeat);
  expect(totalContrast(method)).toBeCloseTo(total, 12);
});

test("sums that a person meant to be gamma are gamma", () => {
  expect(parseWith(methodSchema, hybrid({ gamma: 0.3, intra: 0.1, cross: 0.2 }))).toHaveProperty("data");
  expect(contrastsAway(hybrid({ gamma: 1, intra: 0.7, cross: 0.3 }))).toBe(true);
  expect(contrastsAway(cross({ delta: 0 }))).toBe(true);
  expect(contrastsAway(cross({ delta: 0.01 }))).toBe(false);
});

describe("refusals", () => {
  //                     task file                                                            path         message
  const refused: [unknown, string, string][] = [
    [{ name: "cross", delta: 1.4 }, "delta", 'Expected "delta" between 0 and "gamma" (1), received 1.4'],
    [{ name: "cross", delta: -0.1 }, "delta", "Expected at least 0, received -0.1"],
    [{ name: "cross", gamma: 0.5 }, "delta", 'Expected "delta" between 0 and "gamma" (0.5), received 0.9'],
    [{ name: "cross", gamma: 0, delta: 0 }, "gamma", "Expected more than 0, received 0"],
    [{ name: "intra", gamma: Number.NaN }, "gamma", "Expected a finite number, received NaN"],
    [{ name: "intra", gamma: Number.POSITIVE_INFINITY }, "gamma", "Expected a finite number, received Infinity"],
    [{ name: "intra", repeat: 0 }, "repeat", "Expected at least 1, received 0"],
    [{ name: "intra", repeat: 1.5 }, "repeat", "Expected an integer, received 1.5"],
    [{ name: "intra", repeat: "2" }, "repeat", 'Expected an integer, received "2"'],
    [{ name: "hybrid", intra: 0.8, cross: 0.3 }, "intra", 'of at most "gamma" (1), received 0.8 + 0.3'],
    [{ name: "cross", contrast: 1.5 }, "contrast", 'Expected at most 1 with "heat: paper" (γ is 1 and pays for it)'],
    [{ name: "cross", contrast: 0.5, delta: 1 }, "contrast", 'received "contrast" beside "delta": leave one out'],
    [{ name: "cross", heat: "none", gamma: 1.5 }, "heat", '"contrast" and "heat" or "gamma" and "delta"'],
    [{ name: "hybrid", heat: "none", gamma: 1.5 }, "heat", 'received "heat" beside "gamma": leave one out'],
    [{ name: "intra", heat: "non" }, "heat", 'Expected "none" or "paper", received "non"'],
    [{ name: "hybrid", intra: 2e5, heat: "none" }, "intra", "Expected at most 100000, received 200000"],
    [{ name: "hybrid", dleta: 1 }, "", 'Unknown field "dleta", expected one of "name"'],
    [{ name: "cross", Delta: 1 }, "", 'Unknown field "Delta", did you mean "delta"?'],
    [{ name: "hybird" }, "name", 'Unknown name "hybird", did you mean "hybrid"?'],
    [{}, "name", "received nothing"],
    [{ name: "matrix", weights: [[0, 1]] }, "weights[0]", "Expected 1 weights (square), received 2"],
    [{ name: "matrix", weights: [[0.5]] }, "weights[0]", "Expected 0 on the diagonal, received 0.5 at [0][0]"],
    [
      {
        name: "matrix",
        weights: [
          [0, -1],
          [0, 0],
        ],
      },
      "weights[0][1]",
      "Expected at least 0, received -1",
    ],
    [
      {
        name: "matrix",
        weights: [
          [0, 1.1],
          [0, 0],
        ],
      },
      "weights[0]",
      'at most "gamma" (1), received 1.1',
    ],
    [{ name: "matrix", weights: [] }, "weights", "Expected at least 1 entry, received 0"],
    [{ name: "matrix" }, "weights", "Expected a list, but it is missing"],
    [{ name: "fewgen-matched", match: { name: "fewgen" } }, "match.name", 'Unknown name "fewgen"'],
    [{ name: "fewgen-matched", match: { name: "matrix", weights } }, "match.name", 'Unknown name "matrix"'],
    [{ name: "fewgen-matched", match: { name: "cross", delta: 0 } }, "match", "its total contrast is gamma"],
    ["hybrid", "", 'Expected an object, received "hybrid"'],
  ];
  test.each(refused)("%j at %s", (file, path, message) => {
    const result = parseWith(methodSchema, file);
    expect(result).toMatchObject({ issues: [{ path, message: expect.stringContaining(message) }] });
  });

  test("a wrong field does not hide a contradiction between sound ones", () => {
    const result = parseWith(methodSchema, { name: "cross", repeat: "x", delta: 2 });
    expect(result).toMatchObject({ issues: [{ path: "repeat" }, { path: "delta" }] });
  });
});
