// The first group writes its rows before the others have read their prompts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { fewgen, loadTeacher, type Teacher } from "../../../lib/index.js";
import { outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const [batchSize, maxTokens] = [512, 6];

// Groups of four rows that all fit. Were whole batches of prompt tokens read between two steps from the first one on, the
// last group would join after as many steps as there are batches. One by one they would take 16 times six steps.
test("until a first group has ended, parts of a batch are read between its steps, and whole ones after it", async () => {
  const spec = task({
    method: fewgen(),
    count: 64,
    prompt: { shots: 3 },
    sampling: { maxTokens, stop: [] },
    engine: { batchSize },
  });
  const { report } = await outcome(teacher, spec);
  const batches = Math.ceil(report.prefilledTokens / batchSize);
  expect(report.groups).toBe(16);
  expect(batches).toBeGreaterThan(3);
  expect(report.steps).toBeGreaterThan(batches + maxTokens);
  expect(report.steps).toBeLessThanOrEqual(maxTokens + batches + maxTokens);
});
