// Statistics of the arena by tables that a reader can check by hand.
import { describe, expect, it } from "vitest";
import { costOf, equalRows, withinBudget } from "../../../lib/arena/cost.js";
import { gainsOver, holm } from "../../../lib/arena/statistics.js";
import { tableOf } from "../../../lib/arena/tables.js";
import { tTails } from "../../../lib/numbers/statistics.js";
import { primary, recordOf, runsOf } from "./figures.js";

describe("Holm's correction", () => {
  //      p, corrected
  const table: [(number | null)[], (number | null)[]][] = [
    [
      [0.01, 0.04, 0.03],
      [0.03, 0.06, 0.06],
    ], // 3 · 0.01; 2 · 0.03; 1 · 0.04 is below the one before it
    [
      [0.5, 0.6],
      [1, 1],
    ], // none exceeds 1
    [
      [0.02, null, 0.03],
      [0.04, null, 0.04],
    ], // what has none does not count
    [[], []],
  ];
  it.each(table)("of %j is %j", (ps, corrected) => {
    const found = holm(ps);
    expect(found.map((p) => p && Number(p.toFixed(12)))).toEqual(corrected);
  });
});

it("the tails of t are those of the tables", () => {
  // two-sided 5 % points of Student's t
  for (const [degrees, t] of [
    [1, 12.706],
    [2, 4.303],
    [4, 2.776],
    [9, 2.262],
  ] as const) {
    expect(tTails(t, degrees)).toBeCloseTo(0.05, 4);
    expect(tTails(-t, degrees)).toBeCloseTo(0.05, 4);
  }
  expect(tTails(0, 4)).toBe(1);
});

describe("gains", () => {
  it("are paired by seed: mean 3, standard deviation 1.58, t = 3 / 0.707 = 4.243 at 4 degrees", () => {
    const [gain] = gainsOver([[11, 22, 33, 44, 55]], [10, 20, 30, 40, 50]);
    expect(gain).toMatchObject({ n: 5, mean: 3, isClear: true });
    expect(gain!.interval![0]).toBeCloseTo(3 - 2.776 * Math.sqrt(2.5 / 5), 3);
    expect(gain!.p).toBeCloseTo(0.0132, 4);
    expect(gain!.adjusted).toBe(gain!.p);
  });

  it("of several arms are corrected together: what is clear alone need not be among four", () => {
    const one = [11, 22, 33, 44, 55];
    const flat = [10, 21, 29, 41, 49];
    const gains = gainsOver([one, flat, flat, flat], [10, 20, 30, 40, 50]);
    expect(gains[0]!.adjusted).toBeCloseTo(4 * 0.0132, 3);
    expect(gains.map(({ isClear }) => isClear)).toEqual([false, false, false, false]);
  });

  it("count seeds of which both have a figure, and claim nothing of one, or of equal differences", () => {
    const gains = gainsOver(
      [
        [1, null, 3],
        [2, 3, 4],
        [null, null, null],
      ],
      [0, 1, null],
    );
    expect(gains.map(({ n, p, isClear }) => [n, p, isClear])).toEqual([
      [1, null, false],
      [2, null, false],
      [0, null, false],
    ]);
    expect(gains.map(({ mean }) => mean)).toEqual([1, 2, null]);
  });
});

describe("equal cost", () => {
  const row = (label: string, group: number) => ({ text: `${label} ${group}`, label, group });
  // 4 groups of 100 tokens each: of group 1 both rows were rejected
  const dear = {
    rows: [row("a", 0), row("b", 0), row("a", 2), row("b", 2), row("b", 3)],
    cost: { groups: 4, tokens: 400, seconds: 4 },
    isWhole: true,
  };
  //      budget, groups of the rows that it pays for
  it.each([
    [400, [0, 0, 2, 2, 3]],
    [399, [0, 0, 2, 2]],
    [300, [0, 0, 2, 2]],
    [299, [0, 0, 2]], // 99 of the 100 tokens of group 2: one of its two rows
    [250, [0, 0, 2]],
    [249, [0, 0]],
    [100, [0, 0]],
    [99, [0]],
    [49, []],
  ])("of 400 tokens in 4 groups, %d pay for the rows of groups %j", (budget, groups) => {
    expect(withinBudget(dear, budget).map(({ group }) => group)).toEqual(groups);
  });

  it("takes of a group that is paid for in part every n-th row, whatever its label", () => {
    const rows = ["a", "a", "b", "b", "c", "c"].map((label) => row(label, 0));
    const large = { rows, cost: { groups: 1, tokens: 600, seconds: 1 }, isWhole: true };
    expect(withinBudget(large, 300).map(({ label }) => label)).toEqual(["a", "b", "c"]);
    expect(withinBudget(large, 200).map(({ label }) => label)).toEqual(["b", "c"]);
  });

  it("takes of each label as many rows as the whole run has that has fewest; a run that fell short does not count", () => {
    const few = { ...dear, rows: [row("a", 0), row("b", 0), row("a", 1)] };
    const short = { ...dear, rows: [row("b", 0)], isWhole: false };
    const [own, less, least] = equalRows([dear, few, short], ["a", "b"]);
    expect(own!.map(({ text }) => text)).toEqual(["a 0", "b 0", "a 2"]);
    expect([less!.length, least!.length]).toEqual([3, 1]);
  });

  it("takes the groups of earlier sessions to cost what those of the last did", () => {
    const counts = { decodedTokens: 60, promptTokens: 40, seconds: 2 };
    expect(costOf({ groups: 5, ...counts })).toEqual({ groups: 5, tokens: 100, seconds: 2 });
    expect(costOf({ groups: 5, resumedAt: 3, ...counts })).toEqual({ groups: 5, tokens: 250, seconds: 5 });
  });
});

describe("the verdict", () => {
  const base = [50, 52, 48, 51, 49];
  it("names a winner where its interval leaves zero after the correction", () => {
    const { winner, words } = recordOf({ fewgen: base, cross: [55, 58, 52, 57, 53], hot: [45, 46, 42, 47, 43] });
    expect(winner).toEqual({ arm: "cross", fields: { method: { name: "cross" } } });
    expect(words[0]).toMatch(/^cross beats fewgen: \+5\.0 \(\+3\.8 … \+6\.2\) points .* over 5 seeds, p below 0\.001 /);
    expect(words.join(" ")).toContain("Worse by more than chance: hot −5.4 (−6.5 … −4.3).");
    expect(words.join(" ")).toContain("The seeds alone come to 25.0 %, the rows and the seeds of cross to 55.0 %.");
  });

  it("says that nothing wins where the interval holds zero", () => {
    const { winner, words } = recordOf({ fewgen: base, cross: [55, 48, 52, 50, 51] });
    expect(winner).toBeNull();
    expect(words[0]).toBe("Nothing beats fewgen by more than chance, at equal tokens, over 5 seeds.");
  });

  it("calls four seeds a look, however clear", () => {
    const { winner, words } = recordOf({ fewgen: base.slice(0, 4), cross: [60, 63, 58, 62] });
    expect(winner).toBeNull();
    expect(words.slice(0, 2)).toEqual([
      "A look, not a result: 4 seeds to compare, and a claim takes 5.",
      expect.stringMatching(/^In it cross is ahead: \+10\.5 .* points over fewgen at equal tokens\.$/),
    ]);
  });

  it("claims in a look, too, nothing that chance may give", () => {
    const { words } = recordOf({ fewgen: [50, 52], cross: [51, 58] });
    expect(words[1]).toMatch(/^In it cross comes first, by no more than chance may give: \+3\.5 /);
  });

  it("claims nothing without a run of the arm to beat", () => {
    expect(recordOf({ fewgen: [], cross: [1, 2, 3, 4, 5] })).toMatchObject({ winner: null });
  });

  it("is silent at equal rows of a run that fell short", () => {
    const runs = runsOf({ fewgen: base, cross: base.map((own, i) => own + i) });
    const short = runs.map((run) => (run.arm === "cross" && run.seed < 2 ? { ...run, isWhole: false } : run));
    const [, line] = tableOf(["fewgen", "cross"], short, "rows", primary);
    expect([line!.short, line!.gain!.n]).toEqual([2, 3]);
  });
});
