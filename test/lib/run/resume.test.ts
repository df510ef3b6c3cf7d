// A run that goes on where another was stopped: what it generates, counts and reports.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Checkpoint, FinishedGroup, Instance, LabelTally, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { cfg, cross, hybrid, loadTeacher, QuotaError, synthesize } from "../../../lib/index.js";
import { addTallies } from "../../../lib/run/ledger.js";
import { labels, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const names = Object.keys(labels);

async function groupsOf(spec: SynthesisSpec, resume?: Checkpoint): Promise<FinishedGroup[]> {
  const groups: FinishedGroup[] = [];
  await outcome(teacher, spec, { onGroup: (group) => void groups.push(group), resume });
  return groups;
}

function checkpointAfter(groups: readonly FinishedGroup[]): Checkpoint {
  const tallies = addTallies(
    groups.map((group) => group.labels),
    names.length,
  );
  return { groups: groups.length, labels: tallies };
}

describe("with engine.reproducible, both parts together are the whole, wherever the run was stopped:", () => {
  const tasks: [name: string, spec: SynthesisSpec][] = [
    ["hybrid", task({ method: hybrid(), engine: { reproducible: true } })],
    [
      "cross, one long row",
      task({ method: cross(), count: { animal: 5, plant: 3, food: 2, person: 0 }, engine: { reproducible: true } }),
    ],
    ["prompts kept for four groups", task({ count: 24, engine: { reproducible: true, promptReuse: 4 } })],
    ["zero shots", task({ method: cross(), prompt: { shots: 0 }, seeds: undefined, engine: { reproducible: true } })],
    ["kept ends", task({ method: hybrid(), sampling: { ends: "kept" }, engine: { reproducible: true } })],
    ["cfg", task({ method: cfg({ kind: "cross" }), count: 8, engine: { reproducible: true } })],
  ];
  test.each(tasks)("%s", async (_, spec) => {
    const whole = await groupsOf(spec);
    expect(whole.length).toBeGreaterThan(1);
    for (const first of [1, 2, 3, whole.length - 1].filter((n) => n < whole.length)) {
      const rest = await groupsOf(spec, checkpointAfter(whole.slice(0, first)));
      expect([...whole.slice(0, first), ...rest]).toEqual(whole);
    }
  });
});

test("without, it yields exactly what is missing, under numbers that are not taken", async () => {
  const spec = task({ method: hybrid(), count: 41, engine: { groups: 3 } });
  const whole = await groupsOf(spec);
  for (const first of [1, 3, whole.length - 1]) {
    const { instances, report } = await outcome(teacher, spec, { resume: checkpointAfter(whole.slice(0, first)) });
    const all = [...whole.slice(0, first).flatMap((group) => group.instances), ...instances];
    expect(all.length).toBe(41);
    expect(new Set(all.map(({ id }) => id)).size).toBe(41);
    expect(Math.min(...instances.map(({ group }) => group))).toBe(first);
    for (const [i, name] of names.entries()) {
      expect(all.filter(({ label }) => label === name).length).toBe(i === 0 ? 11 : 10);
      expect(report.labels[name]).toMatchObject({ wanted: i === 0 ? 11 : 10, accepted: i === 0 ? 11 : 10 });
    }
    expect(report).toMatchObject({ quotaMet: true, resumedAt: first });
  }
});

test("a checkpoint of a whole run leaves nothing to do", async () => {
  const spec = task({ method: hybrid() });
  const groups = await groupsOf(spec);
  const { instances, report } = await outcome(teacher, spec, { resume: checkpointAfter(groups) });
  expect(instances).toEqual([]);
  expect(report).toMatchObject({ quotaMet: true, groups: groups.length, generatedTokens: 0 });
});

test("progress counts the whole run and estimates by this session", async () => {
  const spec = task({ method: cross(), count: 40 });
  const resume = checkpointAfter((await groupsOf(spec)).slice(0, 9));
  const seen: (number | null)[] = [];
  await outcome(teacher, spec, {
    resume,
    onProgress: ({ accepted, secondsLeft }) => {
      expect(accepted).toBeGreaterThanOrEqual(36);
      seen.push(secondsLeft);
    },
  });
  expect(seen.at(-1)).toBe(0);
});

test("groups come in order, each after its instances, with tallies that add up to the report's", async () => {
  // the stop string makes some rows empty
  const spec = task({ count: 20, method: cross(), sampling: { stop: ["a"], maxTokens: 12, seed: 7 } });
  const log: (string | number)[] = [];
  const groups: FinishedGroup[] = [];
  const run = synthesize(teacher, spec, {
    onGroup: async (group) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      groups.push(group);
      log.push(group.group);
    },
  });
  for await (const { id } of run) log.push(id);
  const report = await run.finished;
  expect(log).toEqual(groups.flatMap(({ group, instances }) => [...instances.map(({ id }) => id), group]));
  expect(groups.map(({ group }) => group)).toEqual(groups.map((_, i) => i));
  const sums = checkpointAfter(groups).labels;
  expect(sums.some(({ rejected }) => (rejected.empty ?? 0) > 0)).toBe(true);
  expect(sums.map((tally, i) => ({ wanted: 5, ...tally, name: names[i] }))).toEqual(
    Object.entries(report.labels).map(([name, counts]) => ({ ...counts, name })),
  );
});

test("a quota that is not met stays so, at once, and more groups mend it", async () => {
  const limited = (maxGroups: number) => task({ count: 24, method: cross(), limits: { maxGroups } });
  const groups: FinishedGroup[] = [];
  const onGroup = (group: FinishedGroup) => void groups.push(group);
  const unmet = await outcome(teacher, limited(4), { onGroup }).catch((error: unknown) => error);
  expect(unmet).toBeInstanceOf(QuotaError);
  expect((unmet as Error).message).toMatch(/animal 4 of 6.*person 4 of 6/);
  const resume = checkpointAfter(groups);
  const again = await outcome(teacher, limited(4), { resume }).catch((error: unknown) => error);
  expect(again).toMatchObject({ code: "CORRSYNTH_QUOTA_NOT_MET", report: { groups: 4, generatedTokens: 0 } });
  const { instances } = await outcome(teacher, limited(9), { resume });
  expect(instances.length).toBe(8);
});

test("a stopped run hands over every group that had finished, whole and in order", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const groups: FinishedGroup[] = [];
  const taken: Instance[] = [];
  const spec = task({ count: 4000, method: hybrid() });
  let finished = 0;
  const run = synthesize(teacher, spec, {
    signal: controller.signal,
    onProgress: ({ groups }) => (finished = groups),
    onGroup: (group) => void groups.push(group),
  });
  const loop = async () => {
    for await (const instance of run) {
      taken.push(instance);
      if (taken.length < 3) continue;
      while (finished < 2) await new Promise((resolve) => setTimeout(resolve, 5)); // lets the engine get ahead
      controller.abort(reason);
    }
  };
  await expect(loop()).rejects.toBe(reason);
  const written = groups.flatMap(({ instances }) => instances);
  expect(written.slice(0, 3)).toEqual(taken);
  expect(groups.length).toBeGreaterThan(1);
  expect(groups.map(({ group }) => group)).toEqual(groups.map((_, i) => i));
  const same: Instance[] = [];
  for await (const instance of synthesize(teacher, spec)) if (same.push(instance) === written.length) break;
  expect(written).toEqual(same);
});

test("onGroup that throws stops the run with what it threw, and is not called again", async () => {
  const bad = new Error("the disk is full");
  let calls = 0;
  const run = synthesize(teacher, task({ count: 4000 }), {
    onGroup: async () => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw bad;
    },
  });
  const loop = async () => {
    for await (const _ of run);
  };
  await expect(loop()).rejects.toBe(bad);
  await expect(run.finished).rejects.toBe(bad);
  expect(calls).toBe(1);
});

test("a checkpoint that cannot be one of the task is refused at once", () => {
  const tally: LabelTally = { accepted: 1, surplus: 0, rejected: {} };
  const table: [resume: Checkpoint, path: string][] = [
    [{ groups: -1, labels: [tally, tally, tally, tally] }, "resume.groups"],
    [{ groups: 0.5, labels: [tally, tally, tally, tally] }, "resume.groups"],
    [{ groups: 1, labels: [tally] }, "resume.labels"],
    [{ groups: 1, labels: [tally, tally, { ...tally, accepted: 5 }, tally] }, "resume.labels[2].accepted"],
    [{ groups: 1, labels: [tally, tally, tally, { ...tally, accepted: -1 }] }, "resume.labels[3].accepted"],
  ];
  for (const [resume, path] of table) {
    expect(() => synthesize(teacher, task(), { resume })).toThrow(`${path}: Expected `);
  }
});
