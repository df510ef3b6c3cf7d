import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fewgen, hybrid, loadTeacher, plan, type Teacher } from "../../../lib/index.js";
import { tokensToRead } from "../../../lib/run/prompt-cost.js";
import { type Overrides, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const run = (first: number, n: number) => Array.from({ length: n }, (_, i) => first + i);
const prompts = (...rows: number[][]) => rows.map((row) => Int32Array.from(row));

describe("tokens of prompts that are decoded", () => {
  const cases: [name: string, rows: Int32Array[], expected: number][] = [
    ["all but the last of one", prompts(run(300, 20)), 19],
    ["equal ones once", prompts(run(300, 20), run(300, 20), run(300, 20)), 19],
    ["what follows a common beginning", prompts([...run(300, 20), 1, 2, 3], [...run(300, 20), 4, 5]), 22 + 1],
    ["a beginning of fewer than eight tokens again", prompts([...run(300, 7), 1, 2], [...run(300, 7), 4, 5]), 8 + 8],
    ["none of a row that is absent", prompts([], run(300, 20), []), 19],
    ["none of a single token", prompts([1], [1]), 0],
  ];
  it.each(cases)("are %s", (_, rows, expected) => expect(tokensToRead({ tokens: rows })).toBe(expected));

  const tasks: [name: string, overrides: Overrides][] = [
    ["examples", { method: hybrid(), count: 32 }],
    ["no examples", { method: fewgen(), prompt: { shots: 0 }, seeds: undefined, engine: { groups: 1 } }],
    ["shared prompts", { method: fewgen(), count: 32, engine: { groups: 1, promptReuse: 4 } }],
  ];
  it.each(tasks)("are what the engine then decodes, with %s", async (_, overrides) => {
    const planned = await plan(teacher, task(overrides));
    const { report } = await outcome(teacher, task(overrides));
    expect(planned.promptTokensToRead).toBe(report.prefilledTokens);
  });
});
