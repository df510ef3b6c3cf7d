// Results and tasks as they lie in Redis, where anybody may have written.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { packResult, unpackResult } from "../../dist/queue/job-result.js";
import { unpackTask } from "../../dist/queue/queued-task.js";
import { resultLimits } from "../../dist/queue/result-limits.js";
import { resolveSpec } from "../../dist/task/spec.js";
import { mutated } from "../lifetime/fuzz-mutations.mjs";
import { told } from "./told.mjs";

const labels = ["animal", "plant"];
const task = { labels, prompt: { instruction: "About {label}", shots: 0 }, count: 4, sampling: { maxTokens: 20 } };
const limits = resultLimits(resolveSpec(task));
const range = { first: 3, count: 2 };

function group(number) {
  const row = { group: number, repeat: 0, examples: [], tokens: 5, ending: "stop", seed: 7 };
  const instances = labels.map((label, m) => ({ id: `${number}.${m}`, text: `text ${m} of ${number}`, label, ...row }));
  return { group: number, instances, labels: labels.map(() => ({ accepted: 1, surplus: 0, rejected: { short: 2 } })) };
}
const result = Buffer.from(JSON.stringify({ groups: [group(3), group(4)], tokens: 20, seconds: 1.5 }));
const teacher = { path: "demo", sha256: "00ff" };
const description = { settings: {}, teacher, versions: {}, started: "2026-01-01T00:00:00.000Z" };
const sizes = { groupsPerJob: 1, jobsAhead: 2, attempts: 3 };
const stored = Buffer.from(JSON.stringify({ format: 1, teacher: "demo", spec: task, description, ...sizes }));

const bombs = ["[", "{", '{"a":', '"', " ", "[]"];

// What stands in a key: packed or not, spoiled before or after it was packed, or a bomb.
function payload(whole, random) {
  const how = random(10);
  if (how === 0) return gzipSync(bombs[random(bombs.length)].repeat(random(2 ** 21)));
  if (how === 1) return mutated(gzipSync(whole), random);
  if (how === 2) return mutated(whole, random);
  return gzipSync(mutated(whole, random));
}

export async function open() {
  assert.deepEqual(await unpackResult(await packResult(JSON.parse(result)), range, labels, limits), JSON.parse(result));
  await unpackTask(gzipSync(stored), "run");
  return {
    attempt: async (random) => {
      if (random(2) === 0) return await told(() => unpackTask(payload(stored, random), "run"));
      return await told(async () => {
        const { groups } = await unpackResult(payload(result, random), range, labels, limits);
        for (const { instances } of groups) {
          for (const { text, label } of instances) {
            assert(labels.includes(label) && text.length > 0 && Buffer.byteLength(text) <= limits.text);
          }
        }
        assert.equal({}.polluted, undefined);
      }, Error); // a result is refused by any error, and made again
    },
  };
}
