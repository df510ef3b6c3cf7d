// The number of threads decides how fast rows are made, and none of their tokens.
import { afterAll, beforeAll, expect, test } from "vitest";
import { fewgen, hybrid, loadTeacher, type Method, type Teacher } from "../../../lib/index.js";
import { labels, outcome, seedsOf, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

interface Case {
  readonly method: Method;
  readonly shots: number;
  readonly count: number;
  readonly longestPrompt: number;
  readonly isAlone?: boolean;
}

// ggml sums the attention of a single row of more than 256 tokens (512 cells) in parts of its own making.
test.each<[string, Case]>([
  ["groups of eight short rows", { method: hybrid(), shots: 2, count: 16, longestPrompt: 60 }],
  ["a single long row", { method: fewgen(), shots: 22, count: 2, longestPrompt: 480, isAlone: true }],
  ["long rows that end one after the other", { method: fewgen(), shots: 22, count: 4, longestPrompt: 480 }],
])("%s are the same, bit for bit", async (_, { method, shots, count, longestPrompt, isAlone }) => {
  const spec = (threads: number) =>
    task({
      method,
      count,
      ...(isAlone ? { labels: { animal: labels.animal }, seeds: seedsOf("animal") } : {}),
      prompt: { shots },
      sampling: { maxTokens: 16, logprobs: true },
      engine: { threads, groups: 1 },
    });
  const drawn = async (threads: number) => {
    const { instances, report } = await outcome(teacher, spec(threads));
    return { report, rows: instances.map(({ text, logprob }) => ({ text, logprob })) };
  };
  const alone = await drawn(1);
  expect(alone.rows).toHaveLength(count);
  expect(alone.report.promptTokens / count).toBeGreaterThan(longestPrompt / 2);
  expect((await drawn(3)).rows).toEqual(alone.rows);
});
