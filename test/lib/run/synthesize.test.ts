// The front door: how many instances, what each says of itself, and how a loop over them begins, waits and ends.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Instance, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { cross, hybrid, intra, loadTeacher, QuotaError, synthesize } from "../../../lib/index.js";
import { labels, outcome, seeds, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const names = Object.keys(labels);
const perLabel = (instances: readonly Instance[]) =>
  names.map((name) => instances.filter(({ label }) => label === name).length);

test("a run that is left before its first instance settles", async () => {
  const run = synthesize(teacher, task({ count: 8 }));
  await run[Symbol.asyncIterator]().return?.();
  await expect(run.finished).rejects.toMatchObject({ code: "CORRSYNTH_ABORTED" });
});

test("instances come in the order of group and row, not of who finished first", async () => {
  const { instances } = await outcome(teacher, task({ count: 40, engine: { groups: 5 }, sampling: { stop: ["\n"] } }));
  const places = instances.map(({ id, group }) => [group, Number(id.split(".")[1])] as const);
  const inOrder = [...places].sort(([a, m], [b, n]) => a - b || m - n);
  expect(places).toEqual(inOrder);
  expect(new Set(places.map(([group]) => group)).size).toBe(10);
});

test("a reproducible run is the same whatever the number of groups: they are decoded one at a time", async () => {
  const run = (groups: number | "auto", promptReuse = 1) =>
    outcome(
      teacher,
      task({
        method: hybrid(),
        count: 40,
        sampling: { stop: ["\n"] },
        engine: { groups, promptReuse, reproducible: true },
      }),
    );
  const [one, three, auto] = [await run(1), await run(3), await run("auto")];
  expect(three.instances).toEqual(one.instances);
  expect(auto.instances).toEqual(one.instances);
  expect([three.report.steps, auto.report.steps]).toEqual([one.report.steps, one.report.steps]);
  expect((await run(3, 4)).instances).toEqual((await run(1, 4)).instances);
});

describe("count", () => {
  const counts: [string, SynthesisSpec["count"], number[], number][] = [
    ["balanced", 8, [2, 2, 2, 2], 1],
    ["with a remainder for the first labels", 10, [3, 3, 2, 2], 2],
    ["one in all", 1, [1, 0, 0, 0], 1],
    ["per label, one with none", { animal: 5, plant: 0, food: 1, person: 2 }, [5, 0, 1, 2], 3],
  ];
  test.each(counts)("%s: exactly these, and the surplus is dropped and counted", async (_, count, wanted, groups) => {
    const { instances, report } = await outcome(
      teacher,
      task({ count, method: hybrid(), sampling: { maxTokens: 8, seed: 7 } }),
    );
    expect(perLabel(instances)).toEqual(wanted);
    expect(report.quotaMet).toBe(true);
    expect(report.groups).toBe(groups);
    expect(names.map((name) => report.labels[name]?.wanted)).toEqual(wanted);
    expect(names.map((name) => report.labels[name]?.accepted)).toEqual(wanted);
    // nothing vanishes: each generated row was accepted, surplus, or rejected for a reason
    for (const name of names) {
      const { accepted, surplus, rejected } = report.labels[name]!;
      const refused = Object.values(rejected).reduce((sum, n) => sum + n, 0);
      expect(accepted + surplus + refused).toBe(2 * groups);
    }
  });
});

test("an instance says where it comes from", async () => {
  const tones = ["dry", "lively"];
  const { instances } = await outcome(
    teacher,
    task({
      method: intra(),
      count: 16,
      seeds: seeds.map((seed) => ({ ...seed, tone: "dry", context: "A dictionary." })),
      prompt: { instruction: "{context} {tone} definition of {label}", shots: 2 },
      attributes: { tone: tones },
      contexts: [
        { id: "all", text: "In the garden." },
        { id: "beasts", text: "In the zoo.", label: "animal" },
      ],
    }),
  );
  const labelOf = new Map(seeds.map(({ id, label }) => [id, label]));
  expect(new Set(instances.map(({ id }) => id)).size).toBe(16);
  for (const { id, group, repeat, label, text, examples, attributes, context, tokens, ending, seed } of instances) {
    expect(id).toBe(`${group}.${2 * names.indexOf(label) + repeat}`);
    expect(text).toBe(text.trim());
    expect(text).not.toBe("");
    expect(new Set(examples).size).toBe(2);
    expect(examples.map((example) => labelOf.get(example))).toEqual([label, label]);
    expect(tones).toContain(attributes?.tone);
    expect(label === "animal" ? ["all", "beasts"] : ["all"]).toContain(context);
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThanOrEqual(24);
    expect(["eos", "length"]).toContain(ending);
    expect(seed).toBe(7);
  }
  // the rows of a label in a group share no example
  for (const first of instances.filter(({ repeat }) => repeat === 0)) {
    const second = instances.find(
      ({ group, label, repeat }) => group === first.group && label === first.label && repeat,
    );
    expect(second?.examples.filter((id) => first.examples.includes(id))).toEqual([]);
  }
});

test("without attributes, contexts and logprobs an instance has none of these fields", async () => {
  const { instances } = await outcome(teacher, task({ prompt: { shots: 0 } }));
  for (const instance of instances) {
    expect(Object.keys(instance).sort()).toEqual(
      ["ending", "examples", "group", "id", "label", "repeat", "seed", "text", "tokens"].sort(),
    );
    expect(instance.examples).toEqual([]);
  }
});

test("rows of a group that share a context have it as text", async () => {
  const texts = new Map([
    ["1", "In the garden."],
    ["2", "In the zoo."],
  ]);
  const { instances } = await outcome(
    teacher,
    task({
      method: cross(),
      count: 16,
      seeds: undefined,
      prompt: { instruction: "{context} Definition of {label}", shots: 0 },
      contexts: { from: [...texts].map(([id, text]) => ({ id, text })), once: true, perGroup: true },
    }),
  );
  for (const { context, contextText } of instances) expect(contextText).toBe(texts.get(context!));
  for (const { group, context } of instances) {
    expect(instances.filter((other) => other.group === group).every((other) => other.context === context)).toBe(true);
  }
  expect(new Set(instances.map(({ contextText }) => contextText)).size).toBe(2);
});

describe("iteration", () => {
  test("happens once", async () => {
    const run = synthesize(teacher, task());
    let first = 0;
    for await (const _ of run) first++;
    for await (const instance of run) throw new Error(`${instance.id} came again`);
    expect(first).toBe(16);
  });

  test("two loops over one run share its instances", async () => {
    const run = synthesize(teacher, task());
    const ids: string[] = [];
    const loop = async () => {
      for await (const { id } of run) ids.push(id);
    };
    await Promise.all([loop(), loop()]);
    expect(new Set(ids).size).toBe(16);
    expect(ids.length).toBe(16);
  });

  test("that is left early settles `finished` with the report so far, at once and after a long pause", async () => {
    for (const pause of [0, 300]) {
      const run = synthesize(teacher, task({ count: 4000 }));
      for await (const _ of run) {
        await sleep(pause);
        break;
      }
      const report = await run.finished;
      expect(report.quotaMet).toBe(false);
      expect(report.groups).toBeGreaterThan(0);
      expect(report.labels.animal?.wanted).toBe(1000);
    }
  });

  test("whose body throws ends with what it threw and settles `finished`", async () => {
    const run = synthesize(teacher, task({ count: 4000 }));
    const loop = async () => {
      for await (const { id } of run) throw new Error(`no room for ${id}`);
    };
    await expect(loop()).rejects.toThrow("no room for 0.0");
    expect((await run.finished).quotaMet).toBe(false);
  });

  test("that waits makes the engine wait: the groups made ahead stay few", async () => {
    const run = synthesize(
      teacher,
      task({ count: 40_000, engine: { groups: 2 }, sampling: { maxTokens: 4, seed: 7 } }),
    );
    let taken = 0;
    for await (const _ of run) {
      taken++;
      if (taken === 10) {
        await sleep(800); // without a limit the engine would make more than a hundred groups meanwhile
        break;
      }
    }
    const { groups } = await run.finished;
    // those taken, up to three in the buffer, two in flight
    expect(groups).toBeLessThanOrEqual(Math.ceil(taken / 4) + 3 + 2);
  });
});

test("too few groups: yields what there is, then QuotaError with the counts", async () => {
  const run = synthesize(teacher, task({ count: 16, limits: { maxGroups: 2 } }));
  const instances: Instance[] = [];
  const loop = async () => {
    for await (const instance of run) instances.push(instance);
  };
  await expect(loop()).rejects.toThrow(QuotaError);
  await expect(run.finished).rejects.toMatchObject({
    code: "CORRSYNTH_QUOTA_NOT_MET",
    message: expect.stringMatching(/within 2 groups, received animal 2 of 4; .*: raise "limits.maxGroups"/),
  });
  expect(perLabel(instances)).toEqual([2, 2, 2, 2]);
});
