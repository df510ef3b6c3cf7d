// Case 17: a container is killed and started again over the same volume. Its process cannot be asked from the new one's
// table of processes, so its signs of life are waited for; what takes 30 seconds is shortened here by the clock of files.
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runCli } from "../../lib/cli/program.js";
import { thisProcess } from "../../lib/files/process-identity.js";
import * as library from "../../lib/index.js";
import { runStatus } from "../../lib/io.js";
import { Memory } from "../cli/environment.js";

let directory: string;
let out: string;
let task: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-case-"));
  out = join(directory, "run");
  task = join(directory, "task.json");
  const prompt = { instruction: "Definition of {label}", answer: ":", shots: 0 };
  const sampling = { maxTokens: 24, seed: 7, stop: ["\n"] };
  await writeFile(
    task,
    JSON.stringify({ teacher: "demo", labels: ["an animal", "a plant"], prompt, sampling, count: 4 }),
  );
});
afterEach(() => rm(directory, { recursive: true }));

/** The lock that a process of another container of this machine left, some seconds ago. */
async function leaveLock(seconds: number): Promise<string> {
  const [boot] = thisProcess().machine.split(" ");
  const holder = { ...thisProcess(), machine: `${boot} pid:[1]`, host: "killed", since: "2026-01-01T00:00:00.000Z" };
  const path = join(out, "lock.json");
  await library.synthesizeTo(out, () => library.loadTeacher("demo"), {
    labels: ["an animal", "a plant"],
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    sampling: { maxTokens: 24, seed: 7, stop: ["\n"] },
    count: 2,
  });
  await writeFile(path, JSON.stringify(holder));
  const then = Date.now() / 1000 - seconds;
  await utimes(path, then, then);
  return path;
}

function start(controller = new AbortController()) {
  const stderr = new Memory();
  const code = runCli(["run", task, "--out", out, "--progress", "none"], {
    library,
    stdout: new Memory(),
    stderr,
    signal: controller.signal,
    now: () => performance.now(),
  });
  return { code, stderr };
}

it.runIf(process.platform === "linux")(
  "a run waits for a container that was killed, says so, and goes on",
  async () => {
    await leaveLock(14);
    expect(await runStatus(out)).toMatchObject({ heldBy: { host: "killed" } });
    const { code, stderr } = start();
    expect(await code).toBe(0);
    expect(stderr.text).toMatch(/process \d+ of killed gave a sign of life 1\d seconds ago .*: goes on in 1\d seconds/);
    expect(await runStatus(out)).toMatchObject({ state: "done", rows: 4 });
  },
);

it.runIf(process.platform === "linux")(
  "a process that gives a sign of life is left alone, with exit code 4",
  async () => {
    const path = await leaveLock(1);
    const { code, stderr } = start();
    await vi.waitFor(() => expect(stderr.text).toContain("gave a sign of life"), 30_000);
    await utimes(path, Date.now() / 1000, Date.now() / 1000);
    expect(await code).toBe(4);
    expect(stderr.text).toContain("Process");
    expect(stderr.text).toContain("of killed writes to this directory");
    expect(stderr.text).toContain("CORRSYNTH_HELD");
  },
);

it.runIf(process.platform === "linux")("a wait that is stopped ends at once, and leaves the lock", async () => {
  await leaveLock(1);
  const stop = new AbortController();
  const waits: string[] = [];
  const run = library.synthesizeTo(out, () => library.loadTeacher("demo"), (await readSpec()) as never, {
    signal: stop.signal,
    onWait: (reason) => {
      waits.push(reason);
      stop.abort(new Error("stopped"));
    },
  });
  await expect(run).rejects.toThrow("stopped");
  expect(waits).toHaveLength(1);
  expect(await runStatus(out)).toMatchObject({ heldBy: { host: "killed" } });
});

async function readSpec() {
  const { readTaskFile } = await import("../../lib/cli/task-file.js");
  return (await readTaskFile(task)).spec;
}
