// What a queue must bear: jobs that fail for good, damaged results, collectors that are stopped, a server that is away.
import { copyFile, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { InvalidConfigError, QueueError } from "../../../lib/errors.js";
import type { Teacher } from "../../../lib/index.js";
import { contrastive, cross, loadTeacher } from "../../../lib/index.js";
import { runStatus } from "../../../lib/io.js";
import { collect, enqueue, queuedRun, queuedRuns, queueStatus, work } from "../../../lib/queue/index.js";
import type { Maker } from "../../../lib/queue/job-processor.js";
import { packTask, unpackTask } from "../../../lib/queue/queued-task.js";
import { demoModel, task } from "../helpers/demo.js";
import { hasRedis, needsRedis, RedisServer } from "./redis.js";
import { stubGroup, stubMaker, stubWork } from "./stub.js";

let teacher: Teacher;
let redis: RedisServer;
let parent: string;
let names = 0;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
  if (hasRedis) redis = await RedisServer.start("a:secret");
});
afterAll(async () => {
  await teacher.close();
  if (hasRedis) await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-faults-"));
});
afterEach(() => rm(parent, { recursive: true }));

/** Four labels, R = 1: 60 rows are 15 groups. */
const spec = task({ method: cross(), count: 60, engine: { reproducible: true } });
const at = () => ({ queue: redis.url, name: `faults-${++names}` });
const key = (name: string, what: string) => `{corrsynth}/${name}/${what}`;

async function expectWhole(out: string, groups = 15, from = 0) {
  const text = await readFile(join(out, "data.jsonl"), "utf8");
  const expected = Array.from({ length: groups }, (_, i) => stubGroup(from + i)).flatMap(({ instances }) => instances);
  expect(text.trimEnd().split("\n")).toEqual(expected.map((instance) => JSON.stringify(instance)));
}

describe.skipIf(!hasRedis)(`a queue${needsRedis}`, () => {
  test("takes the same task twice as once, and refuses another under its name, with the differences", async () => {
    const here = at();
    expect(await enqueue(teacher, spec, { ...here, groupsPerJob: 2 })).toEqual({
      isNew: true,
      groupsPerJob: 2,
      jobs: 8,
    });
    expect(await enqueue(teacher, spec, { ...here, groupsPerJob: 3 })).toMatchObject({ isNew: false, groupsPerJob: 2 });
    expect((await queueStatus(here)).jobs.waiting).toBe(8);
    expect(await queuedRuns(here.queue)).toContain(here.name);
    const other = enqueue(teacher, { ...spec, sampling: { ...spec.sampling, seed: 8 } }, here);
    await expect(other).rejects.toThrow(/sampling.seed: Expected 7, received 8/);
  });

  test("refuses a worker with another model or another version, naming both", async () => {
    const here = at();
    await enqueue(teacher, spec, here);
    const client = redis.client();
    const { queued: record } = await unpackTask((await client.getBuffer(key(here.name, "task")))!, here.name);
    const { description } = record;
    const changes: [field: string, changed: object][] = [
      ["teacher.sha256|teacher", { teacher: { ...description.teacher, sha256: "00ff" } }],
      ["versions.llamaCpp", { versions: { ...description.versions, llamaCpp: "another" } }],
      ["versions.corrsynth", { versions: { ...description.versions, corrsynth: "9.9.9" } }],
    ];
    for (const [field, changed] of changes) {
      await client.set(
        key(here.name, "task"),
        await packTask({ ...record, description: { ...description, ...changed } }),
      );
      const error = await work(teacher, here).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidConfigError);
      expect((error as Error).message).toMatch(new RegExp(`^(${field}): Expected .*, received `, "m"));
      expect((error as Error).message).toContain("this worker takes no job");
    }
    client.disconnect();
  });

  test("takes the models beside the teacher from where this machine has them, and refuses others and those of no use", async () => {
    const [here, other] = [at(), at()];
    const copy = join(parent, "copy.gguf");
    await copyFile(demoModel, copy);
    const contrasted = task({ method: contrastive(), amateur: "demo", count: 4, engine: { reproducible: true } });
    await enqueue(teacher, contrasted, { ...here, groupsPerJob: 1 });
    expect(await queuedRun(here)).toMatchObject({ second: "demo" });
    await Promise.all([work(teacher, { ...here, second: copy }), collect({ ...here, out: join(parent, "out") })]);
    await enqueue(teacher, contrasted, other);
    await truncate(copy, 1e6);
    await expect(work(teacher, { ...other, second: copy })).rejects.toThrow(/amateur\.model: Expected .*this worker/s);
    const useless = work(teacher, { ...other, second: "demo", embedder: "demo" });
    await expect(useless).rejects.toThrow("embedder: Expected none, since the task names none");
  });

  test("sets a poisoned job aside after its attempts, says so, and the rest finishes", async () => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 2, attempts: 2 });
    const poisoned: Maker = async (range, signal, onTokens) => {
      if (range.first === 4) throw new Error("a poisoned prompt");
      return stubMaker(range, signal, onTokens);
    };
    const troubles: string[] = [];
    const working = stubWork(here, poisoned);
    const out = join(parent, "out");
    const report = await collect({ ...here, out, onTrouble: (reason) => troubles.push(reason) });
    await working;
    expect(report.setAside).toEqual([{ first: 4, count: 2, reason: "a poisoned prompt" }]);
    expect(troubles).toContain("groups 4 to 5 are set aside: a poisoned prompt");
    expect((await queueStatus(here)).failures).toEqual(report.setAside);
    const groups = (await readFile(join(out, "journal.jsonl"), "utf8")).trimEnd().split("\n");
    expect(groups.map((line) => (JSON.parse(line) as { group: number }).group)).toEqual([
      0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ]);
    expect(await runStatus(out)).toMatchObject({ state: "done", rows: 60 });
  });

  test("ends a worker whose jobs all fail, with the reason", async () => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 1 });
    const broken = stubWork(here, async () => {
      throw new Error("the device is gone");
    });
    await expect(broken).rejects.toThrow("the device is gone");
  });

  test("has a damaged result made again", async () => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 5 });
    const client = redis.client();
    await client.hset(key(here.name, "results"), "0", "no result", "1", "\u001f\u008bnone");
    client.disconnect();
    const working = stubWork(here);
    await collect({ ...here, out: join(parent, "out") });
    await working;
    await expectWhole(join(parent, "out"));
  });

  test("does not fetch a result that is larger than its task allows, and has it made again", async () => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 5 });
    const client = redis.client();
    await client.hset(key(here.name, "results"), "0", Buffer.alloc(2 ** 26));
    client.disconnect();
    const working = stubWork(here);
    await collect({ ...here, out: join(parent, "out") });
    await working;
    await expectWhole(join(parent, "out"));
  });

  test("counts what no worker wrote, tells it, and goes on without", async () => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 5 });
    const client = redis.client();
    const signs = ["{", '{"id":1}', "[".repeat(5000), "x".repeat(2 ** 20), JSON.stringify({ id: "a", pid: "b" })];
    for (const [i, sign] of signs.entries()) await client.set(key(here.name, `worker/w${i}`), sign);
    await client.rpush(key(here.name, "worker/list"), "of another type");
    await client.sadd(key(here.name, "workers"), "list", ...signs.map((_, i) => `w${i}`));
    await client.hset(key(here.name, "results"), "no number", "x", "-1", "x");
    await client.set(key(here.name, "progress"), "{");
    const troubles: string[] = [];
    const collecting = collect({
      ...{ ...here, out: join(parent, "out") },
      onTrouble: (reason) => troubles.push(reason),
    });
    while ((await runStatus(join(parent, "out")).catch(() => ({ state: "none" }))).state !== "running") await sleep(20);
    expect(await queueStatus(here)).toMatchObject({ malformed: 8, workers: [] });
    await Promise.all([stubWork(here), collecting]);
    await expectWhole(join(parent, "out"));
    expect(troubles).toContainEqual(expect.stringMatching(/^6 signs of life in the queue are none/));
    expect(troubles).toContainEqual(expect.stringMatching(/^Expected the progress of .* received something else/));
    client.disconnect();
  });

  test.each(["results", "workers"])("whose %s are of another type is refused by all, at once", async (what) => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 5 });
    const client = redis.client();
    await client.rpush(key(here.name, what), "a list");
    client.disconnect();
    const all = [queueStatus(here), collect({ ...here, out: join(parent, "out") })];
    if (what !== "workers") all.push(stubWork(here) as never); // a sign of life that cannot be given is no harm
    for (const outcome of await Promise.allSettled(all)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "CORRSYNTH_QUEUE" } });
    }
  });

  test("holds no more jobs than asked for while nobody collects, and goes on when somebody does", async () => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 1, jobsAhead: 4 });
    const working = stubWork(here);
    while ((await queueStatus(here)).jobs.done < 4) await sleep(20);
    await sleep(200);
    expect((await queueStatus(here)).jobs).toEqual({ waiting: 0, active: 0, delayed: 0, done: 4 });
    await collect({ ...here, out: join(parent, "out") });
    await working;
    await expectWhole(join(parent, "out"));
  });

  test("a collector that is stopped goes on in its directory, one in another begins anew", async () => {
    const here = at();
    const out = join(parent, "out");
    await enqueue(teacher, spec, { ...here, groupsPerJob: 2 });
    const slow: Maker = async (range, signal, onTokens) => {
      await sleep(40);
      return stubMaker(range, signal, onTokens);
    };
    const working = stubWork(here, slow);
    const stop = new AbortController();
    const stopped = collect({ ...here, out, signal: stop.signal });
    while ((await runStatus(out).catch(() => ({ groups: 0 }))).groups < 3) await sleep(10);
    const other = collect({ ...here, out: join(parent, "second") });
    await expect(other).rejects.toThrow(
      /Expected to be the only collector .* process \d+ of .*, into .*out collects it/,
    );
    stop.abort(new Error("enough"));
    await expect(stopped).rejects.toThrow("enough");
    const { groups } = await runStatus(out);
    expect(groups).toBeLessThan(15);
    await rm(join(parent, "second"), { recursive: true, force: true });
    await collect({ ...here, out: join(parent, "second") }); // what the first had taken out of the queue is made again
    await working;
    await expectWhole(join(parent, "second"));
  });

  test("a server that is killed and comes back costs nothing but time", async () => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 1 });
    const slow: Maker = async (range, signal, onTokens) => {
      await sleep(100);
      return stubMaker(range, signal, onTokens);
    };
    const troubles: string[] = [];
    const out = join(parent, "out");
    const working = [1, 2].map(() => stubWork({ ...here, lockSeconds: 2 }, slow));
    const collecting = collect({ ...here, out, onTrouble: (reason) => troubles.push(reason) });
    for (const groups of [2, 6]) {
      while ((await runStatus(out).catch(() => ({ groups: 0 }))).groups < groups) await sleep(10);
      await redis.kill();
      await sleep(300);
      await redis.up();
    }
    expect((await collecting).quotaMet).toBe(true);
    await Promise.all(working);
    await expectWhole(out);
    expect(troubles.length).toBeGreaterThan(0);
    expect(troubles.join()).not.toContain("secret");
  });

  test("a server without a memory of its own is given its jobs again", async () => {
    const here = at();
    await enqueue(teacher, spec, { ...here, groupsPerJob: 1, jobsAhead: 8 });
    const client = redis.client();
    const jobs = await client.keys(`{corrsynth}:${here.name}:*`);
    await client.del(...jobs);
    client.disconnect();
    const working = stubWork(here);
    await collect({ ...here, out: join(parent, "out") });
    await working;
    await expectWhole(join(parent, "out"));
  });

  test("its password is in no message, and a wrong address is said at once", async () => {
    const wrong = redis.url.replace("a:secret", "b:guess");
    const cases: [queue: string, message: RegExp][] = [
      [wrong, /Cannot use the queue at redis:\/\/127.0.0.1:\d+ \(WRONGPASS/],
      ["redis://:secret@127.0.0.1:1", /Cannot use the queue at redis:\/\/127.0.0.1:1 \(.*ECONNREFUSED/],
      ["http://u:secret@host", /Expected redis:\/\/.* received one that begins with http:/],
      ["secret", /received something that is no URL/],
      ["redis://u:secret@host/x", /Expected redis:\/\//],
    ];
    for (const [queue, message] of cases) {
      const error: Error = (await queueStatus({ queue, name: "x" }).catch((thrown: Error) => thrown)) as Error;
      expect(error.message).toMatch(message);
      expect(error.message).not.toMatch(/secret|guess/);
    }
    await expect(queueStatus({ queue: redis.url, name: "none" })).rejects.toThrow(QueueError);
    await expect(queueStatus({ queue: redis.url, name: "a b" })).rejects.toThrow(/Expected 1 to 64 letters/);
  });

  test("a task that holds something else is refused, and nothing of it is run", async () => {
    const here = at();
    const client = redis.client();
    await client.set(key(here.name, "task"), '{"spec":"process.exit(1)"}');
    await expect(work(teacher, here)).rejects.toThrow(/Expected the task of .* received something else/);
    client.disconnect();
  });

  test("limits.maxGroups ends a collection with what is missing, and more groups mend it", async () => {
    const here = at();
    const out = join(parent, "out");
    const limited = (maxGroups: number) => ({ ...spec, limits: { maxGroups } });
    await enqueue(teacher, limited(6), { ...here, groupsPerJob: 4 });
    const working = stubWork(here);
    await expect(collect({ ...here, out })).rejects.toThrow(/within 6 groups, received animal 6 of 15/);
    expect(await runStatus(out)).toMatchObject({ state: "incomplete", rows: 24 });
    expect(await enqueue(teacher, limited(40), here)).toMatchObject({ isNew: false });
    await collect({ ...here, out });
    await working;
    await expectWhole(out);
  });
});
