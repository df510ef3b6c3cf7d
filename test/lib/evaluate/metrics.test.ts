import { describe, expect, it } from "vitest";
import { type Metric, metrics, print, type Score } from "../../../lib/evaluate/metrics.js";
import { standings } from "../../../lib/report/standings.js";

const metric = (better: Metric["better"]): Metric => ({ ...metrics[0]!, better });
const score = (value: number | null, low?: number, high?: number, by = "same"): Score => ({
  ...{ value, n: 100, by },
  ...(low === undefined || high === undefined ? {} : { intervals: [{ over: "rows", interval: [low, high] as const }] }),
});

describe("standings", () => {
  it("marks the best by the metric's direction, and ties within its interval", () => {
    expect(standings(metric("lower"), [score(3), score(2), score(4)])).toEqual([null, "best", null]);
    expect(standings(metric("higher"), [score(3), score(2), score(null), score(4)])).toEqual([
      null,
      null,
      null,
      "best",
    ]);
    expect(standings(metric("higher"), [score(0.8, 0.7, 0.9), score(0.6, 0.5, 0.7), score(0.4, 0.3, 0.5)])).toEqual([
      "best",
      "tied",
      null,
    ]);
    const close = [0.985, 0.994, 0.98].map((value) => ({ ...score(value), margin: 0.01 }));
    expect(standings(metric("higher"), close)).toEqual(["tied", "best", null]);
  });

  it("marks nothing where nothing compares", () => {
    expect(standings(metric(null), [score(1), score(2)])).toEqual([null, null]);
    expect(standings(metric("lower"), [score(1), score(null)])).toEqual([null, null]);
    expect(standings(metric("lower"), [score(1), score(1)])).toEqual([null, null]);
    expect(standings(metric("lower"), [score(1, 0, 2, "100 rows"), score(2, 1, 3, "200 rows")])).toEqual([null, null]);
  });
});

describe("print", () => {
  it("prints shares times 100 with the metric's digits", () => {
    expect(print({ times: 100, digits: 1 }, 0.1234)).toBe("12.3");
    expect(print({ times: 1, digits: 3 }, 0.9)).toBe("0.900");
  });
});
