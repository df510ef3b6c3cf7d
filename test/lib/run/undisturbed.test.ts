// A group's rows depend on the task alone: not on when JavaScript answers, what it does meanwhile, or what else
// decodes.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Instance, Teacher } from "../../../lib/index.js";
import { cross, fewgen, hybrid, intra, loadTeacher, synthesize } from "../../../lib/index.js";
import { outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
let undisturbed: Instance[];
// Several groups in flight, rows that end early, labels that are full before others: all that could go by time.
const spec = task({
  method: hybrid(),
  count: { animal: 12, plant: 3, food: 9, person: 7 },
  sampling: { stop: ["\n", ";"], maxTokens: 32, seed: 11 },
  engine: { groups: 3 },
});

beforeAll(async () => {
  teacher = await loadTeacher("demo");
  undisturbed = (await outcome(teacher, spec)).instances;
});
afterAll(() => teacher.close());

function blockFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test("the undisturbed run has several groups and endings", () => {
  expect(new Set(undisturbed.map(({ group }) => group)).size).toBeGreaterThanOrEqual(6);
  expect(new Set(undisturbed.map(({ ending }) => ending)).size).toBeGreaterThan(1);
});

test("a consumer that waits now and then changes nothing", async () => {
  const instances: Instance[] = [];
  for await (const instance of synthesize(teacher, spec)) {
    instances.push(instance);
    if (instances.length % 3 === 0) await sleep((instances.length * 7) % 30);
  }
  expect(instances).toEqual(undisturbed);
});

test("an event loop that is blocked now and then changes nothing", async () => {
  let blocks = 0;
  const blocker = setInterval(() => blockFor((++blocks * 17) % 40), 5);
  try {
    expect((await outcome(teacher, spec)).instances).toEqual(undisturbed);
    expect(blocks).toBeGreaterThan(3);
  } finally {
    clearInterval(blocker);
  }
});

test("other runs on the same teacher change nothing", async () => {
  const others = [fewgen(), cross(), intra()].map((method) => outcome(teacher, task({ method, count: 24 })));
  const beside = await outcome(teacher, spec);
  const twice = await Promise.all([outcome(teacher, spec), outcome(teacher, spec)]);
  await Promise.all(others);
  expect(beside.instances).toEqual(undisturbed);
  for (const { instances } of twice) expect(instances).toEqual(undisturbed);
});
