// Signals to `corrsynth run` as a process: what is finished stays, the exit code says which signal, and the run goes on later.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunStatus } from "../../lib/io.js";
import { slowFile } from "../lib/helpers/gguf.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let directory: string;
let out: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-signals-"));
  out = join(directory, "out");
});
afterEach(() => rm(directory, { recursive: true }));

async function writeTask(fields: object): Promise<void> {
  const task = {
    teacher: "demo",
    labels: { animal: "an animal", plant: "a plant" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    method: { name: "cross" },
    filters: false,
    sampling: { maxTokens: 16, seed: 7 },
    engine: { threads: 1 },
    ...fields,
  };
  await writeFile(join(directory, "task.json"), JSON.stringify(task));
}

function start(...args: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; stderr: string }> } {
  const all = [main, "run", join(directory, "task.json"), "--out", out, "--progress", "none", ...args];
  const child = spawn(process.execPath, all, { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const codes: Record<string, number> = { SIGINT: 130, SIGTERM: 143 }; // as a shell reports an end by signal
  const ended = once(child, "close").then(([code, signal]) => ({ code: code ?? codes[signal] ?? null, stderr }));
  return { child, ended };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}

const journalOf = async () => readFile(join(out, "journal.jsonl"), "utf8").catch(() => "");
const rowsOf = async () => (await readFile(join(out, "data.jsonl"), "utf8")).trimEnd().split("\n");

function status(): RunStatus {
  return JSON.parse(execFileSync(process.execPath, [main, "status", "--json", out], { encoding: "utf8" }))[0];
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s checkpoints and ends with %i; the run goes on to the exact counts", async (signal, code) => {
  await writeTask({ count: 1200 });
  const { child, ended } = start();
  await until(async () => (await journalOf()).includes("\n"));
  expect(status()).toMatchObject({ state: "running", heldBy: { pid: child.pid } });
  child.kill(signal);
  expect(await ended).toMatchObject({ code, stderr: expect.stringContaining(`stopped by ${signal}`) });
  const stopped = status();
  expect(stopped).toMatchObject({ state: "stopped", wanted: 1200, heldBy: null });
  const before = await rowsOf();
  expect(before.length).toBe(stopped.rows);
  expect(before.length).toBeGreaterThan(0);
  const { code: done, stderr } = await start().ended;
  expect({ done, stderr }).toEqual({ done: 0, stderr: expect.stringContaining(`rows are in ${out}`) });
  expect((await rowsOf()).slice(0, before.length)).toEqual(before);
  const tally = { wanted: 600, accepted: 600 };
  expect(status()).toMatchObject({ state: "done", rows: 1200, labels: { animal: tally, plant: tally } });
  expect((await start().ended).stderr).toContain("nothing is left to do");
});

test.skipIf(process.platform === "win32")(
  "a model that is being loaded does not keep a process that was told to end",
  async () => {
    const model = join(directory, "slow.gguf");
    await writeFile(model, slowFile(2_000_000));
    for (const again of [false, true]) {
      await writeTask({ teacher: model, count: 2 });
      const { child, ended } = start();
      const lock = join(out, "lock.json");
      await until(async () => (await readFile(lock, "utf8").catch(() => "")).includes(`"pid":${child.pid},`));
      await sleep(500); // it reads the task and begins to load
      child.kill("SIGINT");
      if (again) {
        await sleep(400);
        child.kill("SIGINT");
      }
      expect(await ended).toEqual({ code: 130, stderr: "corrsynth: ended by SIGINT\n" });
      expect(existsSync(lock)).toBe(true);
    }
    await writeTask({ count: 2 });
    expect((await start().ended).code).toBe(0); // the lock that it left is recognised
    expect(status()).toMatchObject({ state: "done", rows: 2 });
  },
);

test("a second process is refused while the first writes, and another task says what differs", async () => {
  await writeTask({ count: 5000 });
  const { child, ended } = start();
  await until(async () => (await journalOf()).includes("\n"));
  const second = await start().ended;
  expect(second).toMatchObject({ code: 4, stderr: expect.stringContaining(`Process ${child.pid} of `) });
  child.kill("SIGINT");
  await ended;
  await writeTask({ count: 4000, sampling: { maxTokens: 8, seed: 7 } });
  const before = await rowsOf();
  const other = await start().ended;
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(/task\.json:\d+: sampling\.maxTokens: Expected 16, received 8/);
  expect(other.stderr).toMatch(/count: Expected at least 2500 rows of "animal", received 2000/);
  expect(await rowsOf()).toEqual(before);
  await writeTask({ count: 4 });
  expect((await start("--fresh").ended).code).toBe(0);
  expect((await rowsOf()).length).toBe(4);
});
