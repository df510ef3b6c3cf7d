import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { mergeRuns, type RunDescription } from "../../../lib/io.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { description, groupOf, groups, manifestOf } from "./runs.js";

let parent: string;
let out: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-merge-"));
  out = join(parent, "out");
});
afterEach(() => rm(parent, { recursive: true }));

const settings = description.settings as object;

async function shard(name: string, numbers: readonly number[], changed: Partial<RunDescription> = {}): Promise<string> {
  const path = join(parent, name);
  const directory = await RunDirectory.open(path);
  const count = [numbers.length, numbers.length];
  await directory.begin({ ...description, settings: { ...settings, count }, ...changed });
  for (const group of groups(numbers)) await directory.commit(group);
  await directory.close({ state: "done" });
  return path;
}

async function issuesOf(paths: readonly string[]) {
  const error = await mergeRuns(paths, out).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidConfigError);
  expect(await readdir(parent)).not.toContain("out");
  return (error as InvalidConfigError).issues;
}

it("joins groups in the order of their numbers and adds up the counts", async () => {
  const parts = [await shard("b", [1, 4]), await shard("a", [0, 2, 3, 7]), await shard("c", [5])];
  expect(await mergeRuns(parts, out)).toMatchObject({ rows: 14, groups: 7, labels: { plant: { accepted: 7 } } });
  const whole = await shard("whole", [0, 1, 2, 3, 4, 5, 7]);
  for (const file of ["data.jsonl", "journal.jsonl"]) {
    expect(await readFile(join(out, file), "utf8")).toBe(await readFile(join(whole, file), "utf8"));
  }
  expect(await manifestOf(out)).toMatchObject({
    state: "done",
    instances: 14,
    mergedFrom: parts,
    settings: { count: [7, 7], sampling: { topP: 0.9 } },
  });
});

it("refuses runs that do not belong together, with each difference", async () => {
  const a = await shard("a", [0]);
  const b = await shard("b", [1], {
    settings: { ...settings, count: [1, 1], sampling: { topP: 0.5 } },
    teacher: { path: "t", sha256: "11" },
    inputs: { seeds: "other" },
  });
  expect((await issuesOf([a, b])).map(({ path }) => path)).toEqual(
    ["sampling.topP", "seeds", "teacher"].map((field) => `${b}: ${field}`),
  );
});

it("refuses a group that two runs have, and the same run twice", async () => {
  const a = await shard("a", [0, 1]);
  const b = await shard("b", [1, 2]);
  expect((await issuesOf([a, b]))[0]!.message).toMatch(/group 1 is in .*\/a too: the same rows must not count twice/);
  expect((await issuesOf([a, a]))[0]!.message).toMatch(/group 0 \(and 1 more groups\)/);
});

it("refuses a run that is not complete, is being written, or is none", async () => {
  const a = await shard("a", [0]);
  const short = await shard("short", [1], { settings: { ...settings, count: [3, 1] } });
  expect(await issuesOf([a, short])).toEqual([
    { path: short, message: 'Expected 3 rows of "animal", received 1: finish this run first' },
  ]);
  const open = await RunDirectory.open(a);
  expect((await issuesOf([a]))[0]!.message).toMatch(/a process still writes to this one/);
  await open.release();
  expect((await issuesOf([join(parent, "none")]))[0]!.message).toMatch(/found nothing of this name/);
  expect((await issuesOf([parent]))[0]!.message).toMatch(/without a run's manifest/);
});

it("refuses rows that are not as the journal says, and a directory that holds something", async () => {
  const a = await shard("a", [0]);
  await expect(mergeRuns([a], a)).rejects.toThrow(/already holds a run/);
  const data = await readFile(join(a, "data.jsonl"), "utf8");
  for (const damaged of [data.slice(0, -3), data.replace("{", "x"), data.replace("\n", " ")]) {
    await writeFile(join(a, "data.jsonl"), damaged);
    await expect(mergeRuns([a], out)).rejects.toThrow(/Expected 2 rows of group 0 at byte 0, as the journal says/);
    await rm(out, { recursive: true, force: true });
  }
});

it("counts rows that repeat one of another run, and keeps them", async () => {
  const write = async (name: string, given: readonly [group: number, texts: readonly string[]][]) => {
    const path = join(parent, name);
    const directory = await RunDirectory.open(path);
    await directory.begin({ ...description, settings: { ...settings, count: [given.length, given.length] } });
    for (const [group, texts] of given) await directory.commit(groupOf(group, texts));
    await directory.close({ state: "done" });
    return path;
  };
  // in the order of the merged rows: a b | A a | c b | b d, of which the second run's "A", "a" and "b" repeat the first's
  const one = await write("one", [
    [0, ["a", "b"]],
    [2, ["c", "b"]],
  ]);
  const two = await write("two", [
    [1, ["A\u00a0", "a"]],
    [3, ["b", "d"]],
  ]);
  expect(await mergeRuns([one, two], out)).toMatchObject({ rows: 8, duplicates: 3 });
  expect(await mergeRuns([one], join(parent, "alone"))).toMatchObject({ rows: 4, duplicates: 0 });
});

it("takes groups without a row", async () => {
  const path = join(parent, "a");
  const directory = await RunDirectory.open(path);
  await directory.begin({ ...description, settings: { ...settings, count: [1, 1] } });
  for (const group of [groupOf(0, []), ...groups([1])]) await directory.commit(group);
  await directory.close({ state: "done" });
  expect(await mergeRuns([path], out)).toMatchObject({ rows: 2, groups: 2 });
});
