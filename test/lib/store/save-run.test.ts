import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import type { Report } from "../../../lib/index.js";
import { runStatus } from "../../../lib/io.js";
import { QuotaError } from "../../../lib/run/quota-error.js";
import type { WritableGroup } from "../../../lib/store/group-writer.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { type OpenedRun, type SaveOptions, saveRun } from "../../../lib/store/save-run.js";
import { description, groupOf, groups, manifestOf } from "./runs.js";

let parent: string;
let path: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-save-"));
  path = join(parent, "run");
});
afterEach(() => rm(parent, { recursive: true }));

// A run that gives these groups, then throws `error` when there is one.
function runOf(given: readonly WritableGroup[], error?: Error) {
  return ({ onGroup }: SaveOptions) => {
    async function* iterate() {
      for (const group of given) {
        yield* group.instances;
        await onGroup(group);
      }
      if (error) throw error;
    }
    const finished = error ? Promise.reject(error) : Promise.resolve({ groups: given.length });
    return { [Symbol.asyncIterator]: iterate, finished };
  };
}

async function save(start: Parameters<typeof saveRun>[2], options?: Parameters<typeof saveRun>[3]) {
  return await saveRun(await RunDirectory.open(path), description, start, options);
}

/** Every file of a directory, and the names of its folders. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const contents = entries.map(async (entry) => {
    return [entry.name, entry.isFile() ? await readFile(join(folder, entry.name), "latin1") : "a folder"] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

const rows = async () => (await readFile(join(path, "data.jsonl"), "utf8")).trimEnd().split("\n");

it("writes all groups, returns the report and lets go of the directory", async () => {
  const given = groups([0, 1]);
  expect(await save(runOf(given))).toEqual({ groups: 2 });
  expect((await rows()).map((line) => JSON.parse(line) as unknown)).toEqual(given.flatMap((group) => group.instances));
  expect(await manifestOf(path)).toMatchObject({ state: "done", instances: 4, report: { groups: 2 } });
  expect((await readdir(path)).sort()).toEqual(["data.jsonl", "journal.jsonl", "manifest.json"]);
});

it("hands the checkpoint of what is there to the run, and does not start one that is done", async () => {
  const error = new Error("no more");
  await expect(save(runOf(groups([0, 1]), error))).rejects.toBe(error);
  const seen: SaveOptions["resume"][] = [];
  const start = (options: SaveOptions) => {
    seen.push(options.resume);
    return runOf(groups([2]))(options);
  };
  expect(await save(start)).toEqual({ groups: 1 });
  expect(await save(start)).toEqual({ groups: 1 });
  expect(seen).toMatchObject([{ groups: 2, labels: Array(2).fill({ accepted: 2, surplus: 0, rejected: {} }) }]);
  expect((await rows()).length).toBe(6);
});

it("leaves nothing behind when the run is refused before its first group", async () => {
  const refusal = new InvalidConfigError([{ path: "count", message: "Expected more than 0" }]);
  await expect(save(runOf([], refusal))).rejects.toBe(refusal);
  expect(await readdir(parent)).toEqual([]);
});

it("has the manifest there while the run is still preparing, so that status shows it", async () => {
  const seen: unknown[] = [];
  const start = (options: SaveOptions) => {
    const run = runOf(groups([0]))(options);
    async function* prepareFirst() {
      seen.push(await runStatus(path));
      yield* run;
    }
    return { finished: run.finished, [Symbol.asyncIterator]: prepareFirst };
  };
  await save(start);
  expect(seen).toMatchObject([{ state: "running", rows: 0, wanted: 6, groups: 0, heldBy: { pid: process.pid } }]);
});

it("puts everything back when a run is refused before its first group: one that goes on, and one that is fresh", async () => {
  await expect(save(runOf(groups([0, 1]), new Error("no more")))).rejects.toThrow();
  await truncate(join(path, "data.jsonl"), (await readFile(join(path, "data.jsonl"))).length - 3);
  await writeFile(join(path, "report.html"), "r");
  const before = await contentsOf(path);
  const refusal = new InvalidConfigError([{ path: "count", message: "Expected more than 0" }]);
  for (const fresh of [false, true]) {
    const directory = await RunDirectory.open(path, { fresh });
    const start = (options: SaveOptions) => {
      expect(options.resume?.groups).toBe(fresh ? undefined : 1);
      return runOf([], refusal)(options);
    };
    await expect(saveRun(directory, description, start)).rejects.toBe(refusal);
    expect(await contentsOf(path)).toEqual(before);
  }
});

it("goes on with a run that was killed before its first group", async () => {
  const killed = await RunDirectory.open(path);
  await killed.begin(description);
  await killed.release(); // as a killed process leaves it, but for the lock
  expect(await readdir(path)).toEqual(["manifest.json"]);
  expect(await save(runOf(groups([0])))).toEqual({ groups: 1 });
  expect(await manifestOf(path)).toMatchObject({ state: "done", instances: 2, resumed: [{ group: 0 }] });
});

it("tells what the directory holds, once it is found to be one of this run", async () => {
  const found: OpenedRun[] = [];
  const onOpen = (opened: OpenedRun) => void found.push(opened);
  await expect(save(runOf(groups([0, 1]), new Error("no more")), { onOpen })).rejects.toThrow();
  await save(runOf(groups([2])), { onOpen });
  await save(runOf([]), { onOpen });
  await save(runOf(groups([3])), { onOpen, goesOn: true });
  await truncate(join(path, "data.jsonl"), (await readFile(join(path, "data.jsonl"))).length - 3);
  await save(runOf(groups([3])), { onOpen });
  const none = undefined;
  expect(found).toEqual([
    { path, isDone: false, rows: 0, goesOnWith: none, notice: none },
    { path, isDone: false, rows: 4, goesOnWith: 2, notice: none },
    { path, isDone: true, rows: 6, goesOnWith: none, notice: none },
    { path, isDone: false, rows: 6, goesOnWith: 3, notice: none },
    {
      path,
      isDone: false,
      rows: 6,
      goesOnWith: 3,
      notice: expect.stringMatching(/^2 rows that the run had are missing/),
    },
  ]);
  const other = { ...description, seed: 8, settings: { ...(description.settings as object), seed: 8 } };
  await expect(saveRun(await RunDirectory.open(path), other, runOf([]), { onOpen })).rejects.toThrow("seed");
  expect(found).toHaveLength(5);
});

it("keeps what was finished when the run fails or is stopped, and says which in the manifest", async () => {
  const stop = new AbortController();
  stop.abort();
  for (const [state, options] of [
    ["failed", {}],
    ["stopped", { signal: stop.signal }],
  ] as const) {
    path = join(parent, state);
    const error = new Error("no more");
    await expect(save(runOf(groups([0]), error), options)).rejects.toBe(error);
    expect((await rows()).length).toBe(2);
    expect(await manifestOf(path)).toMatchObject({ state, instances: 2, reason: "no more" });
  }
});

it("writes an empty dataset and its report when the run accepts nothing", async () => {
  await save(runOf([groupOf(0, [])]));
  expect(await readFile(join(path, "data.jsonl"), "utf8")).toBe("");
  expect(await manifestOf(path)).toMatchObject({ state: "done", instances: 0 });
});

it("writes the report of a run whose quota is not met, also when it accepted nothing", async () => {
  const report = { quotaMet: false, groups: 3 } as Report;
  const error = new QuotaError("animal 1 of 2", report);
  for (const given of [groups([0]), []]) {
    path = join(parent, `${given.length}`);
    await expect(save(runOf(given, error))).rejects.toBe(error);
    expect(await manifestOf(path)).toMatchObject({
      state: "incomplete",
      instances: 2 * given.length,
      report,
      reason: "animal 1 of 2",
    });
  }
});

it("does not touch a directory that holds another run", async () => {
  await save(runOf(groups([0])));
  const before = await rows();
  const directory = await RunDirectory.open(path);
  const other = { ...description, teacher: { path: "t", sha256: "other" } };
  await expect(saveRun(directory, other, runOf(groups([0])))).rejects.toThrow(/Expected the SHA-256 "00ff"/);
  expect(await rows()).toEqual(before);
  await (await RunDirectory.open(path)).release(); // it was let go of
});
