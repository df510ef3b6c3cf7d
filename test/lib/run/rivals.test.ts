// Runs whose prompts have {hint}, {taboo} or ask for several texts: the same rows for the same task, whatever happens
// meanwhile.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FinishedGroup, Instance, SynthesisSpec, Teacher } from "../../../lib/index.js";
import {
  fewgen,
  InvalidConfigError,
  loadTeacher,
  plan,
  preview,
  synthesizeShard,
  synthesizeTo,
} from "../../../lib/index.js";
import { usesWord } from "../../../lib/text/content-words.js";
import { checkpointAfter, labels, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

/** Rows are rejected, so that groups make up for them; the last ones have fewer rows. */
const tabooed = (change: Partial<SynthesisSpec> = {}) =>
  task({
    prompt: { instruction: "{taboo}Definition of {label}", taboo: { words: 4, text: "Not {words}. " } },
    method: fewgen({ repeat: 2 }),
    count: { animal: 10, plant: 6, food: 8, person: 10 },
    sampling: { maxTokens: 24, seed: 7, stop: ["\n"] },
    filters: { unfinished: "drop" },
    ...change,
  });

async function groupsOf(spec: SynthesisSpec): Promise<FinishedGroup[]> {
  const groups: FinishedGroup[] = [];
  await outcome(teacher, spec, { onGroup: (group) => void groups.push(group) });
  return groups;
}

const tabooOf = ({ attributes }: Instance) => attributes?.taboo ?? "";

test("the words of a group are those of all rows accepted before it, and of no later ones", async () => {
  const groups = await groupsOf(tabooed());
  expect(groups.length).toBeGreaterThan(5);
  const rows: Instance[] = [];
  for (const { instances } of groups) {
    for (const row of instances) {
      const before = rows.filter(({ label }) => label === row.label);
      const words =
        tabooOf(row) === ""
          ? []
          : tabooOf(row)
              .replace(/^Not |\. $/g, "")
              .split(", ");
      expect(words.length).toBeLessThanOrEqual(4);
      for (const word of words) expect(before.filter(({ text }) => usesWord(text, word)).length).toBeGreaterThan(1);
    }
    rows.push(...instances);
  }
  expect(rows.filter((row) => tabooOf(row) !== "").length).toBeGreaterThan(rows.length / 4);
});

test("slow judging, a slow consumer and a busy program change no row", async () => {
  const undisturbed = await outcome(teacher, tabooed());
  const filters = { unfinished: "drop", accept: () => sleep(3, true) } as const;
  const options = { onGroup: () => sleep(10) };
  expect((await outcome(teacher, tabooed({ filters }), options)).instances).toEqual(undisturbed.instances);
  expect((await outcome(teacher, tabooed({ engine: { threads: 1, reproducible: true } }))).instances).toEqual(
    undisturbed.instances,
  );
});

test("a run that goes on is the undisturbed one, wherever it was stopped", async () => {
  const spec = tabooed();
  const whole = await groupsOf(spec);
  for (const first of [1, whole.length - 2]) {
    const before = whole.slice(0, first);
    const groups: FinishedGroup[] = [];
    await outcome(teacher, spec, { resume: checkpointAfter(before), onGroup: (group) => void groups.push(group) });
    expect([...before, ...groups]).toEqual(whole);
  }
  const resume = { groups: 1, labels: whole[0]!.labels };
  const unfiltered = { ...spec, filters: false } as const;
  await expect(outcome(teacher, unfiltered, { resume })).rejects.toThrow(/resume\.accepted.*\{taboo\}/);
});

test("so is one in a directory", async () => {
  const parent = await mkdtemp(join(tmpdir(), "corrsynth-taboo-"));
  const dataOf = async (name: string) => readFile(join(parent, name, "data.jsonl"), "utf8");
  try {
    await synthesizeTo(join(parent, "whole"), teacher, tabooed());
    const stop = new AbortController();
    const stopped = synthesizeTo(join(parent, "parts"), teacher, tabooed(), {
      signal: stop.signal,
      onProgress: ({ groups }) => groups > 2 && stop.abort(),
    });
    await stopped.catch(() => {});
    await synthesizeTo(join(parent, "parts"), teacher, tabooed());
    expect(await dataOf("parts")).toBe(await dataOf("whole"));
  } finally {
    await rm(parent, { recursive: true });
  }
});

test("shards are refused, and so is a check that rows of the run calibrate", async () => {
  expect(() => synthesizeShard(teacher, tabooed(), { index: 0, count: 2 })).toThrow(/prompt: Expected no \{taboo\}/);
  const check = { by: "teacher" } as const;
  const prompt = { instruction: "{taboo}Definition of {label}", answer: ":", shots: 0 };
  const spec: SynthesisSpec = { labels, prompt, check, count: 8, sampling: { maxTokens: 24 } };
  const error = await plan(teacher, spec).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(InvalidConfigError);
  expect((error as Error).message).toMatch(/check: Expected seeds to calibrate it by, since with \{taboo\}/);
});

test("every row has its hint, which its prompt has, and a shard makes the same rows", async () => {
  const spec = task({
    prompt: { instruction: "With {hint}: definition of {label}", shots: 0 },
    count: 8,
    engine: { reproducible: true },
  });
  const { instances } = await outcome(teacher, spec);
  const { prompts } = await preview(teacher, spec, { rows: 1 });
  const hints = instances.map(({ attributes }) => attributes!.hint!);
  expect(prompts.map(({ text }) => /^With (\w+):/.exec(text)?.[1])).toEqual(hints.slice(0, 4));
  expect(new Set(hints).size).toBeGreaterThan(4);
  const own: Instance[] = [];
  for await (const row of synthesizeShard(teacher, spec, { index: 1, count: 2 })) own.push(row);
  expect(own.filter(({ group }) => group === 1)).toEqual(instances.filter(({ group }) => group === 1));
});

test("plan and preview show them", async () => {
  const spec = tabooed({ engine: { threads: 1 } });
  const [planned, previewed] = [await plan(teacher, spec), await preview(teacher, spec)];
  expect(planned).toMatchObject({ groupsInFlight: 1, notes: [expect.stringContaining("{taboo} names up to 4 words")] });
  expect(previewed.notes).toEqual(planned.notes);
  const first = await preview(teacher, spec, { rows: 1 });
  expect(first.prompts.every(({ text }) => !text.includes("Not "))).toBe(true); // nothing was accepted before
  expect(previewed.prompts.some(({ text }) => text.includes("Not "))).toBe(true); // by the groups behind it
});
