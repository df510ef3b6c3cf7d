// How long a run will still take, by hand: what is left of rows times what a row took so far.
import { describe, expect, it } from "vitest";
import type { LabelCounts } from "../../../lib/run/ledger.js";
import { Pace, rowsLeft } from "../../../lib/run/pace.js";
import { noCounts } from "../../../lib/run/report.js";

const label = (wanted: number, accepted: number, rejected = 0, surplus = 0): LabelCounts => ({
  ...{ wanted, accepted, surplus },
  rejected: rejected === 0 ? {} : { short: rejected },
});
const of = (n: number, counts: LabelCounts) => Array.from({ length: n }, () => counts);

describe("rows left", () => {
  //          what                                   counts                                  groups  R  rows whole  left
  const cases: [string, LabelCounts[], number, number, number, number, number][] = [
    ["nothing made", of(4, label(10, 0)), 0, 1, 4, 10, 40],
    ["half made, nothing rejected", of(4, label(10, 5)), 5, 1, 4, 10, 20],
    ["two a group", of(4, label(10, 6)), 3, 2, 8, 5, 16],
    ["half of the rows rejected: as many again, and one", of(1, label(10, 4, 5)), 9, 1, 1, 10, 12],
    ["all full", of(4, label(10, 10)), 10, 1, 4, 10, 0],
    ["the last row of 77 labels, with three others", [...of(76, label(1, 1)), label(1, 0, 1)], 1, 1, 77, 1, 2 * 4],
    ["the last row, where groups are always whole", [...of(76, label(1, 1)), label(1, 0, 1)], 1, 1, 77, 1e9, 2 * 77],
    ["five of 77 labels, in one group each has", [...of(72, label(2, 2)), ...of(5, label(2, 1))], 2, 1, 77, 2, 5],
  ];
  it.each(cases)("%s", (_, counts, groups, repeat, rows, wholeGroups, expected) => {
    expect(rowsLeft(counts, groups, { rows, repeat, wholeGroups })).toBeCloseTo(expected, 9);
  });
});

const result = (tokens: number) => ({
  index: 0,
  rows: of(4, label(0, 0)).map(() => {
    return { text: "t", tokens, ending: "stop" as const, stop: 0, logProb: 0, contrastNorms: new Float64Array() };
  }),
});

describe("seconds left", () => {
  const layout = { rows: 4, groupsPerRound: 1, repeat: 1, wholeGroups: 10, replicas: 1 };
  // a row took 100 prompt tokens of 0.01 s each and 20 tokens of 0.05 s each: 2 seconds
  const counters = {
    ...{ prefilledTokens: 400, prefillSeconds: 4, decodedTokens: 80, decodeSeconds: 3, sampleSeconds: 1 },
    ...{ generatedTokens: 80 },
  };

  it("count prompts, texts and what is in flight", () => {
    const pace = new Pace(layout);
    const counts = of(4, label(10, 1));
    expect(pace.secondsLeft(of(4, label(10, 0)), 0, { ...noCounts })).toBe(null);
    pace.begin(4, 400);
    pace.take(4, result(20));
    expect(pace.secondsLeft(counts, 1, { ...noCounts, ...counters })).toBeCloseTo(36 * 2, 6);
    pace.begin(4, 400); // read, and nothing written yet
    const reading = { ...noCounts, ...counters, prefilledTokens: 800, prefillSeconds: 8 };
    expect(pace.secondsLeft(counts, 1, reading)).toBeCloseTo(36 * 2 - 4, 6);
  });

  it("are those of the label check where it is slower than writing, which goes on meanwhile", () => {
    const pace = new Pace(layout);
    pace.begin(4, 400);
    pace.take(4, result(20));
    const counts = of(4, label(10, 1));
    const left = (judgingSeconds: number) => pace.secondsLeft(counts, 1, { ...noCounts, ...counters }, judgingSeconds);
    expect(left(12)).toBeCloseTo(36 * 2, 6); // no group was judged so far
    pace.judge(4); // 3 s a row, where writing takes 2
    expect(left(12)).toBeCloseTo(36 * 3, 6);
    expect(left(4)).toBeCloseTo(36 * 2, 6);
  });

  it("are shared by the copies of the teacher, and never none while a row is missing", () => {
    const pace = new Pace({ ...layout, replicas: 2 });
    pace.begin(4, 400);
    pace.take(4, result(20));
    expect(pace.secondsLeft(of(4, label(10, 1)), 1, { ...noCounts, ...counters })).toBeCloseTo(36, 6);
    expect(pace.secondsLeft(of(4, label(10, 10)), 10, { ...noCounts, ...counters })).toBe(1);
  });
});

it("the share of the prompts that was read never falls until all are, although groups begin", () => {
  const pace = new Pace({ rows: 4, groupsPerRound: 1, repeat: 1, wholeGroups: 10, replicas: 1 });
  const read = (prefilledTokens: number) => pace.promptsRead({ ...noCounts, prefilledTokens });
  expect(read(0)).toBe(null);
  pace.begin(4, 400);
  expect([0, 100].map(read)).toEqual([0, 0.25]);
  pace.begin(4, 400); // an eighth is read now, and half after 400
  expect([100, 150, 400, 800].map(read)).toEqual([0.25, 0.25, 0.5, null]);
  pace.begin(4, 200);
  expect([800, 850, 1000, 1001].map(read)).toEqual([0, 0.25, null, null]);
  pace.begin(4, 0); // prompts that are kept
  expect(read(1000)).toBe(null);
});
