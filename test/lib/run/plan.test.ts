// What a run will cost, held against what it then costs.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Method, Teacher } from "../../../lib/index.js";
import { cfg, cross, fewgen, hybrid, loadTeacher, plan } from "../../../lib/index.js";
import { labels, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

describe("plan", () => {
  //                                rows  contrast  groups  in flight
  const shapes: [string, Method, number, number, number, number][] = [
    ["fewgen", fewgen(), 4, 0, 10, 10],
    ["cross", cross(), 4, 0, 10, 10],
    ["hybrid", hybrid(), 8, 0, 5, 5],
    ["cfg-cross", cfg({ kind: "cross" }), 4, 12, 10, 10],
    ["cfg-hybrid", cfg({ kind: "hybrid" }), 8, 56, 5, 4],
    ["cfg-prompt", cfg({ kind: "prompt", negative: "A thing:" }), 4, 4, 10, 10],
  ];
  test.each(shapes)("%s, 40 instances of 4 labels", async (_, method, rows, contrastRows, groups, groupsInFlight) => {
    const planned = await plan(teacher, task({ method, count: 40 }));
    expect(planned).toMatchObject({ rows, contrastRows, groups, groupsInFlight, contextSize: 256, threads: 1 });
    expect(planned.kvBytes).toBe(teacher.info.kvBytesPerToken * 256 * (rows + contrastRows) * groupsInFlight);
    expect(planned.tokensToDecode).toBe((rows + contrastRows) * groups * 24);
    expect(planned.seconds).toBeGreaterThan(0);
    expect(planned.seconds).toBeLessThan(60);
    expect(Object.keys(planned.longestPrompts)).toEqual(Object.keys(labels));
  });

  test("counts contrast rows for as many tokens as there is contrast", async () => {
    const spec = task({ method: cfg({ kind: "cross" }), count: 40, sampling: { maxTokens: 24, contrastTokens: 3 } });
    expect((await plan(teacher, spec)).tokensToDecode).toBe((4 * 24 + 12 * 3) * 10);
  });

  test("counts the memory that a row takes: tokens rounded up to a multiple of 256", async () => {
    const bytes = async (contextSize: number) => (await plan(teacher, task({ engine: { contextSize } }))).kvBytes;
    expect(await bytes(300)).toBe(await bytes(512));
    expect(await bytes(512)).toBe(2 * (await bytes(256)));
  });

  test("bounds what the run decodes, and meets its prompts", async () => {
    const spec = task({ method: hybrid(), count: 32 });
    const [planned, { report }] = [await plan(teacher, spec), await outcome(teacher, spec)];
    expect(report.decodedTokens).toBeLessThanOrEqual(planned.tokensToDecode);
    expect(report.promptTokens).toBe(planned.promptTokens); // of four groups, all of which were measured
    expect(report.groups).toBe(planned.groups);
  });

  test("names a row beyond what the model was trained for", async () => {
    const { warnings, contextSize } = await plan(teacher, task({ engine: { contextSize: 4096, groups: 1 } }));
    expect(contextSize).toBe(4096);
    expect(warnings.join("\n")).toMatch(/4096 tokens exceed the 2048/);
  });

  test("refuses as the run would", async () => {
    await expect(plan(teacher, { ...task(), count: 0 })).rejects.toThrow(/count: Expected/);
    await expect(plan(teacher, task({ engine: { contextSize: 30 } }))).rejects.toThrow(/fit the 30 tokens of a row/);
  });
});
