// When the device refuses: what is tried instead, in which order, and what is told.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NativeGenerationOptions } from "../../../lib/engine/binding.js";
import { Generation } from "../../../lib/engine/generation.js";
import { hybrid, loadTeacher, OutOfMemoryError, type Teacher } from "../../../lib/index.js";
import { prepare } from "../../../lib/run/prepare.js";
import { smallerContext } from "../../../lib/run/smaller.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
let native: NativeGenerationOptions;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
  native = (await prepare(teacher, resolveSpec(task({ method: hybrid(), count: 8 })))).native;
});
afterAll(() => teacher.close());

const sized = (slots: number, stored: number, batchSize: number): NativeGenerationOptions => ({
  ...native,
  context: { ...native.context, slots, stored, batchSize },
});

test("groups are halved first, then kept prompts go, then the batch is halved", () => {
  const tried: number[][] = [];
  for (let next = smallerContext(sized(56, 8, 200)); next; next = smallerContext(next)) {
    const { slots, stored, batchSize } = next.context;
    tried.push([slots, stored, batchSize]);
  }
  expect(tried).toEqual([
    [24, 8, 200], // 7 groups of 8 rows become 3
    [8, 8, 200],
    [8, 0, 200],
    [8, 0, 100],
    [8, 0, 64],
  ]);
  expect(smallerContext(sized(8, 0, 32))).toBeUndefined();
});

/** More positions than llama.cpp can count: refused before anything is allocated. */
const impossible = () => ({ ...native, context: { ...native.context, slots: 256, slotSize: 2 ** 30 } });

test("a refused context is followed by the smaller one, as often as it takes", async () => {
  const refusals: string[] = [];
  let asked = 0;
  const generation = new Generation(teacher, impossible(), {
    want: () => {
      asked++;
      generation.decline();
    },
    group: () => {},
    progress: () => {},
    smaller: (_, { message }) => {
      refusals.push(message);
      return refusals.length < 3 ? impossible() : native;
    },
  });
  await generation.ended;
  expect(asked).toBe(1);
  expect(refusals).toHaveLength(3);
  expect(refusals[0]).toContain("256 rows of 1073741824 tokens");
});

test("with nothing smaller the error has the figures and what to do", async () => {
  const events = { want: () => {}, group: () => {}, progress: () => {} };
  const refused = new Generation(teacher, impossible(), { ...events, smaller: () => undefined });
  await expect(refused.ended).rejects.toThrow(OutOfMemoryError);
  await expect(refused.ended).rejects.toThrow(/KV cache of \d+ MiB.*lower "engine.groups"/s);
});

test("a run whose number of groups is given is refused as it is", async () => {
  const spec = task({ method: hybrid(), count: 8, engine: { groups: 32, contextSize: 2 ** 31 - 1 } });
  await expect(outcome(teacher, spec)).rejects.toMatchObject({ code: "CORRSYNTH_OUT_OF_MEMORY" });
});
