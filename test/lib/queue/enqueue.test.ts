// What is enqueued is what was read of the task, once, and of two that enqueue at the same moment one is the first.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SeedInput, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { contextAware, loadTeacher } from "../../../lib/index.js";
import { collect, enqueue, queueStatus, work } from "../../../lib/queue/index.js";
import { unpackTask } from "../../../lib/queue/queued-task.js";
import { outcome, seeds, task } from "../helpers/demo.js";
import { hasRedis, needsRedis, RedisServer } from "./redis.js";

let teacher: Teacher;
let redis: RedisServer;
let names = 0;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
  if (hasRedis) redis = await RedisServer.start();
});
afterAll(async () => {
  await teacher.close();
  if (hasRedis) await redis[Symbol.asyncDispose]();
});

const at = () => ({ queue: redis.url, name: `enqueue-${++names}` });

async function queuedTask(name: string) {
  const client = redis.client();
  const packed = await client.getBuffer(`{corrsynth}/${name}/task`);
  client.disconnect();
  return (await unpackTask(packed!, name)).queued;
}

describe.skipIf(!hasRedis)(`enqueue${needsRedis}`, () => {
  test("takes seeds and contexts that can be read only once, and workers make the rows of these", async () => {
    const given = seeds.map((seed, i) => ({ ...seed, context: `text ${i}` }));
    const texts = seeds.slice(0, 12).map(({ text }) => ({ text }));
    const dealt = { once: true, perGroup: true };
    const whole: SynthesisSpec = task({
      method: contextAware(),
      prompt: { instruction: "{context}\nDefinition of {label}", shots: 1 },
      seeds: given,
      contexts: { from: texts, ...dealt },
      engine: { reproducible: true },
    });
    let reads = 0;
    function* once(): Generator<SeedInput> {
      reads++;
      yield* given;
    }
    async function* later(): AsyncGenerator<SeedInput> {
      reads++;
      yield* texts;
    }
    const here = at();
    const asked = { ...whole, seeds: once(), contexts: { from: later(), ...dealt } };
    const enqueued = await enqueue(teacher, asked, here);
    expect(enqueued.isNew).toBe(true);
    expect(reads).toBe(2);
    const { spec, description } = await queuedTask(here.name);
    const contexts = texts.map((item, i) => ({ id: i + 1, ...item }));
    expect(spec).toMatchObject({ seeds: { from: given, tooLong: "error" }, contexts: { from: contexts, ...dealt } });
    expect(description).toMatchObject({ settings: { seeds: given, contexts }, task: { seeds: given, contexts } });
    expect(await enqueue(teacher, { ...whole, seeds: once() }, here)).toEqual({ ...enqueued, isNew: false });

    const out = await mkdtemp(join(tmpdir(), "corrsynth-enqueue-"));
    await Promise.all([work(teacher, here), collect({ ...here, out })]);
    const rows = (await readFile(join(out, "data.jsonl"), "utf8")).trimEnd().split("\n");
    await rm(out, { recursive: true });
    expect(rows).toEqual((await outcome(teacher, whole)).instances.map((row) => JSON.stringify(row)));
  });

  test("of the same task twice at the same moment adds it once", async () => {
    for (let round = 0; round < 10; round++) {
      const here = at();
      const sizes = [1, 2];
      const both = await Promise.all(sizes.map((groupsPerJob) => enqueue(teacher, task(), { ...here, groupsPerJob })));
      const first = both.findIndex(({ isNew }) => isNew);
      expect(both.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
      expect(both.map(({ groupsPerJob }) => groupsPerJob)).toEqual([sizes[first], sizes[first]]);
      expect((await queueStatus(here)).jobs.waiting).toBe(both[first]!.jobs);
    }
  });

  test("of two tasks under one name at the same moment refuses one, and the other's is there", async () => {
    for (let round = 0; round < 10; round++) {
      const here = at();
      const both = [1, 2].map((seed) => task({ sampling: { seed } }));
      const told = await Promise.allSettled(both.map((spec) => enqueue(teacher, spec, { ...here, groupsPerJob: 1 })));
      const first = told.findIndex(({ status }) => status === "fulfilled");
      expect(told.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const refused = told[1 - first] as PromiseRejectedResult;
      expect(String(refused.reason)).toMatch(/sampling.seed: Expected \d, received \d\n.*another/);
      expect((await queuedTask(here.name)).description.seed).toBe(first + 1);
    }
  });
});
