// Rows that the journal of a run does not vouch for: a person, another program, or a run that was killed wrote them.
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exportRun, mergeRuns, readRun, readTable, runStatus } from "../../../lib/io.js";
import { readSeeds } from "../../../lib/prompt/seeds.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { description, groups } from "./runs.js";

let parent: string;
let run: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-vouched-"));
  run = join(parent, "run");
  const directory = await RunDirectory.open(run);
  await directory.begin(description);
  for (const group of groups([0, 1, 2])) {
    const instances = group.instances.map((row, i) => ({ ...(row as object), label: ["animal", "plant"][i] }));
    await directory.commit({ ...group, instances });
  }
  await directory.close({ state: "done", report: {} });
});
afterEach(() => rm(parent, { recursive: true }));

const labels = [{ name: "animal" }, { name: "plant" }];

async function exported(): Promise<number> {
  const { train } = await exportRun(run, { format: "jsonl", out: () => undefined });
  return train;
}

async function merged(): Promise<number> {
  await mergeRuns([run], join(parent, "merged"));
  return (await readRun(join(parent, "merged"))).rows.length;
}

async function gone(): Promise<number> {
  const directory = await RunDirectory.open(run);
  let rows = 0;
  for await (const _ of directory.checkpoint?.accepted ?? []) rows++;
  await directory.release();
  return rows;
}

//               what reads them, and how many it finds
const readers: [string, () => Promise<number>][] = [
  ["evaluate", async () => (await readRun(run)).rows.length],
  ["gold, --exclude and every other table", async () => (await readTable(run)).rows.length],
  ["seeds", async () => (await readSeeds(run, labels, "seeds")).flat().length],
  ["status", async () => (await runStatus(run)).rows],
  ["export", exported],
  ["merge", merged],
  ["resume", gone],
];

const behind: [string, string][] = [
  ["a row", '{"text":"a row of somebody else","label":"animal"}\n'],
  ["a row without its end", '{"text":"a row of somebo'],
  ["no text at all", "\u0000\u0001\n"],
];

test.each(behind)("%s behind the last group is in no dataset, whoever reads it", async (_, text) => {
  await appendFile(join(run, "data.jsonl"), text);
  for (const [name, count] of readers) expect([name, await count()]).toEqual([name, 6]);
  const bytes = Buffer.byteLength(text);
  const { notes, unfinished } = await readRun(run);
  expect(notes).toEqual([expect.stringContaining(`the last ${bytes} bytes were left out: the journal does not vouch`)]);
  expect(unfinished).toBe(0);
});

test("a run of which no group is finished has no row", async () => {
  await writeFile(join(run, "journal.jsonl"), "");
  await writeFile(
    join(run, "manifest.json"),
    (await readFile(join(run, "manifest.json"), "utf8")).replace('"instances": 6', '"instances": 0'),
  );
  await expect(readRun(run)).rejects.toThrow("Expected at least one row, received none");
});

test.each(["{}", '{"bytes":-1}', '{"bytes":1.5}', '{"bytes":"9"}', "null", "9", "{"])(
  "a journal with the whole line %s is refused by its place",
  async (line) => {
    await writeFile(join(run, "journal.jsonl"), `${line}\n`);
    await expect(readTable(run)).rejects.toThrow(/journal\.jsonl:1: Expected a group's line/);
  },
);
