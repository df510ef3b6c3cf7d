import { describe, expect, it } from "vitest";
import { print } from "../../../lib/evaluate/metrics.js";
import type { Metric, Score } from "../../../lib/evaluate/score.js";
import { standings } from "../../../lib/report/standings.js";

const metric = (better: Metric["better"], group: Metric["group"] = "Use for training") => ({ better, group });
const score = (value: number | null, low?: number, high?: number, by = "same"): Score => ({
  ...{ value, n: 100, by },
  ...(low === undefined || high === undefined ? {} : { intervals: [{ over: "rows", interval: [low, high] as const }] }),
});

describe("standings", () => {
  const marks = (of: Pick<Metric, "better" | "group">, scores: readonly Score[]) => standings(of, scores, []);

  it("marks the best by the metric's direction, and ties within its interval", () => {
    expect(marks(metric("lower"), [score(3), score(2), score(4)])).toEqual([null, "best", null]);
    expect(marks(metric("higher"), [score(3), score(2), score(null), score(4)])).toEqual([null, null, null, "best"]);
    expect(marks(metric("higher"), [score(0.8, 0.7, 0.9), score(0.6, 0.5, 0.7), score(0.4, 0.3, 0.5)])).toEqual([
      "best",
      "tied",
      null,
    ]);
    const close = [0.985, 0.994, 0.98].map((value) => ({ ...score(value), margin: 0.01 }));
    expect(marks(metric("higher"), close)).toEqual(["tied", "best", null]);
  });

  it("marks nothing where nothing compares", () => {
    expect(marks(metric(null), [score(1), score(2)])).toEqual([null, null]);
    expect(marks(metric("lower"), [score(1), score(null)])).toEqual([null, null]);
    expect(marks(metric("lower"), [score(1), score(1)])).toEqual([null, null]);
    expect(marks(metric("lower"), [score(1, 0, 2, "100 rows"), score(2, 1, 3, "200 rows")])).toEqual([null, null]);
  });

  it("marks diversity only among those whose labels are known to be as good as the best ones'", () => {
    const diversity = metric("lower", "Diversity");
    const [good, alike, bad] = [score(0.9, 0.85, 0.95), score(0.87, 0.8, 0.92), score(0.5, 0.4, 0.6)];
    const selfBleu = [score(0.3), score(0.4), score(0.01)]; // the last is gibberish
    const table: [agreements: Score[], marks: (string | null)[]][] = [
      [
        [good, alike, bad],
        ["best", null, null],
      ],
      [
        [good, alike, score(0.88, 0.8, 0.93)],
        [null, null, "best"],
      ],
      // one alone has nobody to be better than
      [
        [good, bad, bad],
        [null, null, null],
      ],
      [
        [good, alike, score(null)],
        ["best", null, null],
      ],
      [
        [score(null), score(null), score(null)],
        [null, null, null],
      ],
      [[], [null, null, null]],
    ];
    for (const [agreements, expected] of table) expect(standings(diversity, selfBleu, agreements)).toEqual(expected);
    expect(standings(metric("higher"), [good, alike, bad], [])).toEqual(["best", "tied", null]);
  });
});

describe("print", () => {
  it("prints shares times 100 with the metric's digits", () => {
    expect(print({ times: 100, digits: 1 }, 0.1234)).toBe("12.3");
    expect(print({ times: 1, digits: 3 }, 0.9)).toBe("0.900");
  });
});
