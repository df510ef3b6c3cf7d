// Several copies of a teacher: what they make together is what one makes alone. Here they share one model of the CPU.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Teacher } from "../../../lib/engine/teacher.js";
import type { Instance } from "../../../lib/index.js";
import { hybrid, loadTeacher, plan, synthesize } from "../../../lib/index.js";
import { outcome, task } from "../helpers/demo.js";
import { withGenerations } from "../helpers/device.js";

let alone: Teacher;
let three: Teacher;
beforeAll(async () => {
  alone = await loadTeacher("demo");
  const native = alone.replicas()[0];
  three = new Teacher(alone.files, native, native, native);
});
afterAll(() => alone.close());

const spec = task({
  method: hybrid(),
  count: 80,
  sampling: { stop: ["\n"], maxTokens: 24, seed: 7 },
  engine: { reproducible: true },
});

async function all(run: AsyncIterable<Instance>): Promise<Instance[]> {
  const instances: Instance[] = [];
  for await (const instance of run) instances.push(instance);
  return instances;
}

test("a reproducible run is the same whoever decodes its groups", async () => {
  const [one, many] = [await outcome(alone, spec), await outcome(three, spec)];
  expect(three.info.replicas).toBe(3);
  expect(many.instances).toEqual(one.instances);
  expect(many.report.labels).toEqual(one.report.labels);
  for (const count of ["steps", "generatedTokens", "decodedTokens", "promptTokens"] as const) {
    expect(many.report[count]).toBe(one.report[count]); // 10 groups either way, none of them twice
  }
});

test("each copy decodes groups of its own", async () => {
  let most = 0;
  const run = synthesize(three, spec, { onProgress: ({ groupsInFlight }) => (most = Math.max(most, groupsInFlight)) });
  await all(run);
  expect(most).toBe(3);
});

test("the machine is shared out among the copies", async () => {
  const [one, many] = [await plan(alone, spec), await plan(three, spec)];
  expect(many.groupsInFlight).toBe(3);
  expect(many.kvBytes).toBe(3 * one.kvBytes);
  expect(many.threads).toBeLessThanOrEqual(Math.max(1, one.threads / 3));
});

test("what stops one copy stops all, and is told once", async () => {
  const reason = new Error("enough");
  const run = synthesize(three, { ...spec, count: 100_000 }, { signal: AbortSignal.timeout(100) });
  await expect(all(run)).rejects.toMatchObject({ name: "TimeoutError" });
  const thrown = synthesize(three, spec, {
    onProgress: () => {
      throw reason;
    },
  });
  await expect(all(thrown)).rejects.toBe(reason);
  expect((await outcome(three, task({ count: 8 }))).instances).toHaveLength(8);
});

test("closing ends the runs of all copies", async () => {
  const native = await loadTeacher("demo");
  const both = new Teacher(native.files, native.replicas()[0], native.replicas()[0]);
  const run = synthesize(both, { ...spec, count: 100_000 });
  const rest = run[Symbol.asyncIterator]();
  await rest.next();
  await both.close();
  await expect(all({ [Symbol.asyncIterator]: () => rest })).rejects.toMatchObject({ code: "CORRSYNTH_CLOSED" });
});

test("a copy that cannot even begin stops those that have: they have ended when the run rejects", async () => {
  const reason = new Error("no thread to be had");
  let begun = 0;
  let ended = 0;
  const thirdFails = (real: Parameters<Parameters<typeof withGenerations>[0]>[0]) =>
    function Generation(...[model, options, onEvent]: ConstructorParameters<typeof real>) {
      if (++begun === 3) throw reason;
      return new real(model, options, (event) => {
        if (event.type === "end") ended++;
        onEvent(event);
      });
    } as unknown as typeof real;
  await withGenerations(thirdFails, async () => {
    const run = synthesize(three, { ...spec, count: 100_000 });
    const error = await all(run).catch((error: unknown) => error);
    expect({ begun, ended }).toEqual({ begun: 3, ended: 2 });
    expect(error).toMatchObject({ code: "CORRSYNTH_ENGINE", message: reason.message, cause: reason });
  });
  expect((await outcome(three, task({ count: 8 }))).instances).toHaveLength(8);
});
