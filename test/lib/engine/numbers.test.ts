// Every number that crosses into the addon is looked at there before it is narrowed.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Generation } from "../../../lib/engine/generation.js";
import { EngineError, loadTeacher, type Teacher } from "../../../lib/index.js";
import { prepare } from "../../../lib/run/prepare.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { sampleStep } from "../../../lib/testing.js";
import { task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

test.each([
  ["context", "slots", 257, "an integer from 1 to 256, received 257"],
  ["context", "slots", 2 ** 32 + 1, "an integer from 1 to 256, received 4294967297"],
  ["context", "stored", -1, "an integer from 0 to 256, received -1"],
  ["context", "slotSize", 0, "an integer from 1 to 2147483647, received 0"],
  ["context", "batchSize", 2 ** 31, "an integer from 1 to 2147483647, received 2147483648"],
  ["context", "threads", 513, "an integer from 1 to 512, received 513"],
  ["limits", "maxTokens", 2 ** 32 + 1, "an integer from 1 to 2147483647, received 4294967297"],
  ["limits", "maxTokens", 1.5, "an integer from 1 to 2147483647, received 1.5"],
  ["shape", "contrastUntil", 0, "an integer from 1 to 2147483647, received 0"],
  ["shape", "warmUp", Number.NaN, "an integer from 0 to 2147483647, received NaN"],
  ["step", "topK", -1, "an integer from 0 to 9007199254740991, received -1"],
  ["step", "temperature", 0, "a number above 0, received 0"],
  ["step", "temperature", Number.POSITIVE_INFINITY, "a number above 0, received Infinity"],
  ["step", "plausibility", 1.5, "a number from 0 to 1, received 1.5"],
  ["step", "topP", "0.9", "a number above 0 to 1, received 0.9"],
])("%s.%s: %s", async (part, name, value, wanted) => {
  const { native } = await prepare(teacher, resolveSpec(task()));
  const wrong = { ...native, [part]: { ...native[part as "context"], [name]: value } };
  const events = { want: () => {}, group: () => {}, progress: () => {} };
  const { ended } = new Generation(teacher, wrong, events);
  await expect(ended).rejects.toThrow(EngineError);
  await expect(ended).rejects.toThrow(`Expected "${name}" to be ${wanted}`);
});

test("a step number beyond 32 bits is refused, and a top-k beyond is no limit", () => {
  const options = { logits: Float32Array.of(2, 1, 0), vocab: 3, gamma: 1, weights: [0], active: [1] };
  const draw = (more: object) => sampleStep({ ...options, plausibility: 0, topP: 1, ...more });
  expect(() => draw({ step: 2 ** 32 })).toThrow('Expected "step" to be an integer from 0 to 4294967295');
  for (let group = 0; group < 20; group++) expect(draw({ group, topK: 2 ** 32 + 1 })).toEqual(draw({ group }));
});
