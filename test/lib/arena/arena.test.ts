// The arena with the demo teacher: what it writes, in which order, that it goes on where it was stopped, and what it refuses.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ArenaPlan, runArena } from "../../../lib/arena/arena.js";
import type { ArmInput } from "../../../lib/arena/arm.js";
import { InvalidConfigError, loadTeacher, type SynthesisSpec, type Teacher } from "../../../lib/index.js";
import { runStatus } from "../../../lib/io.js";
import { seeds, task } from "../helpers/demo.js";

let teacher: Teacher;
let parent: string;
let path: string;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-arena-"));
  path = join(parent, "arena");
});
afterEach(() => rm(parent, { recursive: true }));

const small = task({ engine: { reproducible: true } });
const cross: ArmInput = {
  name: "cross",
  why: "a half",
  fields: { method: { name: "cross", contrast: 0.5, heat: "none" } },
};
const two: ArenaPlan = { arms: [cross], rows: 8, seeds: 2 };
const inOrder = ["fewgen 0", "cross 0", "fewgen 1", "cross 1"];

/** The lines of all runs and seeds files, by their names. */
async function linesBelow(directory: string): Promise<Record<string, string>> {
  const files = (await readdir(directory, { recursive: true })).filter((name) => /(data|seeds.*)\.jsonl$/.test(name));
  const read = files.sort().map(async (name) => [name, await readFile(join(directory, name), "utf8")] as const);
  return Object.fromEntries(await Promise.all(read));
}

async function refusal(spec: SynthesisSpec, plan: ArenaPlan): Promise<string[]> {
  const error = await runArena(path, teacher, spec, plan).catch((thrown: unknown) => thrown);
  expect(error, String(error)).toBeInstanceOf(InvalidConfigError);
  return (error as InvalidConfigError).issues.map((issue) => `${issue.path}: ${issue.message}`);
}

describe("arena", () => {
  it("an arm of which no row passes is compared with nothing, and does not end the others", async () => {
    const none: ArmInput = { name: "none", why: "nothing is so long", fields: { filters: { minWords: 500 } } };
    const short = { ...small, limits: { maxGroups: 12 } };
    for (const _ of ["first", "again"]) {
      const { record } = await runArena(path, teacher, short, { arms: [none, cross], rows: 8, seeds: 1 });
      expect(record.runs.map(({ arm, isWhole }) => [arm, isWhole])).toEqual([
        ["fewgen", true],
        ["none", false],
        ["cross", true],
      ]);
    }
  });

  it("an embedder that is not there is told before anything is made", async () => {
    const missing = runArena(path, teacher, small, { ...two, embedder: join(parent, "none.gguf") });
    await expect(missing).rejects.toThrow(/none\.gguf/);
    expect((await readdir(path)).filter((name) => name === "arms")).toEqual([]);
  });

  it("makes ordinary run directories, all arms of a seed before those of the next, and goes on byte for byte", async () => {
    const whole = join(parent, "whole");
    const order: string[] = [];
    const { record } = await runArena(whole, teacher, small, {
      ...two,
      onRun: ({ arm, seed }) => order.push(`${arm} ${seed}`),
    });
    expect(order).toEqual(inOrder);
    expect(record.runs.map(({ arm, seed }) => `${arm} ${seed}`)).toEqual(inOrder);
    expect(await runStatus(join(whole, "arms/cross/seed-1"))).toMatchObject({ state: "done", rows: 8, wanted: 8 });
    expect((await readdir(whole)).sort()).toEqual([
      "arena.json",
      "arena.md",
      "arms",
      "begun.json",
      "report.html",
      "seeds",
      "task.yaml",
    ]);
    expect(JSON.parse(await readFile(join(whole, "arena.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(record)));

    // stopped in the middle of the third run, after a group of it
    const stop = new AbortController();
    const stopped = runArena(path, teacher, small, {
      ...two,
      signal: stop.signal,
      onProgress: ({ groups }, { number }) => {
        if (number === 3 && groups > 0) stop.abort(new Error("enough"));
      },
    });
    await expect(stopped).rejects.toThrow("enough");
    const before = await linesBelow(path);
    expect(Object.keys(before).filter((name) => name.includes("seed-1") && name.includes("cross"))).toEqual([]);
    const again = await runArena(path, teacher, small, two);
    const strip = (text: unknown) => JSON.parse(JSON.stringify(text)) as object;
    expect(await linesBelow(path)).toEqual(await linesBelow(whole));
    for (const [name, text] of Object.entries(before)) expect((await linesBelow(path))[name]).toContain(text);
    const rowsOf = ({ runs }: typeof record) => runs.map(({ equal }) => equal.rows);
    expect(strip(rowsOf(again.record))).toEqual(strip(rowsOf(record)));
  });

  it("begins no run after its time, and reports what there is", async () => {
    const over = new AbortController();
    const { record, summary } = await runArena(path, teacher, small, {
      ...two,
      deadline: over.signal,
      onRun: ({ number }) => {
        if (number === 4) over.abort(new Error("over"));
      },
    });
    expect(record.state).toBe("stopped");
    expect(record.runs.map(({ arm, seed }) => `${arm} ${seed}`)).toEqual(inOrder.slice(0, 3));
    expect(record.tables.rows.map(({ seeds: n }) => n)).toEqual([2, 1]);
    expect(summary).toContain("A look, not a result: 1 seed to compare");
    const done = await runArena(path, teacher, small, { ...two, hours: 1 });
    expect([done.record.state, done.record.runs.length]).toEqual(["done", 4]);
  });

  it("with tokens, adds rows until each run has cost as many", async () => {
    const { record } = await runArena(path, teacher, task(), { arms: [cross], tokens: 3000, seeds: 1 });
    for (const run of record.runs)
      expect([run.arm, run.tokens >= 3000, run.tokens < 9000]).toEqual([run.arm, true, true]);
    const [a, b] = record.runs;
    expect(a!.equal.rows.rows).toBe(b!.equal.rows.rows);
    expect(record.budgets).toEqual([Math.min(a!.tokens, b!.tokens)]);
  });

  it("tests on gold where it is given, with prompts of all seeds, and tells arms that cannot be run", async () => {
    const gold = seeds.filter((_, i) => i % 4 === 0);
    const base = task({ seeds: seeds.filter((_, i) => i % 4 !== 0) });
    const chat: ArmInput = { name: "chat", fields: { prompt: { format: "chat" } } };
    const { record } = await runArena(path, teacher, base, {
      arms: [chat, cross],
      gold,
      rows: 8,
      seeds: 2,
      embedder: "demo",
    });
    expect(record.test).toEqual({ from: "gold", rows: gold.length, alike: 0 });
    expect(record.failed.map(({ arm }) => arm)).toEqual(["chat"]); // the demo teacher has no template
    expect(record.runs.map(({ arm, seed }) => `${arm} ${seed}`)).toEqual(inOrder);
    expect(record.primary).toEqual({ student: "logistic", trainedOn: "withSeeds" });
    for (const { equal } of record.runs) expect(equal.rows.logistic!.withSeeds).toBeGreaterThan(0);
    const drawn = await readFile(join(path, "seeds/seed-0.jsonl"), "utf8");
    expect(drawn.trim().split("\n")).toHaveLength(60);
  });

  it("draws other prompts for each seed where there are more than it takes, none of them held out", async () => {
    const { record } = await runArena(path, teacher, small, { ...two, arms: [cross], rows: 4, perLabel: 3 });
    const textsOf = async (name: string) =>
      (await readFile(join(path, "seeds", name), "utf8"))
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { text: string }).text);
    const [first, second, all] = [
      await textsOf("seed-0.jsonl"),
      await textsOf("seed-1.jsonl"),
      await textsOf("prompts.jsonl"),
    ];
    expect([first.length, second.length, all.length, record.test]).toEqual([
      12,
      12,
      40,
      { from: "seeds held out", rows: 40, alike: 0 },
    ]);
    expect(first).not.toEqual(second);
    for (const text of [...first, ...second]) expect(all).toContain(text);
  });

  it("refuses seeds that gold has, each by its place", async () => {
    const gold = [{ text: ` ${seeds[3]!.text.toUpperCase()}`, label: "animal" }, ...seeds.slice(70)];
    const issues = await refusal(task({ seeds: seeds.slice(0, 70) }), { ...two, gold });
    expect(issues).toEqual([
      expect.stringMatching(/^seeds\[3\]: Expected no seed that gold has, exactly or nearly/),
      expect.stringContaining("corrsynth seeds --exclude GOLD"),
    ]);
  });

  it("refuses, and leaves nothing behind", async () => {
    const bare = task({ seeds: undefined, prompt: { shots: 0 } });
    const one = [...seeds.filter(({ label }) => label !== "food"), seeds.find(({ label }) => label === "food")!];
    const table: [spec: SynthesisSpec, plan: ArenaPlan, message: RegExp][] = [
      [small, { ...two, rows: 3 }, /^rows: Expected at least a row for each of 4 labels, received 3/],
      [small, { ...two, rows: 1.5 }, /^rows: Expected an integer from 1, received 1.5/],
      [small, { ...two, seeds: 0 }, /^seeds: Expected an integer from 1, received 0/],
      [small, { ...two, tokens: 100 }, /^tokens: Expected either rows or tokens, received both/],
      [small, { ...two, hours: 0 }, /^hours: Expected more than 0, received 0/],
      [bare, two, /^gold: Expected human rows to test on, or a task with seeds/],
      [small, { ...two, gold: [] }, /^gold: Expected human rows, received none/],
      [small, { ...two, gold: [{ text: "x", label: "stone" }] }, /Unknown label "stone"/],
      [task({ seeds: one }), two, /^seeds\.food: Expected at least 2 seeds, one of them to be held out/],
      [small, { ...two, arms: [{ name: "x", fields: { method: { name: "x" } } }] }, /^arms\.x\.fields\.method/],
    ];
    for (const [spec, plan, message] of table) {
      const issues = await refusal(spec, plan);
      expect(
        issues.some((issue) => message.test(issue)),
        issues.join("\n"),
      ).toBe(true);
    }
    expect(await readdir(parent)).toEqual([]);
  });

  it("refuses a directory of something else, and one with other runs", async () => {
    await runArena(path, teacher, small, { ...two, seeds: 1 });
    const other = await refusal({ ...small, sampling: { maxTokens: 12 } }, { ...two, seeds: 1 });
    expect(other.join("\n")).toMatch(/sampling\.maxTokens: Expected 24, received 12/);
    expect(other.join("\n")).toContain(
      `or move ${join(path, "arms", "fewgen", "seed-0")} away: the same command makes that run anew`,
    );
    expect(other.join("\n")).not.toContain("--fresh");
    path = join(parent, "mine");
    await writeFile(join(parent, "note"), "");
    path = parent;
    expect(await refusal(small, two)).toEqual([
      expect.stringMatching(/one of an arena, this one holds 2 files without arena\.json/),
    ]);
  });
});
