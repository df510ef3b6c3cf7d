// What no waiting mends ends a worker and a collector, with the reason; only what passes is waited for.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QueueError } from "../../../lib/errors.js";
import { loadTeacher, type Teacher } from "../../../lib/index.js";
import { collect, enqueue } from "../../../lib/queue/index.js";
import { task } from "../helpers/demo.js";
import { hasRedis, needsRedis, RedisServer } from "./redis.js";
import { stubWork } from "./stub.js";

let teacher: Teacher;
let redis: RedisServer;
let client: Redis;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
  if (!hasRedis) return;
  redis = await RedisServer.start();
  client = redis.client();
});
afterAll(async () => {
  await teacher.close();
  if (!hasRedis) return;
  client.disconnect();
  await redis[Symbol.asyncDispose]();
});

/** Rejects as `action` does; one that waits all the same is told so. */
async function refusal(action: (signal: AbortSignal) => Promise<unknown>): Promise<Error> {
  return await action(AbortSignal.timeout(5000)).then(
    () => expect.fail("expected a rejection"),
    (error: Error) => error,
  );
}

describe.skipIf(!hasRedis)(`a queue that refuses${needsRedis}`, () => {
  test("ends a worker without jobs when the collector's progress is none", async () => {
    const here = { queue: redis.url, name: "progress" };
    await enqueue(teacher, task(), { ...here, groupsPerJob: 1 });
    await client.del(...(await client.keys(`{corrsynth}:${here.name}:*`)));
    await client.set(`{corrsynth}/${here.name}/progress`, '{"isDone": "perhaps"}');
    const error = await refusal((signal) => stubWork({ ...here, signal }));
    expect(error).toBeInstanceOf(QueueError);
    expect(error.message).toBe('Expected the progress of "progress" as corrsynth writes it, received something else');
  });

  test("ends a collector when the results are a key of another kind, or its user may not read them", async () => {
    const out = await mkdtemp(join(tmpdir(), "corrsynth-refused-"));
    await client.acl("SETUSER", "reader", "on", ">secret", "~*", "&*", "+@all", "-hmget");
    const cases: [name: string, queue: string, reason: RegExp][] = [
      ["kind", redis.url, /The queue's server refuses what this takes \(WRONGTYPE/],
      ["user", redis.url.replace("//", "//reader:secret@"), /refuses what this takes \(NOPERM .*hmget/],
    ];
    for (const [name, queue, reason] of cases) {
      await enqueue(teacher, task(), { queue: redis.url, name, groupsPerJob: 1 });
      if (name === "kind") await client.set(`{corrsynth}/${name}/results`, "no hash");
      const error = await refusal((signal) => collect({ queue, name, out: join(out, name), signal }));
      expect(error).toBeInstanceOf(QueueError);
      expect(error.message).toMatch(reason);
      expect(error.message).not.toContain("secret");
    }
    await rm(out, { recursive: true });
  });
});
