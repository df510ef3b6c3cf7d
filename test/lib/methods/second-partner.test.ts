// Methods with a second model: rows, weights, strength, and what is refused.
import { describe, expect, test } from "vitest";
import { groupShape, rowsOf, rowsPerLabel } from "../../../lib/methods/coupling.js";
import { strengthOf } from "../../../lib/methods/factors.js";
import { contrastive, cross, guided, hybrid } from "../../../lib/methods/methods.js";
import { type Method, methodSchema } from "../../../lib/methods/schema.js";
import { defaultPlausibility, secondPartner } from "../../../lib/methods/second-partner.js";
import { topUpRows } from "../../../lib/methods/top-up.js";

const amateur = { weight: 0.2, temperature: 2 };

//                                                        γ    weight of the second logits
const table: [string, Method, [gamma: number, weight: number]][] = [
  ["Li 2023", contrastive(), [1, 1]],
  ["O'Brien 2023, β 0.5", contrastive({ gamma: 1.5, delta: 1 }), [1.5, 0.5]],
  ["an amateur at temperature 0.5", contrastive({ gamma: 1.5, delta: 1, amateurTemperature: 0.5 }), [1.5, 1]],
  ["a guide of 0.25", guided({ weight: 0.25 }), [0.75, -0.25]],
  ["a guide alone", guided({ weight: 1 }), [0, -1]],
  ["Cross with an amateur", cross({ contrast: 0.5, heat: "none", amateur }), [1.7, 0.1]],
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
])("strength: %s", (_, method, [own, label, common, teacherAlone, totalContrast, matchedTemperature]) => {
  expect(strengthOf(method)).toEqual({ own, label, common, teacherAlone, totalContrast, matchedTemperature });
});

test("a task that states no plausibility has 0.1 against an amateur, and 1e-3 otherwise", () => {
  expect(defaultPlausibility(contrastive())).toBe(0.1);
  expect(defaultPlausibility(hybrid({ amateur }))).toBe(0.1);
  expect(defaultPlausibility(guided({ weight: 0.5 }))).toBe(1e-3);
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
  ])("%j", (method, path, message) => {
    const { error } = methodSchema.safeParse(method);
    const told = error!.issues.map((issue) => [issue.path.join("."), issue.message]);
    expect(told).toEqual([[path, expect.stringContaining(message)]]);
  });

  test("and nothing else", () => {
    for (const method of [
      { name: "cross", amateur: { weight: 0.9 } },
      { name: "cross", contrast: 2, heat: "none", amateur: { weight: 3 } },
    ]) {
      expect(methodSchema.safeParse(method).success).toBe(true);
    }
  });
});
