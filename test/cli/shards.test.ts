// Shards as people run them: node dist/cli/main.js with the demo teacher, in the environment of an array job.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cli } from "./environment.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-shards-"));
});
afterEach(() => rm(directory, { recursive: true }));

function corrsynth(args: string[], variables: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...variables };
    const child = spawn(process.execPath, [main, ...args], { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}

it("run --shard, merge, and what merge says when groups are missing", async () => {
  const task = {
    teacher: "demo",
    labels: { animal: "an animal", plant: "a plant" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    count: 24,
    sampling: { maxTokens: 16, stop: ["\n"], seed: 7 },
    engine: { threads: 1, reproducible: true },
  };
  await writeFile(join(directory, "task.json"), JSON.stringify(task));
  const run = (...args: string[]) => ["run", "task.json", "--progress", "none", ...args];
  expect((await corrsynth(run("--out", "whole"))).code).toBe(0);

  const slurm = { SLURM_ARRAY_TASK_ID: "6", SLURM_ARRAY_TASK_MIN: "5", SLURM_ARRAY_TASK_COUNT: "2" };
  expect((await corrsynth(run("--shard", "0/2", "--groups", "2", "--out", "a"))).code).toBe(0);
  expect((await corrsynth(run("--shard", "auto", "--groups", "2", "--out", "b"), slurm)).code).toBe(0);
  expect(await corrsynth(["status", "b"])).toMatchObject({ code: 0, text: expect.stringMatching(/^shard +1\/2$/m) });

  const short = await corrsynth(["merge", "a", "b", "--out", "dataset"]);
  expect(short.code).toBe(3);
  const [, groups = ""] = /corrsynth run TASK --shard 1\/2 --out b --groups (\d+)$/m.exec(short.text) ?? [];
  expect(Number(groups), short.text).toBeGreaterThan(2);

  const other = await corrsynth(run("--shard", "1/2", "--out", "a"));
  expect(other).toMatchObject({ code: 2, text: expect.stringContaining("shard.index: Expected 0, received 1") });
  for (let wanted = Number(groups); ; wanted *= 2) {
    for (const [index, out] of ["a", "b"].entries()) {
      const again = await corrsynth(run("--shard", `${index}/2`, "--groups", `${wanted}`, "--out", out));
      expect(again.code, again.text).toBe(0);
    }
    const merged = await corrsynth(["merge", "a", "b", "--out", "dataset"]);
    if (merged.code === 3 && wanted < 100) continue;
    expect(merged.code, merged.text).toBe(0);
    break;
  }
  expect(await readFile(join(directory, "dataset/data.jsonl"), "utf8")).toBe(
    await readFile(join(directory, "whole/data.jsonl"), "utf8"),
  );
});

it("refuses --groups without --shard, and commands of a queue without its address", async () => {
  const out = join(directory, "out");
  const cases: [args: string[], message: RegExp][] = [
    [["run", "t.yaml", "--out", out, "--groups", "3"], /--groups: Expected --shard beside it/],
    [["run", "t.yaml", "--out", out, "--shard", "4/4"], /--shard: Expected a shard of 0..n-1/],
    [["collect", "x", "--out", out], /--queue: Expected redis:\/\/host, or CORRSYNTH_QUEUE/],
    [["worker"], /--queue: Expected/],
    [["worker", "--queue", "http://u:secret@h", "--name", "x"], /queue: Expected redis:\/\//],
    [["enqueue", "t.yaml", "--name", "x"], /--queue: Expected/],
    [["status", "x", "--queue", "nowhere"], /something that is no URL/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr, calls } = await cli(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("secret");
    expect(code).toBe(2);
    expect(calls).toEqual([]);
  }
});
