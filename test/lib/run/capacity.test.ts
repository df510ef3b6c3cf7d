// Groups in flight by rows, memory and what is asked for, worked out by hand.
import { describe, expect, test } from "vitest";
import { cfg, cross, hybrid, type Method, type TeacherInfo } from "../../../lib/index.js";
import { groupShape } from "../../../lib/methods/coupling.js";
import { capacity } from "../../../lib/run/capacity.js";
import { resolveSpec, type SynthesisSpec } from "../../../lib/task/spec.js";

const GiB = 2 ** 30;
/**
 * A row of 256 tokens takes 256 * 32 KiB of cells and 4 * 524,288 bytes of logits: 10 MiB in all. The weights take 2
 * GiB.
 */
const info = {
  kvBytesPerToken: 32_768,
  vocabulary: 524_288,
  replicas: 1,
  sizeBytes: 2 * GiB,
  devices: [] as never[],
} as unknown as TeacherInfo;

function chosen(
  method: Method,
  engine: SynthesisSpec["engine"] = {},
  { groupsNeeded = 1000, rowTokens = 200, memory = 64 * GiB, shots = 3, labels = 4 } = {},
) {
  const spec = resolveSpec({
    labels: Array.from({ length: labels }, (_, k) => `label ${k}`),
    prompt: { instruction: "About {label}", shots },
    ...(shots > 0 && { seeds: "seeds.jsonl" }),
    method,
    count: 1000,
    engine,
  });
  return capacity(spec, groupShape(method, labels), info, { groupsNeeded, rowTokens, memory });
}

describe("groups in flight, chosen", () => {
  test.each([
    //                                 a group has     so many groups   because
    ["cross", cross(), 64], //           4 rows        256 / 4
    ["hybrid", hybrid(), 32], //         8 rows        256 / 8
    ["cfg", cfg({ kind: "hybrid" }), 4], // 8 + 8 * 7 rows: 256 / 64
  ] as const)("%s: as many as 256 rows allow", (_, method, groups) => {
    expect(chosen(method)).toEqual({ groups, stored: 0, groupsPerPrompts: 1 });
  });

  test.each([
    // memory   row tokens   rows: (memory / 2 - 2 GiB) / bytes of a row
    [5, 200, 6], //          512 MiB / 10 MiB = 51 rows, 6 groups of 8
    [5, 257, 3], //          512 MiB / 18 MiB = 28 rows: a row of 257 tokens takes room for 512
    [4.5, 200, 3], //        256 MiB / 10 MiB = 25 rows
    [4, 200, 1], //          nothing left: one group is tried all the same
    [1, 200, 1],
  ])("%d GiB of memory, rows of %d tokens: %d groups of 8", (memory, rowTokens, groups) => {
    expect(chosen(hybrid(), {}, { memory: memory * GiB, rowTokens }).groups).toBe(groups);
  });

  test("no more than are needed", () => {
    expect(chosen(hybrid(), {}, { groupsNeeded: 5 }).groups).toBe(5);
  });

  test("one where a dataset must not depend on them", () => {
    expect(chosen(hybrid(), { reproducible: true }).groups).toBe(1);
    expect(chosen(hybrid(), { reproducible: true, groups: 4 }).groups).toBe(1);
  });
});

describe("rows that keep prompts", () => {
  test("one group's worth where groups share prompts, taken from the groups in flight", () => {
    expect(chosen(hybrid(), { promptReuse: 4 })).toEqual({ groups: 31, stored: 8, groupsPerPrompts: 4 });
    const zeroShot = { groups: 31, stored: 8, groupsPerPrompts: Number.POSITIVE_INFINITY };
    expect(chosen(hybrid(), {}, { shots: 0 })).toEqual(zeroShot);
  });

  test("none where the groups asked for leave no room", () => {
    expect(chosen(hybrid(), { promptReuse: 4, groups: 32 })).toEqual({ groups: 32, stored: 0, groupsPerPrompts: 1 });
    expect(chosen(hybrid(), { promptReuse: 4 }, { labels: 100 })).toEqual({
      groups: 1,
      stored: 0,
      groupsPerPrompts: 1,
    });
  });
});

test("with copies of the teacher each has its share of the groups, and as many as fit the smallest GPU", () => {
  const gpu = { memoryTotal: 10 * GiB };
  const groups = (replicas: number, devices: { memoryTotal: number }[] = [], groupsNeeded = 1000) => {
    const prompt = { instruction: "About {label}" };
    const spec = resolveSpec({
      labels: ["a", "b", "c", "d"],
      prompt,
      seeds: "seeds.jsonl",
      method: hybrid(),
      count: 1,
    });
    const many = { ...info, replicas, devices } as unknown as TeacherInfo;
    return capacity(spec, groupShape(spec.method, 4), many, { groupsNeeded, rowTokens: 200 }).groups;
  };
  expect(groups(4, [gpu, gpu, gpu, gpu], 20)).toBe(5);
  expect(groups(2, [gpu, { memoryTotal: 80 * GiB }])).toBe(32); // (10 / 2 - 2) GiB of 10 MiB rows: 307
  expect(groups(2, [{ memoryTotal: 5 * GiB }, gpu])).toBe(6); // the smallest decides: half of 5 GiB less 2 for the weights
  expect(groups(1, [{ memoryTotal: 2 * GiB }, { memoryTotal: 3 * GiB }])).toBe(6); // one model on both
});

test("as many rows as a context has are taken", () => {
  expect(chosen(cfg({ kind: "hybrid" }), {}, { labels: 8 }).groups).toBe(1); // 16 + 16 * 15 = 256
});

test.each([
  [
    "129 labels, two rows each",
    hybrid(),
    {},
    129,
    /received 1 x 258 \(258 that generate and 0 contrast rows a group\)/,
  ],
  ["33 groups of 8", hybrid(), { groups: 33 }, 4, /received 33 x 8/],
  ["CFG of 9 labels", cfg({ kind: "hybrid" }), {}, 9, /received 1 x 324 \(18 that generate and 306 contrast rows/],
] as const)("more rows than a context has are refused: %s", (_, method, engine, labels, message) => {
  expect(() => chosen(method, engine, { labels })).toThrow(message);
});
