// Methods with a second model: rows, weights, strength, and what is refused.
import { describe, expect, test } from "vitest";
import { groupShape, rowsOf, rowsPerLabel } from "../../../lib/methods/coupling.js";
import { strengthOf } from "../../../lib/methods/factors.js";
import {
  cfg,
  contextAware,
  contrastive,
  coupling,
  cross,
  dola,
  fewgenMatched,
  guided,
  hybrid,
  intra,
} from "../../../lib/methods/methods.js";
import { type Method, methodSchema } from "../../../lib/methods/schema.js";
import { defaultPlausibility, layersPartner, secondPartner } from "../../../lib/methods/second-partner.js";
import { topUpRows } from "../../../lib/methods/top-up.js";

const amateur = { weight: 0.2, temperature: 2 };
const guide = { weight: 0.25 };
const early = { layers: [2], weight: 0.2 };

//                                                        γ    weight of the second logits
const table: [string, Method, [gamma: number, weight: number]][] = [
  ["Li 2023", contrastive(), [1, 1]],
  ["O'Brien 2023, β 0.5", contrastive({ gamma: 1.5, delta: 1 }), [1.5, 0.5]],
  ["an amateur at temperature 0.5", contrastive({ gamma: 1.5, delta: 1, amateurTemperature: 0.5 }), [1.5, 1]],
  ["a guide of 0.25: its share of γ", guided({ weight: 0.25 }), [1, -0.25]],
  ["a guide alone", guided({ weight: 1 }), [1, -1]],
  ["Cross with an amateur", cross({ contrast: 0.5, heat: "none", amateur }), [1.7, 0.1]],
  ["Cross with a guide, which γ need not pay", cross({ contrast: 0.5, heat: "none", guide }), [1.5, -0.25]],
];

test.each(table)("%s: one row of the second model for each that generates", (_, method, [gamma, weight]) => {
  const shape = groupShape(method, 3);
  expect(shape.gamma).toBeCloseTo(gamma, 12);
  expect(rowsOf(0, shape.rows)).toBe(3);
  expect(rowsOf(1, shape.rows)).toBe(3);
  expect(rowsPerLabel(method, 3)).toBe(1); // contexts are apart
  for (const m of [0, 1, 2]) {
    expect(shape.rows[3 + m]).toEqual({ label: m, repeat: 0, follows: m, promptOf: m, prompt: "own", source: 1 });
    const set = shape.sets.find(({ members }) => members.includes(3 + m))!;
    expect(set).toMatchObject({ row: m, members: [3 + m] });
    expect(set.total).toBeCloseTo(weight, 12);
  }
});

test("a second model of weight 0 is not asked", () => {
  for (const method of [contrastive({ gamma: 1, delta: 1 }), guided({ weight: 0 })]) {
    const { gamma, rows, sets } = groupShape(method, 2);
    expect([gamma, rows.length, sets.length]).toEqual([1, 2, 0]);
  }
});

const couplings: [string, (beside: object) => Method, generating: number, contrastRows: number][] = [
  ["cross", (beside) => cross({ contrast: 0.3, heat: "none", ...beside }), 3, 0],
  ["intra", (beside) => intra({ contrast: 0.3, heat: "none", ...beside }), 6, 0],
  ["hybrid", (beside) => hybrid({ intra: 0.2, cross: 0.1, heat: "none", ...beside }), 6, 0],
  ["matrix", (beside) => coupling({ gamma: 2, weights: [[0, 1, 0], [0, 0, 0.5], [0, 0, 0]], ...beside }), 3, 0], // biome-ignore format: a matrix
  ["cfg-cross", (beside) => cfg({ kind: "cross", contrast: 0.3, heat: "none", ...beside }), 3, 6],
  ["cfg-intra", (beside) => cfg({ kind: "intra", contrast: 0.3, heat: "none", ...beside }), 6, 6],
  ["cfg-hybrid", (beside) => cfg({ kind: "hybrid", heat: "none", ...beside }), 6, 30],
  ["cfg-prompt", (beside) => cfg({ kind: "prompt", contrast: 0.3, heat: "none", ...beside }), 3, 3],
  ["context-aware", (beside) => contextAware({ contrast: 0.3, heat: "none", ...beside }), 3, 3],
];

describe.each(couplings)("%s takes", (_, withPartner, generating, contrastRows) => {
  const resolved = (beside: object) => methodSchema.parse(withPartner(beside));
  const alone = groupShape(resolved({}), 3);

  test.each([
    ["an amateur", { amateur }, 0.1],
    ["a guide", { guide }, -0.25],
  ])("%s: its rows and sets come behind its own", (_, beside, total) => {
    const { rows, sets } = groupShape(resolved(beside), 3);
    expect(rows.slice(0, generating + contrastRows)).toEqual(alone.rows);
    expect(rows.slice(generating + contrastRows).map(({ follows, source }) => [follows, source])).toEqual(
      Array.from({ length: generating }, (_, m) => [m, 1]),
    );
    expect(sets.slice(0, alone.sets.length)).toEqual(alone.sets);
    expect(sets.slice(alone.sets.length)).toEqual(
      Array.from({ length: generating }, (_, m) => ({ row: m, total, members: [generating + contrastRows + m] })),
    );
  });

  test("early layers, which the engine adds", () => {
    const { gamma, ...shape } = groupShape(resolved({ dola: early }), 3);
    expect({ ...shape, gamma: alone.gamma }).toEqual(alone);
    expect(layersPartner(resolved({ dola: early }))).toEqual(early);
  });

  test("none of weight 0: the coupling alone", () => {
    for (const beside of [
      { amateur: { weight: 0 } },
      { guide: { weight: 0 } },
      { dola: { layers: "low", weight: 0 } },
    ]) {
      expect(groupShape(resolved(beside), 3)).toEqual(alone);
      expect(layersPartner(resolved(beside))).toBeUndefined();
    }
  });

  test("one of them at a time", () => {
    for (const [first, second] of [
      [{ amateur }, { guide }],
      [{ guide }, { dola: early }],
      [{ amateur }, { dola: early }],
    ]) {
      const { error } = methodSchema.safeParse(withPartner({ ...first, ...second }));
      const [name, other] = [Object.keys(second!)[0]!, Object.keys(first!)[0]];
      expect(error!.issues.map(({ path, message }) => [path.join("."), message])).toEqual([
        [
          name,
          `Expected one of "amateur", "guide" and "dola", since a step has one second matrix of logits, ` +
            `received "${name}" beside "${other}": leave one out`,
        ],
      ]);
    }
  });
});

test("the control of a method is FewGen, without its partners", () => {
  const { temperature, rows } = groupShape(fewgenMatched({ match: hybrid({ amateur: { weight: 0.2 } }) }), 2);
  expect([temperature, rows.length]).toEqual([1 / (1 - 0.8), 4]);
  expect(layersPartner(fewgenMatched({ match: cross({ dola: early }) }))).toBeUndefined();
  expect(layersPartner(dola({ layers: "high" }))).toEqual({ layers: "high", weight: 1 });
});

test("a coupling keeps its own sets beside the second model's", () => {
  const { rows, sets } = groupShape(hybrid({ heat: "none", amateur }), 2);
  expect(rows.map(({ source }) => source)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(sets.filter(({ row }) => row === 0)).toEqual([
    { row: 0, total: 0.5, members: [1] },
    { row: 0, total: 0.1, members: [2, 3] },
    { row: 0, total: 0.1, members: [4] },
  ]);
});

test("a top-up group has the second model's row of each row that is there", () => {
  const shape = groupShape(cross({ contrast: 0.5, heat: "none", amateur }), 6);
  const present = topUpRows(shape, new Set([5]), (_, count) => Array.from({ length: count }, (_, i) => i));
  expect(present.slice(0, 6)).toEqual([true, true, true, false, false, true]);
  expect(present.slice(6)).toEqual(present.slice(0, 6));
});

//                                                own  label common alone total  1/δ
test.each<[string, Method, [number, number, number, number, number, number | null]]>([
  ["Li 2023 leaves nothing of what both say", contrastive(), [0, 0, 0, 1, 1, null]],
  ["O'Brien 2023", contrastive({ gamma: 1.5, delta: 1 }), [1, 1, 1, 1.5, 0.5, 1]],
  ["a guide changes nothing that both say", guided({ weight: 0.3 }), [1, 1, 1, 0.7, 0, 1]],
  ["Cross with an amateur", cross({ contrast: 0.5, heat: "none", amateur }), [1.5, 1.5, 1, 1.7, 0.7, 1]],
  ["the paper's Hybrid with one", hybrid({ amateur }), [0.8, 0.3, 0.2, 1, 0.8, 5]],
  ["with early layers it is the same", hybrid({ dola: early }), [0.8, 0.3, 0.2, 1, 0.8, 5]],
  ["a guide beside it takes nothing", hybrid({ guide }), [1, 0.5, 0.4, 0.75, 0.6, 2.5]],
  ["Cross with a guide", cross({ contrast: 0.5, heat: "none", guide }), [1.5, 1.5, 1, 1.125, 0.5, 1]],
])("strength: %s", (_, method, [own, label, common, teacherAlone, totalContrast, matchedTemperature]) => {
  expect(strengthOf(method)).toEqual({ own, label, common, teacherAlone, totalContrast, matchedTemperature });
});

test("a task that states no plausibility has 0.1 against an amateur, and 1e-3 otherwise", () => {
  expect(defaultPlausibility(contrastive())).toBe(0.1);
  expect(defaultPlausibility(hybrid({ amateur }))).toBe(0.1);
  expect(defaultPlausibility(hybrid({ dola: early }))).toBe(0.1);
  expect(defaultPlausibility(guided({ weight: 0.5 }))).toBe(1e-3);
  expect(defaultPlausibility(hybrid({ guide }))).toBe(1e-3);
  expect(defaultPlausibility(hybrid())).toBe(1e-3);
  expect(secondPartner(hybrid())).toBeUndefined();
});

describe("refused is", () => {
  test.each<[object, string, string]>([
    [{ name: "guided" }, "weight", "expected number"],
    [{ name: "guided", weight: 1.1 }, "weight", "<=1"],
    [{ name: "guided", weight: -0.1 }, "weight", ">=0"],
    [{ name: "contrastive", delta: 2 }, "delta", 'between 0 and "gamma" (1)'],
    [{ name: "contrastive", amateurTemperature: 0 }, "amateurTemperature", ">0"],
    [{ name: "cross", amateur: {} }, "amateur.weight", "expected number"],
    [{ name: "cross", amateur: { weight: 0.95 } }, "amateur.weight", 'Expected at most "delta" (0.9)'],
    [{ name: "hybrid", amateur: { weight: 0.5 } }, "amateur.weight", 'at most "gamma" - "intra" - "cross"'],
    [{ name: "fewgen", amateur: { weight: 0.5 } }, "", "amateur"],
    [{ name: "cross", guide: {} }, "guide.weight", "expected number"],
    [{ name: "cross", guide: { weight: 1.5 } }, "guide.weight", "<=1"],
    [{ name: "hybrid", guide: { weight: -0.5 } }, "guide.weight", ">=0"],
    [{ name: "cfg-prompt", guide: { weight: -1 } }, "guide.weight", ">=0"],
    [{ name: "cross", dola: { layers: [2] } }, "dola.weight", "expected number"],
    [{ name: "cross", dola: { weight: 0.1 } }, "dola.layers", "Invalid input"],
    [{ name: "cross", dola: { layers: [2, 2], weight: 0.1 } }, "dola.layers", "each layer once"],
    [{ name: "cross", dola: { layers: [2], weight: 0.95 } }, "dola.weight", 'Expected at most "delta" (0.9)'],
    [{ name: "hybrid", dola: { layers: "low", weight: 0.5 } }, "dola.weight", 'at most "gamma" - "intra" - "cross"'],
    [{ name: "matrix", weights: [[0, 0.5], [0, 0]], amateur: { weight: 0.6 } }, "amateur.weight", "(1 - 0.5)"], // biome-ignore format: a matrix
  ])("%j", (method, path, message) => {
    const { error } = methodSchema.safeParse(method);
    const told = error!.issues.map((issue) => [issue.path.join("."), issue.message]);
    expect(told).toEqual([[path, expect.stringContaining(message)]]);
  });

  test("and nothing else", () => {
    for (const method of [
      { name: "cross", amateur: { weight: 0.9 } },
      { name: "cross", contrast: 2, heat: "none", amateur: { weight: 3 } },
      { name: "cross", delta: 0, guide: { weight: 1 } }, // δ need not pay for it
      { name: "cross", contrast: 2, heat: "none", dola: { layers: "high", weight: 3 } },
    ]) {
      expect(methodSchema.safeParse(method).success).toBe(true);
    }
  });
});
