// More labels than a context has rows for: they take turns, and each gets its number, whoever makes the groups.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  cfg,
  cross,
  type FinishedGroup,
  fewgen,
  hybrid,
  type Instance,
  loadTeacher,
  type Method,
  plan,
  preview,
  synthesizeShard,
  type Teacher,
} from "../../../lib/index.js";
import { Selection } from "../../../lib/run/selection.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { type Overrides, outcome, task, words } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const namesOf = (n: number) => Array.from({ length: n }, (_, k) => `thing ${k}`);

function many(nLabels: number, method: Method, overrides: Overrides = {}) {
  return task({
    labels: namesOf(nLabels),
    seeds: undefined,
    method,
    count: 2 * nLabels,
    ...overrides,
    prompt: { shots: 0 },
    sampling: { maxTokens: 2 },
  });
}

async function groupsOf(spec: ReturnType<typeof many>, options: Parameters<typeof outcome>[2] = {}) {
  const groups: FinishedGroup[] = [];
  const found = await outcome(teacher, spec, { ...options, onGroup: (group) => void groups.push(group) });
  return { ...found, groups };
}

const made = ({ labels }: FinishedGroup) =>
  labels.flatMap(({ accepted, surplus, rejected }, label) =>
    accepted + surplus + Object.keys(rejected).length > 0 ? [label] : [],
  );

describe("every label gets its number exactly", () => {
  const table: [what: string, nLabels: number, method: Method, groups: number][] = [
    ["77 labels, two rows of each: one group", 77, hybrid({ repeat: 2 }), 1],
    ["77 labels, four rows of each", 77, hybrid({ repeat: 4 }), 5],
    ["150 labels, two rows of each", 150, hybrid({ repeat: 2 }), 5],
    ["260 labels, without contrast, one row of each, twice", 260, fewgen(), 10],
    ["CFG of 17 labels: 9 and 8 against all", 17, cfg({ kind: "cross", repeat: 1 }), 4],
    ["CFG by a prompt, 2 · 150 rows", 150, cfg({ kind: "prompt", negative: "A thing:" }), 6],
  ];
  it.each(table)("%s", async (_, nLabels, method, groups) => {
    const { report, instances } = await groupsOf(many(nLabels, method));
    expect(Object.values(report.labels).map(({ accepted }) => accepted)).toEqual(namesOf(nLabels).map(() => 2));
    expect(report.groups).toBe(groups);
    expect(new Set(instances.map(({ id }) => id)).size).toBe(2 * nLabels);
    expect(report.uncontrastedShare).toBeLessThan(method.name === "fewgen" ? 0.01 : 0.5);
  });
});

it("a row's prompt is that of its label, and so are its examples", async () => {
  const seeds = namesOf(150).map((label) => ({ id: `seed of ${label}`, label, text: `of ${label}` }));
  const spec = { ...many(150, hybrid({ repeat: 2 })), seeds, prompt: { instruction: "A {label}", shots: 1 } };
  const { instances } = await outcome(teacher, spec);
  for (const { label, examples } of instances) expect(examples).toEqual([`seed of ${label}`]);
  const { prompts } = await preview(teacher, spec);
  expect(prompts.length).toBe(30); // two rows of a label have the same one
  for (const { label, text } of prompts) expect(text).toContain(`of ${label}\n`);
});

it("counts that differ: labels that are full make room for the others", async () => {
  const count = Object.fromEntries(namesOf(80).map((name, k) => [name, k < 4 ? 4 : 1]));
  const { report, groups } = await groupsOf(many(80, cross({ labelsPerGroup: 20 }), { count, engine: { groups: 1 } }));
  expect(Object.values(report.labels).map(({ accepted }) => accepted)).toEqual(Object.values(count));
  expect(groups.map((group) => made(group).length)).toEqual([20, 20, 20, 20, 4, 4, 4]);
});

describe("rows that are rejected", () => {
  /** Those of the labels 5, 17 and 60 are, in the first nine groups. */
  const lossy = (engine: object = { groups: 1 }) =>
    many(77, cross({ repeat: 4 }), {
      count: 77 * 4,
      engine,
      filters: {
        ...{ unfinished: "keep", duplicates: false, nearDuplicates: false, runOns: false, script: false },
        ...{ repetition: false },
        accept: ({ label, group }) => !["thing 5", "thing 17", "thing 60"].includes(label) || group >= 9 || "test",
      },
    });

  it("are made up for by groups of the labels that lack some and of partners", async () => {
    const { report, groups } = await groupsOf(lossy());
    expect(Object.values(report.labels).map(({ accepted }) => accepted)).toEqual(namesOf(77).map(() => 4));
    const topUps = groups.slice(5).map(made);
    expect(topUps.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4]);
    for (const labels of topUps) for (const lacking of [5, 17, 60]) expect(labels).toContain(lacking);
  });

  it("come out the same after a stop behind any group", async () => {
    const undisturbed = await groupsOf(lossy());
    for (const stop of [3, 6]) {
      const before = undisturbed.groups.slice(0, stop);
      const labels = namesOf(77).map((_, label) => {
        const accepted = before.reduce((sum, group) => sum + group.labels[label]!.accepted, 0);
        return { accepted, surplus: 0, rejected: {} };
      });
      const { groups } = await groupsOf(lossy(), { resume: { groups: stop, labels } });
      expect(groups).toEqual(undisturbed.groups.slice(stop));
    }
  });

  it("do not keep a label from its number where several groups are decoded together", async () => {
    const { report } = await groupsOf(lossy({ groups: 3 }));
    expect(Object.values(report.labels).map(({ accepted }) => accepted)).toEqual(namesOf(77).map(() => 4));
  });
});

it("shards make the groups of one process, and as many as are needed", async () => {
  const spec = many(150, hybrid({ repeat: 2 }), { engine: { reproducible: true } });
  const { instances, report } = await outcome(teacher, spec);
  const groups: FinishedGroup[] = [];
  for (const index of [0, 1, 2]) {
    for await (const _ of synthesizeShard(
      teacher,
      spec,
      { index, count: 3 },
      { onGroup: (group) => void groups.push(group) },
    ));
  }
  expect(groups.length).toBe(report.groups);
  const selection = await Selection.create(resolveSpec(spec));
  const joined: Instance[] = [];
  for (const group of groups.sort((a, b) => a.group - b.group)) joined.push(...(await selection.take(group)).instances);
  expect(joined).toEqual(instances satisfies Instance[]);
  expect(selection.done).toBe(true);
});

it("groups that share prompts have the same labels", async () => {
  const spec = many(150, hybrid({ repeat: 2 }), { count: 4 * 150, engine: { promptReuse: 2, groups: 1 } });
  const { groups, report } = await groupsOf(spec);
  expect(groups.length).toBe(10);
  for (const n of [0, 4, 8]) expect(made(groups[n + 1]!)).toEqual(made(groups[n]!));
  expect(Object.values(report.labels).every(({ accepted }) => accepted === 4)).toBe(true);
  expect(report.prefilledTokens).toBeLessThan(0.6 * report.promptTokens);
});

it("plan counts the rows of a group and the groups", async () => {
  const found = await plan(teacher, many(77, hybrid({ repeat: 4 }), { count: 77 * 4 }));
  expect(found).toMatchObject({ rows: 64, contrastRows: 0, labelsPerGroup: 16, groups: 5 });
  const all = await plan(teacher, many(77, hybrid({ repeat: 2 })));
  expect(all).toMatchObject({ rows: 154, labelsPerGroup: 77, groups: 1 });
  const guided = await plan(teacher, many(17, cfg({ kind: "cross" })));
  expect(guided).toMatchObject({ rows: 9, contrastRows: 9 * 16, labelsPerGroup: 9, groups: 4 });
});

it("the same run twice gives the same rows", async () => {
  const spec = many(40, cross({ labelsPerGroup: 8, labelGroups: "near" }), { count: 40 });
  expect(words(await outcome(teacher, spec))).toEqual(words(await outcome(teacher, spec)));
});
