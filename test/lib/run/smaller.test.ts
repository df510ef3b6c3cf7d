// When the device refuses: what is tried instead, in which order, and what is told.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NativeGenerationOptions } from "../../../lib/engine/binding.js";
import { Generation } from "../../../lib/engine/generation.js";
import { hybrid, loadTeacher, OutOfMemoryError, type Progress, plan, type Teacher } from "../../../lib/index.js";
import { smallerContext } from "../../../lib/run/capacity.js";
import { prepare } from "../../../lib/run/prepare.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { outcome, task } from "../helpers/demo.js";
import { limitedTo, withGenerations } from "../helpers/device.js";

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

test("the context of a second model shrinks with the teacher's", () => {
  const { shape } = native;
  const source = Int32Array.from([...shape.follows].map(() => 0));
  const follows = Int32Array.of(...shape.follows, ...shape.follows.slice(0, 4));
  const wide = sized(56, 8, 100);
  let next: NativeGenerationOptions | undefined = {
    ...wide,
    shape: { ...shape, follows, source: Int32Array.of(...source, 1, 1, 1, 1) },
    secondContext: { ...wide.context, slots: 28, stored: 4 },
  };
  const tried: number[][] = [];
  for (next = smallerContext(next); next; next = smallerContext(next)) {
    const { slots, stored, batchSize } = next.secondContext!;
    tried.push([slots, stored, batchSize]);
  }
  expect(tried).toEqual([
    [12, 4, 100],
    [4, 4, 100],
    [4, 0, 100],
    [4, 0, 64],
  ]);
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

describe("on a device that has less memory than was reckoned with, plan and run come to the same:", () => {
  //             rows that it takes   in flight  rows kept  of 40 instances: 5 groups of 8 rows
  const table: [most: number, groups: number, stored: number, warnings: RegExp[]][] = [
    [48, 5, 8, []],
    [40, 2, 8, [/no memory for 48 rows: going on with 16 rows, batches of 512 instead of 40 rows/]],
    [20, 1, 8, [/no memory for 48 rows: going on with 16/, /no memory for 24 rows: going on with 8 rows/]],
    [8, 1, 0, [/for 48 rows/, /for 24 rows/, /for 16 rows: going on with 8 rows/]],
  ];
  const spec = task({ method: hybrid(), count: 40, seeds: undefined, prompt: { shots: 0 } });

  test.each(table)("%i rows", async (most, groups, stored, warnings) => {
    await withGenerations(limitedTo(most), async () => {
      const planned = await plan(teacher, spec);
      expect(planned.groupsInFlight).toBe(groups);
      expect(planned.kvBytes).toBe(teacher.info.kvBytesPerToken * 256 * (groups * 8 + stored));
      expect(planned.warnings).toEqual(warnings.map((text) => expect.stringMatching(text)));
      let most = 0;
      const onProgress = ({ groupsInFlight }: Progress) => {
        most = Math.max(most, groupsInFlight);
      };
      const { instances, report } = await outcome(teacher, spec, { onProgress });
      expect(instances).toHaveLength(40);
      expect(report.warnings).toEqual(planned.warnings);
      expect(most).toBeLessThanOrEqual(groups);
    });
  });

  test("and where nothing is small enough, or the number of groups is given, both refuse", async () => {
    const given = { ...spec, engine: { groups: 5 } };
    for (const [most, refused] of [
      [7, spec],
      [40, given],
    ] as const) {
      await withGenerations(limitedTo(most), async () => {
        await expect(plan(teacher, refused)).rejects.toMatchObject({ code: "CORRSYNTH_OUT_OF_MEMORY" });
        await expect(outcome(teacher, refused)).rejects.toMatchObject({ code: "CORRSYNTH_OUT_OF_MEMORY" });
      });
    }
  });
});
