// A queued run whose workers, collector and server are killed at random moments. kill-queue.mjs does it longer.
import { expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";
import { hasRedis, needsRedis } from "../lib/queue/redis.js";

test.skipIf(!hasRedis)(`every row once, and the same ones, whoever is killed${needsRedis}`, async () => {
  const args = ["--kills", "5", "--redis-kills", "1", "--collector-kills", "1", "--count", "200"];
  const { stdout, stderr, code } = await runScript("kill-queue.mjs", args, [], 110);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ kills: 5, redisKills: 1, collectorKills: 1, rows: 200 });
});
