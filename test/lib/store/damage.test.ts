// A disk that changes what was written: each reader of a run notices, and says which group it is and what to do.
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { exportRun, mergeRuns, readJournal, readRun, runStatus } from "../../../lib/io.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { description, dropChecksums, groupOf, groups, manifestOf } from "./runs.js";

let parent: string;
let path: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-damage-"));
  path = join(parent, "run");
});
afterEach(() => rm(parent, { recursive: true }));

async function write(): Promise<void> {
  const directory = await RunDirectory.open(path);
  await directory.begin(description);
  for (const group of [...groups([0]), groupOf(10, []), ...groups([11, 12])]) {
    const instances = group.instances.map((row, i) => ({ ...(row as object), label: i === 0 ? "animal" : "plant" }));
    await directory.commit({ ...group, instances });
  }
  await directory.close({ state: "done", report: {} });
}

async function flip(name: string, at: number, bit: number): Promise<void> {
  const file = join(path, name);
  const bytes = await readFile(file);
  bytes[at]! ^= 1 << bit;
  await writeFile(file, bytes);
}

async function open() {
  const directory = await RunDirectory.open(path);
  try {
    return directory.checkpoint?.groups;
  } finally {
    await directory.release();
  }
}

const readers: [name: string, read: () => Promise<unknown>][] = [
  ["run", open],
  ["evaluate", () => readRun(path)],
  ["export", () => exportRun(path, { format: "jsonl", out: () => undefined })],
  ["merge", () => mergeRuns([path], join(parent, "joined"))],
];

describe("a flipped bit", () => {
  it("in any byte of the rows is noticed by all that read them, with group and lines", async () => {
    await write();
    const { entries } = await readJournal(join(path, "journal.jsonl"));
    const size = (await readFile(join(path, "data.jsonl"))).length;
    for (let at = 0; at < size; at += 11) {
      await flip("data.jsonl", at, at % 8);
      const index = entries.findIndex(({ bytes }) => at < bytes);
      for (const [name, read] of readers) {
        const error = await read().catch((thrown: unknown) => thrown);
        expect(error, `${name} at ${at}`).toBeInstanceOf(InvalidConfigError);
        expect((error as Error).message).toContain(`group ${entries[index]!.group}`);
        await rm(join(parent, "joined"), { recursive: true, force: true });
      }
      expect((await runStatus(path)).damage).toMatch(
        new RegExp(`group ${entries[index]!.group} .*delete line ${index + 1} of journal\\.jsonl and all after it`),
      );
      await flip("data.jsonl", at, at % 8);
    }
    expect((await runStatus(path)).damage).toBe(null);
    for (const [, read] of readers) await read();
  });

  it("in any byte of the journal is noticed, or is in the last line break", async () => {
    await write();
    const file = join(path, "journal.jsonl");
    const whole = await readFile(file);
    for (let at = 0; at < whole.length; at++) {
      await flip("journal.jsonl", at, at % 7); // the eighth would make bytes that are no UTF-8
      const read = await readJournal(file).catch((error: unknown) => error);
      if (at === whole.length - 1) expect((read as { entries: unknown[] }).entries.length).toBe(3);
      else expect(read, `byte ${at}`).toBeInstanceOf(InvalidConfigError);
      await writeFile(file, whole);
    }
  });

  it("is mended as the message says: the groups from there on are made again", async () => {
    await write();
    const { entries } = await readJournal(join(path, "journal.jsonl"));
    await flip("data.jsonl", entries[2]!.bytes - 4, 1);
    const lines = (await readFile(join(path, "journal.jsonl"), "utf8")).split("\n");
    await writeFile(join(path, "journal.jsonl"), `${lines.slice(0, 2).join("\n")}\n`);
    expect(await runStatus(path)).toMatchObject({ rows: 2, damage: expect.stringMatching(/^4 rows that the run had/) });
    expect(await open()).toBe(11);
  });
});

it("a journal of a version that wrote no checksums is read and gone on with", async () => {
  await write();
  await dropChecksums(path);
  const entries = (await readJournal(join(path, "journal.jsonl"))).entries;
  expect(entries.map(({ dataCrc32 }) => dataCrc32)).toEqual([undefined, undefined, undefined, undefined]);
  for (const [, read] of readers) await read();
  await flip("data.jsonl", 15, 0);
  expect(await open()).toBe(13);
  await flip("data.jsonl", 15, 0);
  const directory = await RunDirectory.open(path);
  await directory.begin(description);
  await directory.commit(groups([20])[0]!);
  await directory.close({ state: "done" });
  await flip("data.jsonl", 15, 0); // still of a group without one
  expect((await runStatus(path)).damage).toBe(null);
  await flip("data.jsonl", entries.at(-1)!.bytes + 15, 0);
  expect((await runStatus(path)).damage).toContain("group 20");
});

describe("a manifest", () => {
  it.each([
    ["[".repeat(5000) + "]".repeat(5000), /at most 200 deep/],
    ["null", /manifest\.json: Expected an object/],
    ['{"state":"done"}', /manifest\.json: teacher: Expected an object, but it is missing/],
  ])("that is something else, %#, is refused", async (content, message) => {
    await write();
    await writeFile(join(path, "manifest.json"), content);
    for (const [, read] of readers) await expect(read()).rejects.toThrow(message);
    await expect(runStatus(path)).rejects.toThrow(message);
  });

  it.each([
    [{ reason: { toString: 1 } }, "reason: Expected a text"],
    [{ settings: { labels: [{ name: { toString: null } }], count: [1] } }, "settings.labels[0].name: Expected a text"],
    [{ settings: { labels: "ab", count: [1, 1] } }, "settings.labels: Expected a list"],
    [{ settings: { labels: [], count: [1.5] } }, "settings.count[0]: Expected an integer"],
    [{ teacher: { path: 1, sha256: "" } }, "teacher.path: Expected a text"],
    [{ state: "finished" }, 'state: Expected "running" or'],
    [{ instances: -1 }, "instances: Expected at least 0"],
  ])("with a field of another kind, %#, is refused by its name", async (fields, message) => {
    await write();
    await writeFile(join(path, "manifest.json"), JSON.stringify({ ...(await manifestOf(path)), ...fields }));
    for (const [, read] of readers) await expect(read()).rejects.toThrow(message);
    await expect(runStatus(path)).rejects.toThrow(message);
  });
});

it("directories in the place of files are refused in words", async () => {
  for (const name of ["data.jsonl", "journal.jsonl", "manifest.json", "lock.json"]) {
    await write();
    await rm(join(path, name), { force: true });
    await mkdir(join(path, name));
    await appendFile(join(path, name, "x"), "");
    for (const read of [() => runStatus(path), open]) {
      const error = await read().catch((thrown: unknown) => thrown);
      if (error instanceof Error) expect(error, `${name}: ${error.stack}`).toBeInstanceOf(InvalidConfigError);
      else expect((error as { damage?: unknown }).damage, name).not.toBe(null);
    }
    await rm(path, { recursive: true });
  }
});
