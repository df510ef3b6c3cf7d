// corrsynth export --push: a dry run, the commit, and what is said of them.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeDatasetHub, token } from "../lib/hub/fake-dataset-hub.js";
import { cli } from "./environment.js";

const names = ["HF_ENDPOINT", "HF_HOME", "HF_TOKEN", "TMPDIR"] as const;
const before = names.map((name) => [name, process.env[name]] as const);
let hub: FakeDatasetHub;
let directory: string;
beforeEach(async () => {
  hub = await FakeDatasetHub.start();
  directory = await mkdtemp(join(tmpdir(), "corrsynth-push-cli-"));
  Object.assign(process.env, hub.env, { TMPDIR: directory });
  const task = { teacher: "demo", labels: ["animal", "plant"], prompt: { instruction: "{label}", shots: 0 }, count: 2 };
  await writeFile(join(directory, "task.json"), JSON.stringify(task));
  await cli(["run", join(directory, "task.json"), "--out", join(directory, "run")]);
});
afterEach(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await hub[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const push = (...args: string[]) =>
  cli(["export", join(directory, "run"), "--format", "hf", "--push", "hf:owner/name", ...args]);

it("says what it would do, does it, and leaves nothing in the folder of temporary files", async () => {
  const there = await readdir(directory);
  const dry = await push("--dry-run");
  expect(dry).toMatchObject({ code: 0, stdout: "" });
  expect(dry.stderr).toMatch(
    /^2 rows\n.*\/datasets\/owner\/name \(private\)\n {2}adds README\.md \(.*\)\n {2}adds data\/train-00000-of-00001\.parquet \(.*\)\nA dry run: nothing was committed\n$/,
  );
  expect(hub.commits).toEqual([]);

  const pushed = await push("--json");
  expect(pushed.code).toBe(0);
  expect(JSON.parse(pushed.stdout)).toMatchObject({ rows: 2, pushed: { commit: "1".repeat(40), isPrivate: true } });
  expect(hub.files["README.md"]!.toString()).toContain("# name\n"); // named as the repository
  expect(`${dry.stderr}${pushed.stderr}${pushed.stdout}`).not.toContain(token);
  expect(await readdir(directory)).toEqual(there);

  expect((await push()).stderr).toContain("It has all of this already: nothing was committed\n");
  expect((await push("--validation", "0.5")).code).toBe(2);
});

it("keeps the folder where --out names one, and ends with 1 when the hub refuses", async () => {
  hub.right = "read";
  const out = join(directory, "dataset");
  const { code, stderr } = await push("--out", out);
  expect([code, await readdir(out)]).toEqual([1, ["README.md", "data"]]);
  expect(stderr).toContain("may not write to it");
  expect(stderr).toContain("(CORRSYNTH_UPLOAD)\n");
});

it.each<[args: string[], message: string]>([
  [["--format", "csv", "--out", "o", "--push", "hf:a/b"], "--push: Expected --format hf beside it"],
  [["--format", "hf", "--out", "o", "--dry-run"], "--dry-run: Expected --push URI beside it"],
  [["--format", "hf"], "--out: Expected a path, or --push with a repository; received neither"],
])("refuses %j", async (args, message) => {
  const { code, stderr } = await cli(["export", join(directory, "run"), ...args]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(hub.requests).toEqual([]);
});
