import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import type { Report } from "../../../lib/index.js";
import {
  checkRunDirectory,
  type RunDescription,
  RunDirectory,
  type RunManifest,
  saveRun,
} from "../../../lib/io/index.js";
import { QuotaError } from "../../../lib/run/quota-error.js";

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-run-"));
});
afterEach(() => rm(parent, { recursive: true }));

const description: RunDescription = {
  task: { count: 2 },
  settings: { count: 2, sampling: { topP: 0.9 } },
  seed: 7,
  teacher: { path: "teacher.gguf", sha256: "00ff" },
  versions: { corrsynth: "0.0.0" },
  device: "cpu",
  started: "2026-01-01T00:00:00.000Z",
};

async function manifestOf(path: string): Promise<RunManifest> {
  return JSON.parse(await readFile(join(path, "manifest.json"), "utf8")) as RunManifest;
}

// A run that gives these instances, then throws `error` when there is one.
function runOf(instances: { group: number; text: string }[], error?: Error) {
  async function* iterate() {
    yield* instances;
    if (error) throw error;
  }
  const finished = error ? Promise.reject(error) : Promise.resolve({ groups: 1 });
  return { [Symbol.asyncIterator]: iterate, finished };
}

describe("checkRunDirectory", () => {
  it("accepts a new or an empty directory and creates neither", async () => {
    await checkRunDirectory(join(parent, "new", "deep"));
    expect(await readdir(parent)).toEqual([]);
    await checkRunDirectory(parent);
  });

  it("refuses a directory that holds a run, saying that runs cannot be resumed yet", async () => {
    for (const name of ["data.jsonl", "manifest.json"]) {
      const path = join(parent, name.replace(".", "-"));
      await mkdir(path);
      await writeFile(join(path, name), "");
      await expect(checkRunDirectory(path)).rejects.toThrow(/already holds a run.*choose another directory/);
      await expect(checkRunDirectory(path)).rejects.toBeInstanceOf(InvalidConfigError);
    }
  });

  it("refuses a directory with other files, and a file", async () => {
    await writeFile(join(parent, "notes.txt"), "");
    await expect(checkRunDirectory(parent)).rejects.toThrow(/Expected an empty or a new directory/);
    await expect(checkRunDirectory(join(parent, "notes.txt"))).rejects.toThrow(/Expected a directory/);
  });
});

describe("RunDirectory", () => {
  it("has a manifest in state running before the first instance, and the report at the end", async () => {
    const path = join(parent, "deep", "run");
    const run = await RunDirectory.create(path, description);
    expect(await manifestOf(path)).toEqual({ format: 1, state: "running", ...description });
    await run.append({ group: 0 });
    await run.append({ group: 1 });
    expect(await readFile(join(path, "data.jsonl"), "utf8")).toBe('{"group":0}\n{"group":1}\n');
    await run.close({ state: "done", report: { groups: 2 } });
    expect(await manifestOf(path)).toMatchObject({ state: "done", instances: 2, report: { groups: 2 }, seed: 7 });
    expect((await readdir(path)).sort()).toEqual(["data.jsonl", "manifest.json"]);
  });
});

describe("saveRun", () => {
  const describeRun = () => description;

  it("writes all instances and returns the report", async () => {
    const path = join(parent, "run");
    const instances = [
      { group: 0, text: "a" },
      { group: 0, text: "b\u2028" },
      { group: 1, text: "c" },
    ];
    expect(await saveRun(path, runOf(instances), describeRun)).toEqual({ groups: 1 });
    const lines = (await readFile(join(path, "data.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(instances);
    expect(await manifestOf(path)).toMatchObject({ state: "done", instances: 3 });
  });

  it("leaves nothing behind when the run is refused before its first instance", async () => {
    const path = join(parent, "run");
    const refusal = new InvalidConfigError([{ path: "count", message: "Expected more than 0" }]);
    await expect(saveRun(path, runOf([], refusal), describeRun)).rejects.toBe(refusal);
    expect(await readdir(parent)).toEqual([]);
  });

  it("keeps what was written when the run fails or is stopped, and says which in the manifest", async () => {
    const stop = new AbortController();
    stop.abort();
    for (const [state, options] of [
      ["failed", {}],
      ["stopped", { signal: stop.signal }],
    ] as const) {
      const path = join(parent, state);
      const error = new Error("no more");
      await expect(saveRun(path, runOf([{ group: 0, text: "a" }], error), describeRun, options)).rejects.toBe(error);
      expect(await readFile(join(path, "data.jsonl"), "utf8")).toBe('{"group":0,"text":"a"}\n');
      expect(await manifestOf(path)).toMatchObject({ state, instances: 1, reason: "no more" });
    }
  });

  it("writes an empty dataset and its report when the run accepts nothing", async () => {
    const path = join(parent, "run");
    await saveRun(path, runOf([]), describeRun);
    expect(await readFile(join(path, "data.jsonl"), "utf8")).toBe("");
    expect(await manifestOf(path)).toMatchObject({ state: "done", instances: 0 });
  });

  it("writes the report of a run whose quota is not met, also when it accepted nothing", async () => {
    const report = { quotaMet: false, groups: 3 } as Report;
    const error = new QuotaError("animal 1 of 2", report);
    for (const instances of [[{ group: 0, text: "a" }], []]) {
      const path = join(parent, `${instances.length}`);
      await expect(saveRun(path, runOf(instances, error), describeRun)).rejects.toBe(error);
      expect(await manifestOf(path)).toMatchObject({
        state: "incomplete",
        instances: instances.length,
        report,
        reason: "animal 1 of 2",
      });
    }
  });

  it("does not touch a directory that holds a run", async () => {
    await writeFile(join(parent, "data.jsonl"), "mine");
    await expect(saveRun(parent, runOf([{ group: 0, text: "a" }]), describeRun)).rejects.toThrow(/already holds a run/);
    expect(await readdir(parent)).toEqual(["data.jsonl"]);
    expect(await readFile(join(parent, "data.jsonl"), "utf8")).toBe("mine");
  });
});
