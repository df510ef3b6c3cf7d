// What rows and groups share of their prompts is decoded once, and is the same as if it were not shared.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cfg, cross, hybrid, loadTeacher, plan, type SynthesisSpec, type Teacher } from "../../../lib/index.js";
import { outcome, task, words } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

// Eight groups of the first four labels, one row each; all in flight or one after the other.
const groups = (changes: Partial<SynthesisSpec["engine"]>, shots = 3) =>
  task({
    method: cross(),
    count: 32,
    prompt: { shots },
    sampling: { maxTokens: 6, stop: [] },
    engine: { threads: 1, groups: 1, ...changes },
  });

test("groups that share a set of prompts have the same examples, and the next set has others", async () => {
  const { instances } = await outcome(teacher, groups({ promptReuse: 4 }));
  const examples = Array.from({ length: 8 }, (_, g) =>
    JSON.stringify(instances.filter(({ group }) => group === g).map((instance) => instance.examples)),
  );
  expect(new Set(examples.slice(0, 4)).size).toBe(1);
  expect(new Set(examples.slice(4)).size).toBe(1);
  expect(examples[0]).not.toBe(examples[4]);
  expect(new Set(instances.map(({ text }) => text)).size).toBeGreaterThan(24); // and texts of their own all the same
});

describe("prompt tokens that are decoded", () => {
  test.each([1, 2])("%d groups in flight: a set of prompts once for its four groups", async (inFlight) => {
    const alone = (await outcome(teacher, groups({ groups: inFlight }))).report;
    const shared = (await outcome(teacher, groups({ groups: inFlight, promptReuse: 4 }))).report;
    expect(alone.prefilledTokens).toBeGreaterThan(0.8 * alone.promptTokens);
    expect(shared.prefilledTokens).toBeLessThan(0.26 * shared.promptTokens);
  });

  test("zero-shot prompts at most once for the whole run", async () => {
    const instruction = "Here is one more short and simple definition of {label} as it could stand in a dictionary";
    const spec = task({
      method: hybrid(),
      count: 32,
      seeds: [],
      prompt: { instruction, shots: 0 },
      engine: { groups: 1 },
    });
    const { report } = await outcome(teacher, spec);
    // each group has every label's prompt twice; the last token of a prompt is decoded by the row's first step, and how
    // the instruction begins is the same for all labels
    expect(report.groups).toBeGreaterThan(3);
    expect(report.prefilledTokens).toBeLessThan(report.promptTokens / (2 * report.groups) - 4);
    expect(report.prefilledTokens).toBeGreaterThan(report.promptTokens / (8 * report.groups));
  });

  test("the partners' prompts of CFG once for all rows that are guided by them", async () => {
    const spec = { ...groups({ groups: 1 }), method: cfg({ kind: "cross" }) };
    const { report } = await outcome(teacher, spec);
    expect(report.prefilledTokens).toBeLessThan(0.26 * report.promptTokens);
  });
});

test("rows do not change when their prompts were copied", async () => {
  const spec = (count: number) => ({ ...groups({ groups: 1, promptReuse: 1000 }), count });
  const first = await outcome(teacher, spec(4)); // group 0 decodes the prompts
  const all = await outcome(teacher, spec(32));
  expect(words(all).slice(0, 4)).toEqual(words(first));
});

test("the plan counts the rows that keep prompts", async () => {
  const [without, kept] = [await plan(teacher, groups({})), await plan(teacher, groups({ promptReuse: 4 }))];
  expect(kept.kvBytes).toBe(2 * without.kvBytes);
});

test("a context without room for them decodes prompts anew, and says so", async () => {
  const { report } = await outcome(teacher, groups({ groups: 64, promptReuse: 4 }));
  expect(report.warnings.join()).toContain('lower "engine.groups"');
  expect(report.quotaMet).toBe(true);
});
