// Filters in a run: what is rejected is counted and made up for, and a resumed run rejects what an undisturbed one
// does.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Checkpoint, FilterInput, FinishedGroup, Instance, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { fewgen, loadTeacher, QuotaError, resolveSpec, synthesize } from "../../../lib/index.js";
import { addTallies } from "../../../lib/run/ledger.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { saveRun } from "../../../lib/store/save-run.js";
import { labels, type Overrides, outcome, seeds, task } from "../helpers/demo.js";
import { description } from "../store/runs.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const names = Object.keys(labels);

// So cold that the small teacher repeats itself.
const cold = (filters: FilterInput | false, more: Overrides = {}) =>
  task({
    count: 48,
    prompt: { shots: 0 },
    method: fewgen({ repeat: 2 }),
    limits: { maxGroups: 2000 },
    ...more,
    filters,
    sampling: { temperature: 0.3, maxTokens: 24, stop: ["\n"], seed: 7 },
    engine: { reproducible: true },
  });

async function groupsOf(spec: SynthesisSpec, resume?: Checkpoint): Promise<FinishedGroup[]> {
  const groups: FinishedGroup[] = [];
  await outcome(teacher, spec, { onGroup: (group) => void groups.push(group), resume });
  return groups;
}

function checkpointAfter(groups: readonly FinishedGroup[]): Checkpoint & { labels: FinishedGroup["labels"] } {
  const tallies = addTallies(
    groups.map((group) => group.labels),
    names.length,
  );
  return { groups: groups.length, labels: tallies, accepted: groups.flatMap(({ instances }) => instances) };
}

const countOf = (groups: readonly FinishedGroup[], reason: string) =>
  checkpointAfter(groups).labels.reduce((sum, { rejected }) => sum + (rejected[reason] ?? 0), 0);

test("duplicates are counted and made up for: the count is exact, and no text comes twice", async () => {
  const { instances, report } = await outcome(teacher, cold({}));
  for (const name of names) expect(instances.filter(({ label }) => label === name)).toHaveLength(12);
  expect(new Set(instances.map(({ text }) => text.toLowerCase())).size).toBe(48);
  const rejected = Object.values(report.labels).reduce((sum, label) => sum + (label.rejected.duplicate ?? 0), 0);
  expect(rejected).toBeGreaterThan(5);
  const seedTexts = new Set(seeds.map(({ text }) => text.toLowerCase()));
  expect(instances.filter(({ text }) => seedTexts.has(text.toLowerCase()))).toEqual([]);
});

describe("a run resumed at any group is the undisturbed one", () => {
  const tasks: [name: string, filters: FilterInput, reason: string][] = [
    ["duplicates", { nearDuplicates: false }, "duplicate"],
    ["near duplicates", { nearDuplicates: 0.6 }, "near-duplicate"],
    ["near duplicates alone", { duplicates: false, nearDuplicates: 0.6 }, "near-duplicate"],
  ];
  test.each(tasks)("%s", async (_, filters, reason) => {
    const spec = cold(filters, { count: 24 });
    const whole = await groupsOf(spec);
    expect(countOf(whole, reason)).toBeGreaterThan(3);
    for (let first = 1; first < whole.length; first++) {
      const rest = await groupsOf(spec, checkpointAfter(whole.slice(0, first)));
      expect([...whole.slice(0, first), ...rest], String(first)).toEqual(whole);
    }
  });

  test("without what was accepted it would not be, so that is refused", async () => {
    const spec = cold({}, { count: 24 });
    const whole = await groupsOf(spec);
    const { groups, labels, accepted } = checkpointAfter(whole.slice(0, 3));
    const rows = [...(accepted as Iterable<{ text: string }>)];
    expect(() => synthesize(teacher, spec, { resume: { groups, labels } })).toThrow(
      /^resume\.accepted: Expected the instances accepted so far, since duplicates of them are rejected/,
    );
    await expect(outcome(teacher, spec, { resume: { groups, labels, accepted: rows.slice(1) } })).rejects.toThrow(
      `resume.accepted: Expected the ${rows.length} instances that resume.labels count, received ${rows.length - 1}`,
    );
    const broken = [...rows.slice(1), { test: "a" }] as unknown as { text: string }[];
    await expect(outcome(teacher, spec, { resume: { groups, labels, accepted: broken } })).rejects.toThrow(
      `resume.accepted[${rows.length - 1}]: Expected an instance with a text, received an object`,
    );
    await outcome(teacher, cold(false, { count: 24 }), { resume: { groups, labels } }); // nothing is compared
    const blind = await groupsOf(spec, { groups, labels, accepted: rows.map((_, i) => ({ text: `other ${i}` })) });
    expect([...whole.slice(0, 3), ...blind]).not.toEqual(whole);
  });

  test("from its directory, too", async () => {
    const parent = await mkdtemp(join(tmpdir(), "corrsynth-filters-"));
    try {
      const spec = cold({}, { count: 24, seeds: undefined });
      const described = { ...description, settings: resolveSpec(spec), inputs: {} };
      const save = async (path: string, stopAfter: number) => {
        const stop = new AbortController();
        let groups = 0;
        const directory = await RunDirectory.open(path);
        await saveRun(directory, described, ({ resume, onGroup }) =>
          synthesize(teacher, spec, {
            resume,
            signal: stop.signal,
            onGroup: async (group) => {
              await onGroup(group);
              if (++groups === stopAfter) stop.abort();
            },
          }),
        ).catch(() => undefined); // stopped
      };
      const dataOf = async (path: string) => await readFile(join(path, "data.jsonl"), "utf8");
      const whole = join(parent, "whole");
      await save(whole, Number.POSITIVE_INFINITY);
      const parts = join(parent, "parts");
      for (let session = 0; session < 3; session++) await save(parts, 2);
      await save(parts, Number.POSITIVE_INFINITY);
      expect(await dataOf(parts)).toBe(await dataOf(whole));
      const manifest = JSON.parse(await readFile(join(parts, "manifest.json"), "utf8")) as Record<string, unknown>;
      expect(manifest).toMatchObject({ state: "done", instances: 24, settings: { filters: { nearDuplicates: 0.9 } } });
    } finally {
      await rm(parent, { recursive: true });
    }
  });
});

test("rows of a label that is full are surplus, and block no row that comes later", async () => {
  const offered: string[] = [];
  const accept = ({ text, label }: Instance) => {
    if (label === "animal") offered.push(text);
    return true;
  };
  const spec = cold({ nearDuplicates: false, accept }, { count: { animal: 1, plant: 20, food: 1, person: 1 } });
  const { report } = await outcome(teacher, spec);
  // the last filter sees what the others let pass: a surplus text again and again, since it is in no dataset
  expect(report.labels.animal?.surplus).toBe(offered.length - 1);
  expect(new Set(offered).size).toBeLessThan(offered.length);
  expect(offered.slice(1)).not.toContain(offered[0]);
});

test("an unmet quota names the reason that most rows were rejected for, and what to do", async () => {
  const spec = task({
    filters: { unfinished: "drop" },
    limits: { maxGroups: 2 },
    sampling: { maxTokens: 4, stop: [] },
  });
  const error = await outcome(teacher, spec).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(QuotaError);
  expect((error as QuotaError).message).toMatch(/animal 0 of 4 \(rejected: 2 unfinished\)/);
  expect((error as QuotaError).message).toMatch(
    /raise "limits\.maxGroups", or, since most rows were rejected as unfinished: raise sampling\.maxTokens, end rows with/,
  );
  expect((error as QuotaError).report.labels.animal).toMatchObject({ accepted: 0, rejected: { unfinished: 2 } });
});

test("what accept throws stops the run, and progress counts what is rejected", async () => {
  const bad = new Error("no opinion");
  const throwing = () => {
    throw bad;
  };
  const failed = { code: "CORRSYNTH_FILTER", at: expect.stringMatching(/^row \d+\.\d+$/), cause: bad };
  await expect(outcome(teacher, task({ filters: { accept: throwing } }))).rejects.toMatchObject(failed);
  const counts: number[] = [];
  const { report } = await outcome(teacher, cold({}), { onProgress: ({ rejected }) => void counts.push(rejected) });
  const all = Object.values(report.labels).flatMap(({ rejected }) => Object.values(rejected));
  expect(counts.at(-1)).toBe(all.reduce((a, b) => a + b, 0));
  expect(counts.at(-1)).toBeGreaterThan(0);
});
