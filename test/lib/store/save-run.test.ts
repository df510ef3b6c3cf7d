import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import type { Report } from "../../../lib/index.js";
import { RunDirectory, type SaveOptions, saveRun, type WritableGroup } from "../../../lib/io.js";
import { QuotaError } from "../../../lib/run/quota-error.js";
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
