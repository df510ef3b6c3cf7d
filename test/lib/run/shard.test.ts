// A dataset in shards: whatever their number, joined they are the dataset of one process, byte for byte.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Instance, Report, SynthesisSpec, Teacher } from "../../../lib/index.js";
import {
  contrastive,
  cross,
  dola,
  hybrid,
  type InvalidConfigError,
  loadTeacher,
  synthesize,
  synthesizeShard,
} from "../../../lib/index.js";
import { exportRun, mergeRuns, runStatus } from "../../../lib/io.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { saveRun } from "../../../lib/store/save-run.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { seeds, task } from "../helpers/demo.js";
import { description, manifestOf } from "../store/runs.js";

let teacher: Teacher;
let parent: string;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-shard-"));
});
afterEach(() => rm(parent, { recursive: true }));

/** A task that loses rows to the row filters and, by short texts, to the filters that compare rows. */
function lossy(count: SynthesisSpec["count"]): SynthesisSpec {
  return task({
    method: cross(),
    count,
    filters: { reject: [{ name: "letter", pattern: "b" }], unfinished: "keep" },
    prompt: { shots: 0 },
    seeds: undefined,
    sampling: { maxTokens: 5, topP: 0.4, seed: 3 },
    engine: { reproducible: true },
    limits: { maxGroups: 500 },
  });
}

function describeTask(spec: SynthesisSpec) {
  const { shard: _, ...rest } = description;
  return { ...rest, settings: resolveSpec(spec), inputs: {} };
}

async function runWhole(spec: SynthesisSpec): Promise<string> {
  const path = join(parent, "whole");
  await saveRun(await RunDirectory.open(path), describeTask(spec), (saving) => synthesize(teacher, spec, saving));
  return path;
}

async function runShard(spec: SynthesisSpec, index: number, count: number, groups?: number): Promise<string> {
  const path = join(parent, `shard-${index}-of-${count}`);
  const start = (saving: Parameters<Parameters<typeof saveRun>[2]>[0]) =>
    synthesizeShard(teacher, spec, { index, count, groups }, saving);
  const goesOn = groups !== undefined;
  const shard = { index, count };
  await saveRun(await RunDirectory.open(path), { ...describeTask(spec), shard }, start, { goesOn });
  return path;
}

const data = (path: string) => readFile(join(path, "data.jsonl"), "utf8");

describe("with engine.reproducible, the shards joined are the dataset of one process, byte for byte:", () => {
  const engine = { reproducible: true };
  const tasks: [name: string, spec: SynthesisSpec][] = [
    ["no row is rejected", task({ method: hybrid(), count: 40, engine: { reproducible: true } })],
    ["rows are rejected, counts per label", lossy({ animal: 9, plant: 6, food: 4, person: 0 })],
    ["a second model", task({ method: contrastive(), amateur: { model: "demo", answer: "" }, count: 24, engine })],
    ["earlier layers", task({ method: dola({ layers: [2, 3] }), count: 24, engine })],
    [
      "a guide beside a coupling",
      task({ method: cross({ guide: { weight: 0.5 } }), guide: { model: "demo", answer: "" }, count: 24, engine }),
    ],
    [
      "earlier layers beside one",
      task({ method: hybrid({ dola: { layers: "high", weight: 0.2 } }), count: 24, engine }),
    ],
    [
      "values and contexts are dealt in turn",
      task({
        method: hybrid(),
        count: 40,
        prompt: { instruction: "{tone} {context} {of} {label}", shots: 0 },
        attributes: { tone: ["dry", "lively", "sad"], of: { animal: ["a"], plant: ["b"], food: ["c"], person: ["d"] } },
        contexts: { from: seeds.slice(0, 30).map(({ text }) => ({ text })), once: true },
        engine,
      }),
    ],
    ["four groups share their prompts", task({ count: 32, engine: { reproducible: true, promptReuse: 4 } })],
  ];
  test.each(tasks)("%s", async (name, spec) => {
    const whole = await runWhole(spec);
    const manifest = await manifestOf(whole);
    const { groups, labels } = manifest.report as Report;
    if (name.startsWith("rows are rejected")) {
      const reasons = Object.values(labels).flatMap(({ rejected }) => Object.keys(rejected));
      expect(reasons).toEqual(expect.arrayContaining(["letter", "duplicate"]));
    }
    if (name.startsWith("values")) {
      const { attributes } = await runStatus(whole);
      for (const label of Object.values(attributes!.tone!)) expect(Object.values(label).sort()).toEqual([3, 3, 4]);
      expect(attributes!.of).toEqual({ animal: { a: 10 }, plant: { b: 10 }, food: { c: 10 }, person: { d: 10 } });
      const rows = (await data(whole)).trim().split("\n");
      const contexts = rows.map((row) => (JSON.parse(row) as Instance).context);
      expect(new Set(contexts.slice(0, 24)).size).toBe(24); // three groups
    }
    for (const n of [1, 2, 3, 7]) {
      let target: number | undefined;
      for (let round = 0; ; round++) {
        const paths: string[] = [];
        for (let index = n - 1; index >= 0; index--) paths.push(await runShard(spec, index, n, target));
        const out = join(parent, `merged-${n}`);
        const { missing, groups: made } = await mergeRuns(paths, out);
        if (missing === undefined) {
          expect(made).toBe(groups);
          expect(await data(out)).toBe(await data(whole));
          expect(await manifestOf(out)).toMatchObject({ state: "done", mergedFrom: paths });
          break;
        }
        expect(missing.groups).toBeGreaterThan(target ?? 0);
        expect(round).toBeLessThan(4);
        target = missing.groups;
      }
    }
  });
});

test("where no row is lost, the shards make not one group more than one process", async () => {
  const spec = task({ method: hybrid(), count: 56, engine: { reproducible: true } });
  const paths = [await runShard(spec, 0, 2), await runShard(spec, 1, 2)];
  expect((await Promise.all(paths.map(runStatus))).map(({ groups }) => groups)).toEqual([4, 3]);
  expect((await mergeRuns(paths, join(parent, "out"))).missing).toBeUndefined();
});

test("rejected rows are made up for by further groups of every shard", async () => {
  const spec = lossy(40);
  const { groups, labels } = await runStatus(await runShard(spec, 0, 2));
  expect(Object.values(labels).some(({ rejected }) => (rejected.letter ?? 0) > 0)).toBe(true);
  expect(groups).toBeGreaterThan(5); // ten of the whole when all is accepted
});

test("shards that have too few groups lead to a merge that says so, and goes on when they have gone on", async () => {
  const spec = task({ method: cross(), count: 24, engine: { reproducible: true } });
  const whole = await runWhole(spec);
  const out = join(parent, "out");
  const first = [await runShard(spec, 0, 2, 3), await runShard(spec, 1, 2, 3)];
  const { missing, rows } = await mergeRuns(first, out);
  expect(rows).toBe(12);
  expect(missing).toEqual({
    labels: { animal: 3, plant: 3, food: 3, person: 3 },
    groups: 6,
    maxGroups: 60,
    shards: [0, 1].map((index) => ({ index, count: 2, path: first[index] })),
  });
  expect((await manifestOf(out)).state).toBe("incomplete");
  const before = await data(first[0]!);
  for (const index of [0, 1]) await runShard(spec, index, 2, missing!.groups);
  expect((await data(first[0]!)).startsWith(before)).toBe(true);
  expect(await mergeRuns(first, out)).toMatchObject({ rows: 24, groups: 6, missing: undefined });
  expect(await data(out)).toBe(await data(whole));
  await expect(mergeRuns(first, out)).rejects.toThrow(/already holds a run/);
});

test("a shard that is missing is one that must go on", async () => {
  const spec = task({ method: cross(), count: 24 });
  const path = await runShard(spec, 0, 2);
  const { missing, rows } = await mergeRuns([path], join(parent, "out"));
  expect(rows).toBe(4);
  expect(missing).toMatchObject({ groups: 6, shards: [{ index: 1, count: 2 }] });
});

test("a shard that was stopped goes on with the next of its groups", async () => {
  const spec = task({ method: hybrid(), count: 80, engine: { reproducible: true } });
  const path = await runShard(spec, 1, 3);
  const stop = new AbortController();
  const again = join(parent, "again");
  const shard = { index: 1, count: 3 };
  const described = { ...describeTask(spec), shard };
  const start = (signal?: AbortSignal) => (saving: Parameters<Parameters<typeof saveRun>[2]>[0]) =>
    synthesizeShard(teacher, spec, shard, {
      ...saving,
      signal,
      onGroup: async (group) => {
        await saving.onGroup(group);
        stop.abort(new Error("stopped"));
      },
    });
  await expect(saveRun(await RunDirectory.open(again), described, start(stop.signal))).rejects.toThrow("stopped");
  const held = (await runStatus(again)).groups;
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan((await runStatus(path)).groups);
  await saveRun(await RunDirectory.open(again), described, start());
  expect(await data(again)).toBe(await data(path));
});

test("status counts a shard's candidates against its share", async () => {
  const path = await runShard(task({ method: hybrid(), count: 40 }), 0, 2);
  expect(await runStatus(path)).toMatchObject({
    state: "done",
    shard: { index: 0, count: 2 },
    groups: 3,
    rows: 24,
    wanted: 20,
    labels: { animal: { accepted: 6, wanted: 5 } },
  });
});

test("a shard is not exported as a dataset, unless that is asked for", async () => {
  const path = await runShard(task({ method: cross(), count: 8 }), 0, 2);
  const options = { format: "jsonl", out: join(parent, "out.jsonl") } as const;
  await expect(exportRun(path, options)).rejects.toThrow(
    /Expected a dataset, received one of 2 shards: merge them first/,
  );
  expect(await exportRun(path, { ...options, partial: true })).toBeDefined();
});

test("a directory of another shard is refused, with the difference", async () => {
  const spec = task({ method: hybrid() });
  const path = await runShard(spec, 0, 2);
  const directory = await RunDirectory.open(path);
  const issues = (changed: object) => {
    try {
      directory.check({ ...describeTask(spec), ...changed });
    } catch (error) {
      return (error as InvalidConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
    }
    return [];
  };
  expect(issues({ shard: { index: 1, count: 2 } })[0]).toBe("shard.index: Expected 0, received 1");
  expect(issues({ shard: { index: 0, count: 3 } })[0]).toBe("shard.count: Expected 2, received 3");
  expect(issues({})[0]).toMatch(/^shard: Expected .*received nothing/);
  await directory.release();
});

test("shards that do not belong together are refused", async () => {
  const spec = task({ method: cross(), count: 16 });
  const out = join(parent, "out");
  const a = await runShard(spec, 0, 2);
  const cases: [paths: string[], message: RegExp][] = [
    [[a, a], /Expected a shard that no other directory has, received shard 0/],
    [[a, await runShard(spec, 1, 3)], /Expected a shard of 2 .*received one of 3/],
    [[await runWhole(spec), a], /received a run that makes all groups/],
  ];
  for (const [paths, message] of cases) await expect(mergeRuns(paths, out)).rejects.toThrow(message);
  await rm(join(parent, "shard-1-of-3"), { recursive: true });
  const other = await runShard(task({ method: cross(), count: 20 }), 1, 2);
  await expect(mergeRuns([a, other], out)).rejects.toThrow(/count: Expected 4, 4, 4, 4 .*received 5, 5, 5, 5/);
});

test("what cannot be a shard is refused at once", () => {
  const spec = task();
  const cases: [shard: { index: number; count: number; groups?: number }, path: string][] = [
    [{ index: 2, count: 2 }, "shard.index"],
    [{ index: -1, count: 2 }, "shard.index"],
    [{ index: 0, count: 0 }, "shard.count"],
    [{ index: 0, count: 2, groups: 0.5 }, "shard.groups"],
  ];
  for (const [shard, path] of cases) {
    expect(() => synthesizeShard(teacher, spec, shard)).toThrow(`${path}: Expected an integer`);
  }
  const own = { ...spec, filters: { accept: () => true } };
  expect(() => synthesizeShard(teacher, own, { index: 0, count: 2 })).toThrow(/filters.accept: Expected no function/);
});
