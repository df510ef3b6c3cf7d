// The label check in a run: which rows stay, what is counted, and that neither time nor a restart changes it.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Calibration, Checkpoint, FinishedGroup, RunOptions, SynthesisSpec, Teacher } from "../../../lib/index.js";
import {
  checkLabels,
  cross,
  loadTeacher,
  preview,
  synthesize,
  synthesizeShard,
  synthesizeTo,
} from "../../../lib/index.js";
import { mergeRuns } from "../../../lib/io.js";
import { addTallies } from "../../../lib/run/ledger.js";
import { labels, type Overrides, outcome, seeds, task } from "../helpers/demo.js";

let teacher: Teacher;
let parent: string;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
  parent = await mkdtemp(join(tmpdir(), "corrsynth-check-"));
});
afterAll(async () => {
  await teacher.close();
  await rm(parent, { recursive: true });
});

const names = Object.keys(labels);
const method = cross({ delta: 0.5 });
const count = { animal: 6, plant: 3, food: 5, person: 4 };
const check = { by: "teacher" } as const;
// Nothing but the check rejects rows that have text.
const off = {
  reasoning: false,
  clean: false,
  assistant: false,
  runOns: false,
  repetition: false,
  script: false,
} as const;
const alone = { copies: false, nearDuplicates: false, duplicates: false, unfinished: "keep" } as const;
const filters = { ...off, ...alone, keepRejected: true } as const;
const seedsOfEach = (n: number) => names.flatMap((name) => seeds.filter(({ label }) => label === name).slice(0, n));
/** Fewer than calibrate it, beside the one of a prompt. */
const fewSeeds = seedsOfEach(4);

function checked(overrides: Overrides = {}): SynthesisSpec {
  return task({ method, count, check, filters, seeds: seedsOfEach(12), engine: { reproducible: true }, ...overrides });
}

interface Groups {
  readonly groups: FinishedGroup[];
  readonly calibration: Calibration | undefined;
  readonly warnings: readonly string[];
}

async function groupsOf(spec: SynthesisSpec, options: RunOptions = {}): Promise<Groups> {
  const groups: FinishedGroup[] = [];
  let calibration: Calibration | undefined;
  const { report } = await outcome(teacher, spec, {
    ...options,
    onGroup: (group) => void groups.push(group),
    onCalibration: (found) => {
      expect(groups).toEqual([]);
      calibration = found;
    },
  });
  return { groups, calibration, warnings: report.warnings };
}

const tally = (groups: readonly FinishedGroup[]) =>
  addTallies(
    groups.map((group) => group.labels),
    names.length,
  );

test("its rows are those of an unchecked run that checkLabels keeps, group by group until the counts are reached", async () => {
  const spec = checked();
  const { groups, calibration } = await groupsOf(spec);
  expect(calibration).toMatchObject({ from: "seeds" });
  const unchecked = await groupsOf({
    ...spec,
    check: undefined,
    count: { animal: 40, plant: 40, food: 40, person: 40 },
  });
  const left = new Map(Object.entries(count));
  const made = groups.map(({ group }) => unchecked.groups[group]!.instances);
  const verdicts = (await checkLabels(teacher, spec, made.flat()))[Symbol.iterator]();
  for (const [g, { instances, rejected }] of groups.entries()) {
    const judged = made[g]!.map((row) => ({ row, ...verdicts.next().value! }));
    const kept = judged.filter(({ row: { label }, isKept }) => {
      if (!isKept || left.get(label) === 0) return false;
      left.set(label, left.get(label)! - 1);
      return true;
    });
    expect(instances.map(({ id }) => id)).toEqual(kept.map(({ row }) => row.id));
    const refused = rejected!.filter(({ reason }) => reason === "label").map(({ id, takenFor }) => [id, takenFor]);
    expect(refused).toEqual(judged.flatMap(({ row, label, isKept }) => (isKept ? [] : [[row.id, label]])));
  }
  expect([...left.values()]).toEqual([0, 0, 0, 0]);
});

test("counts what rows were taken for, and gives accepted ones their probabilities", async () => {
  const { groups } = await groupsOf(checked({ check: { by: "teacher", probabilities: true } }));
  for (const [label, { accepted, surplus, rejected, takenFor }] of tally(groups).entries()) {
    const judged = Object.values(takenFor!).reduce((a, b) => a + b);
    expect(judged).toBe(accepted + surplus + (rejected.label ?? 0));
    expect(takenFor![names[label]!]).toBe(accepted + surplus); // keep "agree"
  }
  for (const { label, labelProbability, labelProbabilities } of groups.flatMap(({ instances }) => instances)) {
    expect(Object.keys(labelProbabilities!)).toEqual(names);
    expect(labelProbabilities![label]).toBe(labelProbability);
    expect(labelProbability).toBe(Math.max(...Object.values(labelProbabilities!)));
  }
});

describe("calibrated by its first rows", () => {
  test("it holds groups back until it has them, or no more come, and resumed it is the undisturbed run", async () => {
    const spec = checked({ seeds: fewSeeds });
    const whole = await groupsOf(spec);
    expect(whole.calibration).toMatchObject({ from: "rows" });
    expect(whole.calibration!.texts).toBeLessThanOrEqual(16 * names.length);
    expect(whole.groups.length).toBeGreaterThan(3);
    for (const first of [1, whole.groups.length - 1]) {
      const before = whole.groups.slice(0, first);
      const resume: Checkpoint = { groups: first, labels: tally(before), calibration: whole.calibration };
      expect([...before, ...(await groupsOf(spec, { resume })).groups]).toEqual(whole.groups);
    }
    const [first] = whole.groups;
    const resume = { groups: 1, labels: tally([first!]) };
    await expect(groupsOf(spec, { resume })).rejects.toThrow(
      "resume.calibration: Expected what calibrates the label check, as the run's first rows gave it",
    );
  });

  test("with several groups at once it is the same whenever it is asked", async () => {
    const spec = checked({ seeds: fewSeeds, count: 80, engine: { groups: 3 } });
    const [once, again] = [await groupsOf(spec), await groupsOf(spec)];
    expect(once.calibration!.texts).toBe(16 * names.length);
    expect(again).toEqual(once);
  });

  test("a shard is refused", async () => {
    const run = synthesizeShard(teacher, checked({ seeds: fewSeeds }), { index: 0, count: 2 });
    await expect(run[Symbol.asyncIterator]().next()).rejects.toThrow(
      /check: Expected at least 4 seeds of each label beside those in the check's prompts, .* received 3 of "animal"/,
    );
  });
});

test("a run that is killed goes on with what calibrated it, and shards come to the bytes of one process", async () => {
  const whole = join(parent, "whole");
  const spec = checked();
  await synthesizeTo(whole, teacher, spec);
  const data = await readFile(join(whole, "data.jsonl"), "utf8");

  const stopped = join(parent, "stopped");
  const stop = new AbortController();
  const onProgress = ({ groups }: { groups: number }) => groups >= 2 && stop.abort(new Error("enough"));
  const first = synthesizeTo(stopped, teacher, spec, { signal: stop.signal, onProgress: (p) => void onProgress(p) });
  await first.catch(() => undefined);
  const constants = await readFile(join(stopped, "calibration.json"), "utf8");
  await synthesizeTo(stopped, teacher, spec);
  expect(await readFile(join(stopped, "data.jsonl"), "utf8")).toBe(data);
  expect(await readFile(join(stopped, "calibration.json"), "utf8")).toBe(constants);

  const parts = [0, 1].map((index) => join(parent, `part-${index}`));
  for (const [index, path] of parts.entries()) {
    await synthesizeTo(path, teacher, spec, { shard: { index, count: 2, groups: 40 } });
  }
  const merged = await mergeRuns(parts, join(parent, "merged"));
  expect(merged.missing).toBe(undefined);
  expect(await readFile(join(parent, "merged", "data.jsonl"), "utf8")).toBe(data);
  expect(merged.labels.food!.takenFor).toEqual(tally((await groupsOf(spec)).groups)[2]!.takenFor);
});

test("warns of labels whose rows are taken for others, and says for which", async () => {
  // The student learns that animals are plants and plants animals.
  const swap: Record<string, string> = { animal: "plant", plant: "animal" };
  const seedsOfOthers = seeds.map((seed) => ({ ...seed, label: swap[seed.label] ?? seed.label }));
  const spec = checked({
    check: { by: "student" },
    seeds: seedsOfOthers,
    prompt: { shots: 0 },
    count: 40,
    limits: { maxGroups: 20 },
  });
  const error = await groupsOf(spec).catch((thrown: unknown) => thrown as { report: { warnings: string[] } });
  const warnings = "report" in error ? error.report.warnings : error.warnings;
  expect(
    warnings.filter((text) => /^The label check keeps \d+ of \d+ rows of "(animal|plant)"/.test(text)).length,
  ).toBe(2);
  expect(warnings.join("\n")).toMatch(/of "plant" \(\d+ %\), and takes most of the others for "animal"/);
});

test("a preview shows what the check makes of its group", async () => {
  const { instances, rejected } = await preview(teacher, checked(), { rows: 1 });
  expect(instances.length + rejected.length).toBe(names.length);
  for (const { labelProbability } of instances) expect(labelProbability).toBeGreaterThan(0);
  for (const { reason, takenFor } of rejected) expect(reason === "label").toBe(takenFor !== undefined);
});

test("a preview of a check that no seed calibrates is calibrated by the rows of its group", async () => {
  const prompt = { instruction: "Definition of {label}", answer: ":", shots: 0 };
  const { seeds: _, ...bare } = checked({ prompt });
  const { instances, rejected, notes } = await preview(teacher, bare, { rows: 1 });
  expect(instances.length + rejected.length).toBe(names.length);
  expect(notes.join("\n")).toMatch(/The label check is calibrated by \d+ rows of this preview alone/);
});

test("a check that is stopped, or left, ends at once", async () => {
  const stop = new AbortController();
  const run = outcome(teacher, checked({ count: 400 }), {
    signal: stop.signal,
    onCalibration: () => stop.abort(new Error("enough")),
  });
  await expect(run).rejects.toThrow("enough");
  for await (const _ of synthesize(teacher, checked({ count: 400 }))) break;
});
