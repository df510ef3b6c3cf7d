// What is drawn and told beside the tables: gains over FewGen's curve, sweeps of strength, gains by label. By hand.
import { describe, expect, it } from "vitest";
import type { Arm } from "../../../lib/arena/arm.js";
import { gainsOverCurve, heightAt, isOnCurve } from "../../../lib/arena/curve.js";
import { labelCells } from "../../../lib/arena/summary.js";
import { sweepCurves } from "../../../lib/arena/sweeps.js";
import { primary, recordOf, runsOf } from "./figures.js";

const arm = (name: string, fields: Arm["fields"]): Arm => ({ name, why: "", fields });
const plain = arm("fewgen", { method: { name: "fewgen" } });
const cool = arm("cool", { method: { name: "fewgen" }, sampling: { temperature: 0.7 } });

describe("FewGen's curve", () => {
  it.each([
    ["plain", plain, true],
    ["at a temperature", cool, true],
    ["with a check", arm("a", { method: { name: "fewgen" }, check: { by: "student" } }), false],
    ["with another nucleus", arm("a", { method: { name: "fewgen" }, sampling: { topP: 0.5 } }), false],
    ["another method", arm("a", { method: { name: "cross" } }), false],
    ["the task as it is", arm("a", {}), false],
  ])("has FewGen %s: %s", (_, one, isOn) => {
    expect(isOnCurve(one)).toBe(isOn);
  });

  const curve = [
    [0.3, 0.7],
    [0.1, 0.5],
    [0.2, 0.6],
  ] as const;
  it.each([
    [0.1, 0.5],
    [0.15, 0.55],
    [0.2, 0.6],
    [0.275, 0.675],
    [0.3, 0.7],
    [0.09, undefined],
    [0.31, undefined],
  ])("is at %d as high as %s", (place, height) => {
    const found = heightAt(curve, place);
    if (height === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(height, 12);
  });

  it("of nothing has no height", () => {
    expect(heightAt([], 1)).toBeUndefined();
  });

  // Self-BLEU 0.1 and accuracy 50 or 60 at temperature 1, 0.3 and 70 or 80 cooler; cross at 0.2: 5 points above the middle,
  // then 7; in the third seed it is more varied than any temperature
  const bleus: Record<string, number[]> = { fewgen: [0.1, 0.1, 0.1], cool: [0.3, 0.3, 0.3], cross: [0.2, 0.2, 0.05] };
  const runs = runsOf({ fewgen: [50, 60, 50], cool: [70, 80, 70], cross: [65, 77, 90] }).map((run) => {
    const own = { ...run.equal.rows, selfBleu5: bleus[run.arm]![run.seed]! };
    return { ...run, equal: { rows: own, tokens: own } };
  });
  const cross = arm("cross", { method: { name: "cross" } });

  it("is what an arm of the same diversity is compared with, seed by seed; beside its ends it says nothing", () => {
    const gains = gainsOverCurve([plain, cool, cross], runs, primary);
    expect([...gains.keys()]).toEqual(["cross"]);
    expect(gains.get("cross")).toMatchObject({ n: 2, mean: expect.closeTo(0.06, 12) });
  });

  it("takes two temperatures", () => {
    expect(gainsOverCurve([plain, cross], runs, primary).size).toBe(0);
  });

  it("has no point of a run with too few rows", () => {
    const short = runs.map((run) => (run.arm === "cool" && run.seed === 0 ? { ...run, isWhole: false } : run));
    expect(gainsOverCurve([plain, cool, cross], short, primary).get("cross")).toMatchObject({ n: 1 });
  });
});

describe("sweeps", () => {
  const strong = (name: string, contrast: number, heat: string, more = {}) =>
    arm(name, { method: { name: "cross", contrast, heat }, ...more });
  const arms = [
    plain,
    strong("c-1", 1, "none"),
    strong("c-0.5", 0.5, "none"),
    strong("hot-0.5", 0.5, "paper"),
    strong("checked", 0.5, "none", { check: { by: "student" } }),
    arm("half", { method: { name: "hybrid", intra: 0.1, cross: 0.3, heat: "none" } }),
    arm("whole", { method: { name: "hybrid", intra: 0.2, cross: 0.6, heat: "none" } }),
    arm("as-it-is", {}),
  ];
  const accuracies = [
    [50, 50],
    [60, 60],
    [56, 58],
    [40, 40],
    [70, 70],
    [52, 52],
    [54, 54],
    [51, 51],
  ];
  const record = recordOf(Object.fromEntries(arms.map(({ name }, a) => [name, accuracies[a]!])), { arms });

  it("join the strengths of a method, weakest first, where all else is the same; the one to beat is level", () => {
    const curves = sweepCurves(record).map(({ name, points }) => [name, points.map(({ x, y }) => [x, y])]);
    expect(curves).toEqual([
      [
        "cross, without heat",
        [
          [0.5, 57],
          [1, 60],
        ].map(([x, y]) => [x, expect.closeTo(y!)]),
      ],
      [
        "hybrid, without heat",
        [
          [0.4, 52],
          [0.8, 54],
        ].map(([x, y]) => [x, expect.closeTo(y!)]),
      ],
      [
        "fewgen, the one to beat",
        [
          [0.4, 50],
          [1, 50],
        ],
      ],
    ]);
  });

  it("are none where no method has two strengths", () => {
    expect(sweepCurves(recordOf({ fewgen: [50], cross: [60] }))).toEqual([]);
  });
});

describe("gains by label", () => {
  it("are paired by seed: here all of an arm's 5, 6 and 7 points lie in b, which is half of the test rows", () => {
    const { tables, labels } = recordOf({ fewgen: [50, 50, 50], cross: [55, 56, 57] });
    expect(tables.tokens[0]!.byLabel).toBeNull();
    expect(labelCells({ labels, tables })).toEqual({
      heads: ["arm", "a", "b"],
      rows: [["cross", "+0.0 (+0.0 … +0.0)", "+12.0 (+7.0 … +17.0)"]],
    });
  });

  it("are none of a look without test rows of a label, and nothing of arms without figures", () => {
    const { tables } = recordOf({ fewgen: [50], cross: [] });
    expect(labelCells({ labels: ["a", "b"], tables })).toBeNull();
    const one = recordOf({ fewgen: [50], cross: [60] });
    expect(labelCells({ labels: ["a", "c"], tables: one.tables })!.rows).toEqual([["cross", "+0.0", "–"]]);
  });
});
