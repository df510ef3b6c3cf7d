// A dataset made by several workers over a queue is that of one process, row for row, whatever happens meanwhile.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SynthesisSpec, Teacher } from "../../../lib/index.js";
import { contrastive, cross, hybrid, loadTeacher } from "../../../lib/index.js";
import { runStatus } from "../../../lib/io.js";
import { collect, enqueue, queueStatus, work } from "../../../lib/queue/index.js";
import { labels, outcome, seeds, task } from "../helpers/demo.js";
import { hasRedis, needsRedis, RedisServer } from "./redis.js";

let teacher: Teacher;
let redis: RedisServer;
let parent: string;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
  if (hasRedis) redis = await RedisServer.start();
});
afterAll(async () => {
  await teacher.close();
  if (hasRedis) await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-queue-"));
});
afterEach(() => rm(parent, { recursive: true }));

/** Loses rows to filters of both kinds. */
const lossy = task({
  method: cross(),
  count: { animal: 14, plant: 9, food: 6, person: 0 },
  filters: { reject: [{ name: "letter", pattern: "b" }], unfinished: "keep" },
  prompt: { shots: 0 },
  seeds: undefined,
  sampling: { maxTokens: 5, topP: 0.4, seed: 3 },
  engine: { reproducible: true },
  limits: { maxGroups: 500 },
});

/** Loses rows to the label check, which is calibrated once for all workers. */
const checked = task({
  method: cross(),
  count: { animal: 14, plant: 9, food: 6, person: 0 },
  check: { by: "teacher", probabilities: true },
  seeds: Object.keys(labels).flatMap((name) => seeds.filter(({ label }) => label === name).slice(0, 12)),
  sampling: { maxTokens: 12, seed: 3 },
  engine: { reproducible: true },
});

const rows = async (path: string) => (await readFile(join(path, "data.jsonl"), "utf8")).trimEnd().split("\n");

async function wholeOf(spec: SynthesisSpec): Promise<string[]> {
  return (await outcome(teacher, spec)).instances.map((instance) => JSON.stringify(instance));
}

describe.skipIf(!hasRedis)(`over a queue${needsRedis}`, () => {
  const engine = { reproducible: true };
  const tasks: [name: string, spec: SynthesisSpec][] = [
    ["no row is rejected", task({ method: hybrid(), count: 80, engine: { reproducible: true } })],
    ["rows are rejected, counts per label", lossy],
    ["the label check rejects some", checked],
    ["a second model", task({ method: contrastive(), amateur: { model: "demo", answer: "" }, count: 48, engine })],
  ];
  test.each(tasks)("1, 2 and 4 workers make the dataset of one process: %s", async (_, spec) => {
    const whole = await wholeOf(spec);
    for (const n of [1, 2, 4]) {
      const at = { queue: redis.url, name: `workers-${n}-${_.length}` };
      expect(await enqueue(teacher, spec, { ...at, groupsPerJob: 2 })).toMatchObject({ isNew: true });
      const out = join(parent, `${n}`);
      const workers = Array.from({ length: n }, () => work(teacher, at));
      const report = await collect({ ...at, out });
      const worked = await Promise.all(workers);
      expect(await rows(out)).toEqual(whole);
      expect(report).toMatchObject({ quotaMet: true, setAside: [] });
      expect(worked.reduce((sum, { jobs }) => sum + jobs, 0)).toBeGreaterThan(4);
      expect(await runStatus(out)).toMatchObject({ state: "done", rows: whole.length, damage: null });
      expect(await queueStatus(at)).toMatchObject({ state: "done", rows: whole.length, jobs: { done: 0 } });
    }
  });
});
