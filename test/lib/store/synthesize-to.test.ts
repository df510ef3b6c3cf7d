// One call from a task to a run directory: what it writes, goes on with, and refuses.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  cross,
  InvalidConfigError,
  loadTeacher,
  type OpenedRun,
  type Progress,
  QuotaError,
  type SynthesisSpec,
  synthesizeTo,
  type Teacher,
} from "../../../lib/index.js";
import { mergeRuns, runStatus } from "../../../lib/io.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { runScript } from "../helpers/child.js";
import { type Overrides, outcome, seeds, task } from "../helpers/demo.js";
import { manifestOf } from "./runs.js";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

let teacher: Teacher;
let parent: string;
let path: string;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-to-"));
  path = join(parent, "new", "run");
});
afterEach(() => rm(parent, { recursive: true }));

const dataOf = (run: string) => readFile(join(run, "data.jsonl"), "utf8");

/** Four rows a group, whatever rows a batch has. */
const repeatable = (overrides: Overrides = {}) =>
  task({ method: cross(), ...overrides, engine: { reproducible: true, ...overrides.engine } });

async function writeSeeds(): Promise<string> {
  const file = join(parent, "seeds.jsonl");
  await writeFile(file, seeds.map((seed) => `${JSON.stringify(seed)}\n`).join(""));
  return file;
}

/** A teacher that counts how often it is loaded and closed. */
function loading() {
  const counts = { loaded: 0, closed: 0 };
  const load = async () => {
    counts.loaded++;
    return new Proxy(teacher, {
      get(target, name) {
        if (name === "close") return async () => void counts.closed++;
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  return { counts, load };
}

async function refusal(promise: Promise<unknown>): Promise<InvalidConfigError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  expect(error, String(error)).toBeInstanceOf(InvalidConfigError);
  return error as InvalidConfigError;
}

describe("what it writes", () => {
  it("is the rows of synthesize, and a manifest with all that it takes to make them again", async () => {
    const file = await writeSeeds();
    const spec = repeatable({ seeds: file });
    const { directory, report } = await synthesizeTo(path, teacher, spec);
    const { instances } = await outcome(teacher, spec);
    expect(directory).toBe(path);
    expect(await dataOf(path)).toBe(instances.map((instance) => `${JSON.stringify(instance)}\n`).join(""));
    expect((await readdir(path)).sort()).toEqual(["data.jsonl", "journal.jsonl", "manifest.json"]);
    expect(report).toMatchObject({ quotaMet: true, groups: 4 });
    expect(await manifestOf(path)).toMatchObject({
      state: "done",
      instances: 16,
      task: { count: 16, seeds: file },
      settings: { count: [4, 4, 4, 4], sampling: { topP: 0.9, maxTokens: 24 } },
      seed: 7,
      inputs: {
        seeds: createHash("sha256")
          .update(await readFile(file))
          .digest("hex"),
      },
      teacher: { path: teacher.info.path, sha256: await teacher.sha256() },
      versions: { corrsynth: expect.stringMatching(/^\d/), llamaCpp: expect.stringMatching(/^[0-9a-f]{40}$/) },
      device: { platform: process.platform, arch: process.arch },
      report: { groups: 4 },
    });
  });

  it("is what `corrsynth run` writes, byte for byte", async () => {
    const spec = repeatable({ seeds: await writeSeeds() });
    const file = join(parent, "task.json");
    await writeFile(file, JSON.stringify({ teacher: "demo", ...spec }));
    const out = join(parent, "by-program");
    await promisify(execFile)(process.execPath, [main, "run", file, "--out", out, "--progress", "none"]);
    await synthesizeTo(path, teacher, spec, { written: { teacher: "demo", ...spec } });
    expect(await dataOf(path)).toBe(await dataOf(out));
    const [ours, theirs] = [await manifestOf(path), await manifestOf(out)];
    for (const field of ["task", "settings", "seed", "inputs", "teacher", "versions", "device"] as const) {
      expect(ours[field]).toEqual(theirs[field]);
    }
  });

  it("says how far it is as it goes", async () => {
    const seen: Progress[] = [];
    await synthesizeTo(path, teacher, task(), { onProgress: (progress) => void seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ accepted: 16, wanted: 16 });
  });

  it("is the report and the rows of a run whose groups did not suffice, and more with more groups", async () => {
    const short = task({ limits: { maxGroups: 2 } });
    const error = await synthesizeTo(path, teacher, short).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QuotaError);
    const { report } = error as QuotaError;
    expect(report).toMatchObject({ quotaMet: false, groups: 2 });
    expect(await manifestOf(path)).toMatchObject({ state: "incomplete", instances: 8, report: { quotaMet: false } });
    expect((await synthesizeTo(path, teacher, task({ limits: { maxGroups: 9 } }))).report?.quotaMet).toBe(true);
    expect(await manifestOf(path)).toMatchObject({ state: "done", instances: 16 });
  });
});

describe("started again", () => {
  it("after a kill, at any group, comes to the bytes of a run that was never disturbed", async () => {
    const spec = repeatable({ count: 40 });
    const file = join(parent, "task.json");
    await writeFile(file, JSON.stringify(spec));
    await synthesizeTo(path, teacher, spec);
    const killed = join(parent, "killed");
    for (const groups of [1, 4]) {
      const { signal, stderr } = await runScript("synthesize-to.mjs", [killed, file, String(groups)]);
      expect(signal, stderr).toBe("SIGKILL");
      expect(await runStatus(killed)).toMatchObject({ state: "interrupted", heldBy: null });
    }
    await synthesizeTo(killed, teacher, spec);
    expect(await dataOf(killed)).toBe(await dataOf(path));
    expect((await manifestOf(killed)).resumed?.length).toBe(2);
  });

  it("when it is done makes nothing, gives the stored report, and says so", async () => {
    const first = await synthesizeTo(path, teacher, task());
    const before = await manifestOf(path);
    const opened: OpenedRun[] = [];
    const onProgress = () => expect.unreachable("nothing is made");
    const again = await synthesizeTo(path, teacher, task(), { onProgress, onOpen: (run) => void opened.push(run) });
    expect(again).toEqual(first);
    expect(opened).toEqual([{ path, isDone: true, rows: 16, goesOnWith: undefined, notice: undefined }]);
    expect(await manifestOf(path)).toEqual(before);
  });

  it("when it was stopped by its signal goes on, and says with which group", async () => {
    const spec = repeatable({ count: 40 });
    const stop = new AbortController();
    const reason = new Error("enough");
    const onProgress = ({ groups }: Progress) => void (groups >= 2 && stop.abort(reason));
    await expect(synthesizeTo(path, teacher, spec, { signal: stop.signal, onProgress })).rejects.toBe(reason);
    const { state, instances = 0 } = await manifestOf(path);
    expect(state).toBe("stopped");
    expect(instances).toBeGreaterThan(0);
    const opened: OpenedRun[] = [];
    await synthesizeTo(path, teacher, spec, { onOpen: (run) => void opened.push(run) });
    expect(opened).toMatchObject([{ isDone: false, rows: instances, goesOnWith: instances / 4 }]);
    await synthesizeTo(join(parent, "whole"), teacher, spec);
    expect(await dataOf(path)).toBe(await dataOf(join(parent, "whole")));
  });

  it("as fresh moves what is there aside and begins anew", async () => {
    await synthesizeTo(path, teacher, task());
    const old = await dataOf(path);
    await synthesizeTo(path, teacher, task({ sampling: { seed: 8 } }), { fresh: true });
    const [archived] = (await readdir(path)).filter((name) => name.startsWith("old-"));
    expect(await dataOf(join(path, archived!))).toBe(old);
    expect(await dataOf(path)).not.toBe(old);
    expect(await manifestOf(path)).toMatchObject({ state: "done", seed: 8 });
  });
});

describe("a shard", () => {
  it("makes its groups, and joined with the others the dataset of one run, byte for byte", async () => {
    const spec = repeatable({ count: 24 });
    await synthesizeTo(path, teacher, spec);
    const parts = [0, 1].map((index) => join(parent, `part-${index}`));
    for (const [index, part] of parts.entries()) {
      await synthesizeTo(part, teacher, spec, { shard: { index, count: 2 } });
      expect((await manifestOf(part)).shard).toEqual({ index, count: 2 });
    }
    await mergeRuns(parts, join(parent, "joined"));
    expect(await dataOf(join(parent, "joined"))).toBe(await dataOf(path));
  });

  it("that is done goes on when more groups are asked of it, and not when there are enough", async () => {
    const spec = repeatable();
    const groupsOf = async (groups: number | undefined) => {
      await synthesizeTo(path, teacher, spec, { shard: { index: 1, count: 2, groups } });
      return (await runStatus(path)).groups;
    };
    //         groups of the whole dataset asked for, and those of this half: 1, 3, 5, …
    const table: [asked: number | undefined, made: number][] = [
      [2, 1],
      [2, 1],
      [6, 3],
      [4, 3],
      [undefined, 3],
    ];
    for (const [asked, made] of table) expect(await groupsOf(asked)).toBe(made);
  });
});

describe("while it prepares", () => {
  it("is there for status, running and without a row, before the first seed is read", async () => {
    const seen: unknown[] = [];
    async function* watched() {
      seen.push(await runStatus(path));
      yield* seeds;
    }
    await synthesizeTo(path, teacher, task({ seeds: watched() }));
    expect(seen[0]).toMatchObject({ state: "running", rows: 0, wanted: 16, groups: 0, heldBy: { pid: process.pid } });
  });

  it("and is refused or stopped leaves nothing behind, and what was there as it was", async () => {
    const stop = new AbortController();
    async function* stopping() {
      stop.abort(new Error("stopped early"));
      yield* seeds;
    }
    const cases: [spec: SynthesisSpec, message: RegExp][] = [
      [task({ seeds: [{ text: "t", label: "plnat" }] }), /seeds\[0\]: Unknown label/],
      [task({ seeds: join(parent, "none.jsonl") }), /seeds: Expected a readable file \(ENOENT/],
      [task({ prompt: { instruction: "word ".repeat(3000) } }), /Expected the prompt of label/],
      [task({ method: cross({ repeat: 1000 }) }), /rows/],
      [task({ seeds: stopping() }), /stopped early/],
    ];
    for (const [spec, message] of cases) {
      await expect(synthesizeTo(path, teacher, spec, { signal: stop.signal })).rejects.toThrow(message);
      expect(await readdir(parent)).toEqual([]);
    }
    await synthesizeTo(path, teacher, task());
    const before = [await dataOf(path), await readFile(join(path, "manifest.json"), "utf8")];
    for (const [spec] of cases.slice(0, 4)) {
      await expect(synthesizeTo(path, teacher, spec, { fresh: true })).rejects.toThrow();
      expect([await dataOf(path), await readFile(join(path, "manifest.json"), "utf8")]).toEqual(before);
      expect((await readdir(path)).length).toBe(3);
    }
  });
});

describe("the teacher", () => {
  it("is loaded when the directory is held, and closed at the end, also of a run that is done or fails", async () => {
    const { counts, load } = loading();
    const spec = task({ count: 4 });
    await synthesizeTo(path, load, spec, { onOpen: () => expect(counts).toEqual({ loaded: 1, closed: 0 }) });
    expect(counts).toEqual({ loaded: 1, closed: 1 });
    await synthesizeTo(path, load, spec);
    await refusal(synthesizeTo(path, load, task({ count: 8 })));
    expect(counts).toEqual({ loaded: 3, closed: 3 });
  });

  it("is not loaded for a task or a directory that is refused", async () => {
    const { counts, load } = loading();
    const others = join(parent, "others");
    await mkdir(others);
    await writeFile(join(others, "notes.txt"), "");
    const held = await RunDirectory.open(join(parent, "held"));
    const { issues } = await refusal(synthesizeTo(path, load, { ...task({ count: 0 }), labels: [] } as SynthesisSpec));
    expect(issues.map((issue) => issue.path)).toEqual(expect.arrayContaining(["labels", "count"]));
    expect((await refusal(synthesizeTo(others, load, task()))).message).toMatch(/Expected an empty or a new directory/);
    expect((await refusal(synthesizeTo(held.path, load, task()))).message).toContain(`Process ${process.pid} of `);
    await held.release();
    expect(counts.loaded).toBe(0);
    expect((await readdir(parent)).sort()).toEqual(["others"]);
  });

  it("that cannot be loaded leaves nothing behind", async () => {
    const error = new Error("no such model");
    await expect(synthesizeTo(path, () => Promise.reject(error), task())).rejects.toBe(error);
    expect(await readdir(parent)).toEqual([]);
  });
});

it("another task, shard or model is refused with each difference, and nothing is touched", async () => {
  await synthesizeTo(path, teacher, task());
  const before = [await dataOf(path), await manifestOf(path)];
  const other = task({ sampling: { topP: 0.5 } });
  expect((await refusal(synthesizeTo(path, teacher, other))).issues[0]).toEqual({
    path: "sampling.topP",
    message: "Expected 0.9, received 0.5",
  });
  const asShard = synthesizeTo(path, teacher, task(), { shard: { index: 0, count: 2 } });
  expect((await refusal(asShard)).issues[0]!.path).toBe("shard");
  const wrong = synthesizeTo(join(parent, "shard"), teacher, task(), { shard: { index: 2, count: 2 } });
  expect((await refusal(wrong)).message).toMatch(/shard\.index: Expected an integer of 0\.\.1, received 2/);
  expect([await dataOf(path), await manifestOf(path)]).toEqual(before);
  expect(await readdir(parent)).toEqual(["new"]);
});

it("a merged directory is done, and has no report", async () => {
  const spec = task({ count: 4 });
  await synthesizeTo(join(parent, "part"), teacher, spec);
  await mergeRuns([join(parent, "part")], path);
  expect(await synthesizeTo(path, teacher, spec)).toEqual({ directory: path, report: null });
});
