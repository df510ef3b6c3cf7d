// A model that is tried in a process of its own: whatever it does to that, this one goes on and says what was wrong.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { slowFile } from "../lib/helpers/gguf.js";

const { tryTeacher } = await import(new URL("../../dist/index.js", import.meta.url).href);
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const fuzz = fileURLToPath(new URL("fuzz-models.mjs", import.meta.url));
const demo = fileURLToPath(new URL("../../models/demo-teacher.Q8_0.gguf", import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-trial-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("a sound model writes a few tokens", async () => {
  const { info, text, secondsToLoad } = await tryTeacher("demo");
  expect(info).toMatchObject({ path: demo, vocabulary: 3072, replicas: 1 });
  expect(text).not.toBe("");
  expect(secondsToLoad).toBeGreaterThan(0);
});

test.each<[layers: object | string, candidates: number[], problem: RegExp]>([
  ["high", [4], /^$/],
  [[1, 3], [1, 3], /^$/],
  [[2, 5], [2], /^Expected layers 1 to 4 of this teacher, which has 5 blocks, received 5$/],
  [[0], [0], /^The layers of this model cannot be read: expected layers 1 to 4, since it has 5 blocks, received 0$/],
])(
  "early layers %j are read, or it says why not, and the model is sound all the same",
  async (layers, candidates, problem) => {
    const { text, ...trial } = await tryTeacher("demo", { layers });
    expect(text).not.toBe("");
    expect(trial.layers).toEqual({ candidates, problem: expect.stringMatching(problem) });
  },
);

/** A copy of the demo teacher in which `key`, an unsigned 32-bit number of its header, is another. */
async function withHeader(key: string, value: number): Promise<string> {
  const bytes = await readFile(demo);
  const at = bytes.indexOf(key) + key.length; // the type follows, then the value
  expect(bytes.readUInt32LE(at)).toBe(4);
  bytes.writeUInt32LE(value, at + 4);
  const path = join(directory, `${key}-${value}.gguf`);
  await writeFile(path, bytes);
  return path;
}

describe("a damaged model", () => {
  test("that llama.cpp refuses is refused with its reason", async () => {
    const path = join(directory, "short.gguf");
    await writeFile(path, (await readFile(demo)).subarray(0, 100_000));
    await expect(tryTeacher(path)).rejects.toMatchObject({ code: "CORRSYNTH_MODEL_LOAD" });
  });

  test("that says impossible things of itself is refused", async () => {
    const path = await withHeader("llama.context_length", 2 ** 31);
    await expect(tryTeacher(path)).rejects.toThrow(/trained on texts of -2147483648 tokens/);
  });

  test("that ends its process ends only that one, and is told as a bad model file", async () => {
    const { NODE_OPTIONS } = process.env;
    process.env.NODE_OPTIONS = "--import data:text/javascript,process.abort()"; // as llama.cpp does at what it asserts
    try {
      await expect(tryTeacher("demo")).rejects.toMatchObject({
        code: "CORRSYNTH_MODEL_LOAD",
        message: expect.stringMatching(/ended by llama\.cpp \(SIGABRT\): the file is damaged/),
      });
    } finally {
      if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = NODE_OPTIONS;
    }
  });

  test("at which llama.cpp would end the process is refused by a command, too", async () => {
    const path = await withHeader("llama.block_count", 0);
    const { status, stderr } = spawnSync(process.execPath, [main, "doctor", "--model", path], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("CORRSYNTH_MODEL_LOAD") });
  });
});

test("mutated models are refused, or load, or end a process; and nothing else", () => {
  const output = execFileSync(process.execPath, [fuzz, "--files", "40"], { encoding: "utf8" });
  const { files, loaded, refused, ended } = JSON.parse(output);
  expect(files).toBe(40);
  expect(loaded + refused + ended).toBe(40);
  expect(refused).toBeGreaterThan(20);
});

test.skipIf(process.platform === "win32")(
  "one that never answers is given up, at once when the signal fires",
  async () => {
    const path = join(directory, "slow.gguf");
    await writeFile(path, slowFile(2_000_000));
    await expect(tryTeacher(path, { seconds: 0.5 })).rejects.toThrow(/did not answer in 0\.5 s/);
    const reason = new Error("enough");
    const stop = new AbortController();
    const tried = tryTeacher(path, { signal: stop.signal });
    stop.abort(reason);
    await expect(tried).rejects.toBe(reason);
    await expect(tryTeacher(path, { signal: stop.signal })).rejects.toBe(reason);
  },
);
