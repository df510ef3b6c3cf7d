// A model's file that changes while the model runs: no row of what it is then comes into a dataset.
import { appendFile, copyFile, mkdtemp, open, readFile, rename, rm, truncate, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ModelLoadError } from "../../../lib/errors.js";
import { type DeviceOptions, loadTeacher, type Teacher } from "../../../lib/index.js";
import { readRun, runStatus } from "../../../lib/io.js";
import { synthesizeTo } from "../../../lib/store/synthesize-to.js";
import { demoModel, outcome, task, words } from "../helpers/demo.js";

let directory: string;
let model: string;
let run: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-mapped-"));
  model = join(directory, "model.gguf");
  run = join(directory, "run");
  await copyFile(demoModel, model);
});
afterEach(() => rm(directory, { recursive: true }));

/** Writes one byte as it was or another, in the midst of the weights, without a new file. */
async function overwrite(change: number): Promise<void> {
  const file = await open(model, "r+");
  const at = Math.floor((await file.stat()).size * 0.75);
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte[0]! ^= change;
  await file.write(byte, 0, 1, at);
  await file.close();
  await utimes(model, 1e9, 1e9); // whatever the resolution of the file system's clock
}

const spec = task({ count: 400, engine: { reproducible: true } });

/** Makes rows, and changes the file when the first are safe. */
async function runWhile(change: () => Promise<void>, device: DeviceOptions = {}): Promise<unknown> {
  await using teacher = await loadTeacher(model, device);
  let isChanged = false;
  const onProgress = async ({ accepted }: { accepted: number }) => {
    if (accepted < 20 || isChanged) return;
    isChanged = true;
    await change();
  };
  const outcome = await synthesizeTo(run, teacher, spec, { onProgress: (now) => void onProgress(now) }).catch(
    (error: unknown) => error,
  );
  expect(isChanged).toBe(true);
  return outcome;
}

describe("a run whose model", () => {
  it.each([
    ["is overwritten in place", () => overwrite(0x40), /received another, \d+ bytes of 2001-09-09/],
    ["grows", () => appendFile(model, "x"), /received another, \d+ bytes of/],
    ["is replaced", () => copyFile(demoModel, `${model}.new`).then(() => rename(`${model}.new`, model)), null],
    ["is deleted", () => rm(model), /received none \(ENOENT/],
  ])("%s stops, or knows it by its hash, and the rows of before stay", async (_, change, message) => {
    const outcome = await runWhile(change);
    const { state, rows, reason = "" } = await runStatus(run);
    if (message === null) expect({ state, rows }).toEqual({ state: "done", rows: 400 });
    else {
      expect(outcome).toBeInstanceOf(ModelLoadError);
      expect((outcome as Error).message).toMatch(message);
      expect(state).toBe("failed");
      expect(reason).toContain("as it was loaded");
      expect(rows).toBeGreaterThanOrEqual(4);
      expect(rows).toBeLessThan(400);
      expect((await readRun(run)).rows.length).toBe(rows);
    }
  });

  it("is only touched goes on", async () => {
    await runWhile(() => overwrite(0));
    expect(await runStatus(run)).toMatchObject({ state: "done", rows: 400 });
  });
});

describe.runIf(process.platform === "linux")("a model that is cut shorter, and whose pages are gone", () => {
  const gone = /Cannot read model ".*" any more: its file was cut shorter/;
  const cut = () => truncate(model, 65_536);

  it("stops a run, and the rows of before stay", async () => {
    const outcome = await runWhile(cut);
    expect(outcome).toBeInstanceOf(ModelLoadError);
    const { state, rows } = await runStatus(run);
    expect({ state, rows }).toEqual({ state: "failed", rows: (await readRun(run)).rows.length });
    expect(rows).toBeGreaterThanOrEqual(4);
  });

  it.each<[string, (teacher: Teacher) => Promise<unknown>]>([
    ["a generation", (teacher) => outcome(teacher, spec)],
    ["an embedding", (teacher) => teacher.embed(["a text"])],
    ["a score", (teacher) => teacher.score([{ prompt: "a", text: " text" }])],
  ])("ends %s with a sentence, and another model of the process is not touched", async (_, use) => {
    await using other = await loadTeacher(demoModel);
    await using teacher = await loadTeacher(model);
    const before = words(await outcome(other, task({ count: 4 })));
    await cut();
    await expect(use(teacher)).rejects.toThrow(gone);
    await expect(use(teacher)).rejects.toThrow(gone);
    expect(words(await outcome(other, task({ count: 4 })))).toEqual(before);
    await copyFile(demoModel, model);
    await using again = await loadTeacher(model);
    expect(words(await outcome(again, task({ count: 4 })))).toEqual(before);
  });
});

it("with device.mmap false a file may be overwritten and cut: it was read, and the rows are the same", async () => {
  await runWhile(() => overwrite(0x40).then(() => truncate(model, 65_536)), { mmap: false });
  expect(await runStatus(run)).toMatchObject({ state: "done", rows: 400 });
  await using teacher = await loadTeacher(demoModel);
  await synthesizeTo(join(directory, "whole"), teacher, spec);
  const data = (path: string) => readFile(join(path, "data.jsonl"), "utf8");
  expect(await data(run)).toBe(await data(join(directory, "whole")));
});

it("goes on with the right model to the same rows", async () => {
  await runWhile(() => overwrite(0x40));
  await copyFile(demoModel, model);
  {
    await using teacher = await loadTeacher(model);
    await synthesizeTo(run, teacher, spec);
    await synthesizeTo(join(directory, "whole"), teacher, spec);
  }
  const data = (path: string) => readFile(join(path, "data.jsonl"), "utf8");
  expect(await data(run)).toBe(await data(join(directory, "whole")));
});

it("a hash that is asked for after the file has changed is refused", async () => {
  await using teacher = await loadTeacher(model);
  await overwrite(0x40);
  await expect(teacher.sha256()).rejects.toThrow(/Expected the model ".*" as it was loaded/);
});
