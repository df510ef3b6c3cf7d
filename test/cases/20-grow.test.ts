// Case 20: a finished run is asked for more rows. Groups are a sequence: those that are there stay, further ones follow.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runCli } from "../../lib/cli/program.js";
import * as library from "../../lib/index.js";
import { mergeRuns, readRun, runStatus } from "../../lib/io.js";
import { Memory } from "../cli/environment.js";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

let out: string;
beforeEach(async () => {
  out = join(await mkdtemp(join(tmpdir(), "corrsynth-case-")), "run");
});
afterEach(() => rm(join(out, ".."), { recursive: true }));

const data = (run = out) => readFile(join(run, "data.jsonl"), "utf8");

async function corrsynth(...args: string[]) {
  const [stdout, stderr] = [new Memory(), new Memory()];
  const { signal } = new AbortController();
  const code = await runCli(args, { library, stdout, stderr, signal, now: () => performance.now() });
  return { code, stderr: stderr.text };
}

it("20-more.yaml into the directory of 20-first.yaml keeps its rows byte for byte and adds what is missing", async () => {
  expect(await corrsynth("run", file("20-first.yaml"), "--out", out)).toMatchObject({ code: 0 });
  const before = await data();
  const grown = await corrsynth("run", file("20-more.yaml"), "--out", out);
  expect(grown).toMatchObject({ code: 0, stderr: expect.stringContaining("grows: 8 rows were wanted before") });
  expect((await data()).startsWith(before)).toBe(true);
  expect(await runStatus(out)).toMatchObject({ state: "done", rows: 12, wanted: 12 });
  const ids = (await readRun(out)).rows.map(({ fields }) => fields.id);
  expect(new Set(ids).size).toBe(12);
  const again = await corrsynth("run", file("20-more.yaml"), "--out", out);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("nothing is left to do") });
});

it("fewer rows than before, or anything else that changed beside the count, is refused by name", async () => {
  await corrsynth("run", file("20-more.yaml"), "--out", out);
  const before = await data();
  const fewer = await corrsynth("run", file("20-first.yaml"), "--out", out);
  expect(fewer).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('count: Expected at least 6 rows of "animal", received 4'),
  });
  await using teacher = await library.loadTeacher("demo");
  const spec = {
    labels: { animal: "an animal", plant: "a plant" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    method: library.fewgen(),
    count: 20,
    sampling: { maxTokens: 24, seed: 8, stop: ["\n"] },
  };
  await expect(library.synthesizeTo(out, teacher, spec)).rejects.toThrow("sampling.seed: Expected 7, received 8");
  expect(await data()).toBe(before);
});

it.each([
  ["of one label more", { animal: 4, plant: 4 }, { animal: 7, plant: 4 }],
  ["of a label that had none", { animal: 4, plant: 0 }, { animal: 4, plant: 5 }],
  ["of both", { animal: 3, plant: 5 }, { animal: 6, plant: 6 }],
])("%s: the first rows stay byte for byte, whatever the method", async (_, before, after) => {
  await using teacher = await library.loadTeacher("demo");
  for (const method of [library.fewgen(), library.hybrid()]) {
    const run = join(out, "..", method.name);
    await library.synthesizeTo(run, teacher, { ...spec(8), method, count: before });
    const first = await data(run);
    await library.synthesizeTo(run, teacher, { ...spec(8), method, count: after });
    expect((await data(run)).startsWith(first)).toBe(true);
    const { labels, state } = await runStatus(run);
    const counts = Object.fromEntries(Object.entries(labels).map(([name, { accepted }]) => [name, accepted]));
    expect([state, counts]).toEqual(["done", after]);
  }
});

const spec = (count: number) => ({
  labels: { animal: "an animal", plant: "a plant" },
  prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
  method: library.fewgen(),
  count,
  sampling: { maxTokens: 24, seed: 7, stop: ["\n"] },
  engine: { reproducible: true },
});

it("with reproducible, where no row was rejected, what has grown is the dataset that was asked for at once", async () => {
  await using teacher = await library.loadTeacher("demo");
  const filters = false as const;
  await library.synthesizeTo(out, teacher, { ...spec(8), filters });
  await library.synthesizeTo(out, teacher, { ...spec(12), filters });
  const whole = join(out, "..", "whole");
  await library.synthesizeTo(whole, teacher, { ...spec(12), filters });
  expect(await data()).toBe(await data(whole));
});

it("shards grow, and the merge that was done goes on behind its rows", async () => {
  await using teacher = await library.loadTeacher("demo");
  const parts = [0, 1].map((index) => join(out, "..", `shard-${index}`));
  const makeAll = async (count: number) => {
    for (const [index, part] of parts.entries()) {
      await library.synthesizeTo(part, teacher, spec(count), { shard: { index, count: 2 } });
    }
    return await mergeRuns(parts, out);
  };
  expect(await makeAll(8)).toMatchObject({ rows: 8, missing: undefined });
  const before = await data();
  expect(await makeAll(12)).toMatchObject({ rows: 12, missing: undefined });
  expect((await data()).startsWith(before)).toBe(true);
});
