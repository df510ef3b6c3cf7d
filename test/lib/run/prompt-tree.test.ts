// promptReuse "auto": groups share how their prompts begin, which is decoded once, and rows are as if each had read it all.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  cfg,
  contrastive,
  hybrid,
  loadTeacher,
  plan,
  type SynthesisSpec,
  synthesizeShard,
  type Teacher,
} from "../../../lib/index.js";
import { checkpointAfter, demoModel, type Outcome, type Overrides, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

// Groups of the first four labels, one row each, three shots.
const tree = ({ engine, prompt, ...rest }: Overrides & { count: number }) =>
  task({
    ...rest,
    prompt: { shots: 3, ...prompt },
    sampling: { maxTokens: 6, stop: [], logprobs: true },
    engine: { groups: 1, promptReuse: "auto", ...engine },
  });
const long = "Here is one more short and simple definition of {label} as it could stand in a dictionary";
const setsOf = ({ instances }: Outcome, label: string) =>
  instances.filter((row) => row.label === label).map(({ examples }) => [...examples].sort().join());
const bits = (made: Outcome) =>
  made.instances.map(({ id, text, logprob, examples }) => ({ id, text, logprob, examples }));

test("no two groups have the same examples of a label, and neighbours have the first two in common", async () => {
  const made = await outcome(teacher, tree({ count: 32 * 4 }));
  for (const label of ["animal", "plant", "food", "person"]) {
    expect(new Set(setsOf(made, label)).size).toBe(32);
    const rows = made.instances.filter((row) => row.label === label).map(({ examples }) => examples);
    const same = [0, 1, 2].map((place) => rows.filter((row, i) => i > 0 && row[place] === rows[i - 1]![place]).length);
    expect(same).toEqual([30, 24, 0]); // of 31 neighbours: the first changes once, the second seven times
  }
});

describe("prompt tokens that are decoded", () => {
  const cases: [name: string, spec: () => SynthesisSpec, share: number][] = [
    ["less than half of them", () => tree({ count: 64 }), 0.5],
    ["fewer still with more shots", () => tree({ count: 64, prompt: { shots: 5 } }), 0.35],
    ["two groups in flight", () => tree({ count: 64, engine: { groups: 2 } }), 0.5],
    ["rows of a label in pairs", () => tree({ count: 128, method: hybrid() }), 0.5],
    ["partners of CFG", () => tree({ count: 64, method: cfg({ kind: "cross" }) }), 0.2],
  ];
  test.each(cases)("%s", async (_, spec, share) => {
    const planned = await plan(teacher, spec());
    const { report } = await outcome(teacher, spec());
    expect(report.prefilledTokens).toBeLessThan(share * report.promptTokens);
    expect(report.prefilledTokens).toBeGreaterThan(0.05 * report.promptTokens);
    expect(planned.promptTokensToRead).toBe(report.prefilledTokens); // 16 groups: all of them are measured
    expect(planned.promptTokens).toBe(report.promptTokens);
  });

  test("how all prompts of a label begin is decoded once", async () => {
    const [one, five] = [4, 20].map((count) => tree({ count, prompt: { shots: 1, instruction: long } }));
    const [first, all] = [await outcome(teacher, one!), await outcome(teacher, five!)];
    const perGroup = first.report.promptTokens;
    const further = (all.report.prefilledTokens - first.report.prefilledTokens) / 4;
    expect(further).toBeLessThan(0.72 * perGroup); // two blocks, of which the first instruction is shared
    expect(first.report.prefilledTokens).toBeGreaterThan(0.8 * perGroup);
  });
});

describe("rows are the same, bit for bit", () => {
  const spec = (changes: Partial<SynthesisSpec["engine"]> = {}) =>
    tree({ count: 48, method: hybrid(), engine: { reproducible: true, ...changes } });

  test("in a run that goes on in the middle of the tree", async () => {
    const groups: Parameters<typeof checkpointAfter>[0][number][] = [];
    const whole = await outcome(teacher, spec(), { onGroup: (group) => void groups.push(group) });
    const resume = { ...checkpointAfter(groups.slice(0, 3)) };
    const rest = await outcome(teacher, spec(), { resume });
    expect(bits(rest)).toEqual(bits(whole).slice(24));
  });

  test("in shards and in one run", async () => {
    const whole = await outcome(teacher, spec());
    const shards: Outcome[] = [];
    for (const index of [0, 1]) {
      const run = synthesizeShard(teacher, spec(), { index, count: 2, groups: 6 });
      const instances = [];
      for await (const instance of run) instances.push(instance);
      shards.push({ instances, report: await run.finished });
    }
    const all = shards.flatMap(bits).sort((a, b) => a.id.localeCompare(b.id));
    expect(all).toEqual(bits(whole).sort((a, b) => a.id.localeCompare(b.id)));
  });

  test("where the context has no room to keep prompts", async () => {
    const kept = await outcome(teacher, tree({ count: 16 }));
    const full = await outcome(teacher, tree({ count: 16, engine: { groups: 64 } }));
    expect(full.report.warnings.join()).toContain('lower "engine.groups"');
    expect(full.report.prefilledTokens).toBeGreaterThan(kept.report.prefilledTokens);
    expect(full.instances.map(({ examples }) => examples)).toEqual(kept.instances.map(({ examples }) => examples));
  });
});

test("a second model reads its own prompts as a tree as well", async () => {
  const made = await outcome(teacher, tree({ count: 32, method: contrastive(), amateur: { model: demoModel } }));
  expect(made.report.prefilledTokens).toBeLessThan(0.55 * made.report.promptTokens);
  expect(made.instances).toHaveLength(32);
});

test("the plan says when examples come again", async () => {
  const { notes } = await plan(teacher, tree({ count: 16 }));
  expect(notes.join("\n")).toMatch(/promptReuse auto: no two of \d+ groups that a label has in a row/);
  expect((await plan(teacher, tree({ count: 16, engine: { promptReuse: 4 } }))).notes.join()).not.toContain(
    "no two of",
  );
});

test("with prompts that draw nothing groups share all of them, as ever", async () => {
  const { report } = await outcome(teacher, tree({ count: 32, prompt: { shots: 0, instruction: long }, seeds: [] }));
  expect(report.prefilledTokens).toBeLessThan(0.2 * report.promptTokens);
});
