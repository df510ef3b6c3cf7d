import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Stopped } from "../../../lib/cli/command.js";
import { modelSource } from "../../../lib/cli/fetch-model.js";
import { showPull } from "../../../lib/cli/pull-progress.js";
import type { PullProgress } from "../../../lib/index.js";
import { cli, Memory } from "../../cli/environment.js";
import { commit, FakeHub, sha256 } from "../hub/fake-hub.js";

let hub: FakeHub;
let path: string;
beforeEach(async () => {
  hub = await FakeHub.start();
  path = hub.inCache("snapshots", commit, "model.gguf");
  for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE"]) vi.stubEnv(name, "");
  for (const [name, value] of Object.entries(hub.env)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub[Symbol.asyncDispose]();
});

const uri = "hf:owner/model/model.gguf";

it("pull prints the path alone on stdout, and says on stderr what it does", async () => {
  const first = await cli(["pull", uri]);
  expect(first).toMatchObject({ code: 0, stdout: `${path}\n` });
  expect(first.stderr).toMatch(/^Fetching hf:owner\/model\/model\.gguf \(300\.0 kB\)\nmodel\.gguf: /);
  expect(first.stderr).toMatch(/\n300\.0 kB, fetched; SHA-256 [0-9a-f]{64}\n$/);
  const again = await cli(["pull", uri]);
  expect(again).toMatchObject({ code: 0, stdout: `${path}\n` });
  expect(again.stderr).toMatch(/^300\.0 kB, in the cache already; SHA-256 [0-9a-f]{64}\n$/);
});

it("pull --json prints all there is to know", async () => {
  const { stdout } = await cli(["pull", uri, "--json", "--progress", "none"]);
  const own = sha256(hub.files["model.gguf"]!);
  expect(JSON.parse(stdout)).toEqual({ path, sha256: own, bytes: 300_000, cached: false, commit });
});

it("pull --progress json writes one object a line", async () => {
  const { stderr } = await cli(["pull", uri, "--progress", "json"]);
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  expect(lines.map((line) => JSON.parse(line)).at(-1)).toMatchObject({
    ...{ pull: uri, stage: "download", file: "model.gguf" },
    ...{ received: 300_000, total: 300_000, secondsLeft: 0 },
  });
});

it("pull exits with 2 for what a person can mend, and with 1 where the network fails", async () => {
  for (const [args, code, message] of [
    [["pull", "model.gguf"], 2, /Expected hf:owner\/repo\/file\.gguf .*received "model\.gguf"/],
    [["pull", "hf:owner/model/x.gguf"], 2, /There is no "x\.gguf".*\n {2}.*hf:owner\/model\/model\.gguf/],
    [["pull"], 2, /missing required argument/],
  ] as const) {
    const outcome = await cli(args);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(message);
  }
  hub.statedHash = "0".repeat(64);
  const wrong = await cli(["pull", uri, "--progress", "none"]);
  expect(wrong).toMatchObject({ code: 1, stdout: "" });
  expect(wrong.stderr).toMatch(/Expected SHA-256 0+ .*\(CORRSYNTH_DOWNLOAD\)\n$/);
});

it("a model named by a URI is fetched, any other is left to loadTeacher", async () => {
  const stderr = new Memory();
  const environment = { signal: new AbortController().signal, stderr, now: () => 0 };
  expect(await modelSource(environment, "demo", "auto")).toBe("demo");
  expect(await modelSource(environment, "a.gguf", "auto")).toBe("a.gguf");
  expect(stderr.text).toBe("");
  expect(await modelSource(environment, uri, "auto")).toBe(path);
  expect(stderr.text).toMatch(/^Fetching /);
  const stopped = new Stopped("SIGINT");
  await expect(modelSource({ ...environment, signal: AbortSignal.abort(stopped) }, uri, "auto")).rejects.toBe(stopped);
});

const progress = (fields: Partial<PullProgress>): PullProgress => ({
  ...{ stage: "download", file: "q/m.gguf", received: 5e8, total: 2e9, bytesPerSecond: 4.5e7, secondsLeft: 75 },
  ...fields,
});

it("a bar redraws its line and ends it; each stage says what is done", () => {
  const output = new Memory(true);
  let time = 0;
  const display = showPull("auto", uri, output, () => time);
  display.update(progress({}));
  display.update(progress({ received: 1e9 })); // too soon
  expect(output.text).toBe("\r█████░░░░░░░░░░░░░░░  m.gguf: 500.0 MB of 2.0 GB (25 %), 45.0 MB/s, 1:15 left\x1b[K");
  time = 100;
  output.text = "";
  display.update(progress({ stage: "verify", received: 1e9 }));
  display.update(progress({ stage: "wait", file: "e\x1b[2Jvil.gguf", received: 2e9 }));
  display.end();
  display.end();
  expect(output.text).toBe(
    "\r██████████░░░░░░░░░░  m.gguf: 1.0 GB of 2.0 GB (50 %), reading what is there\x1b[K" +
      "\r████████████████████  e\\u{1b}[2Jvil.gguf: 2.0 GB of 2.0 GB (100 %), another process fetches it\x1b[K\n",
  );
});

it("elsewhere there are plain lines, one in five seconds, and none where none is asked for", () => {
  const output = new Memory();
  let time = 0;
  const display = showPull("auto", uri, output, () => time);
  for (time = 0; time < 12_000; time += 1000) {
    display.update(progress({ received: time * 1e5, secondsLeft: null }));
  }
  display.end();
  expect(output.text.match(/m\.gguf: .*\n/g)).toHaveLength(4);
  expect(output.text).not.toContain("\x1b");
  const quiet = new Memory();
  const none = showPull("none", uri, quiet, () => 0);
  none.update(progress({}));
  none.end();
  expect(quiet.text).toBe("");
});

describe("every command that may fetch a model shows that as --progress has it:", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "corrsynth-fetch-"));
    const task = { teacher: uri, labels: ["a", "b"], prompt: { instruction: "Define {label}", shots: 0 }, count: 2 };
    await writeFile(join(directory, "task.json"), JSON.stringify(task));
    const rows = ["a", "b"].map((label) => `${JSON.stringify({ text: `a text of ${label}`, label })}\n`);
    await writeFile(join(directory, "rows.jsonl"), rows.join(""));
  });
  afterEach(() => rm(directory, { recursive: true }));

  // Those of a queue fetch first, and are then refused for its name and its address.
  const commands: [name: string, args: readonly string[]][] = [
    ["run", ["task.json", "--out", "out"]],
    ["plan", ["task.json"]],
    ["preview", ["task.json"]],
    ["enqueue", ["task.json", "--queue", "redis://host", "--name", "no name"]],
    ["worker", ["--queue", "http://host", "--name", "x", "--teacher", uri]],
    ["evaluate", ["rows.jsonl", "--out", "out", "--embedder", uri, "--ner", "none"]],
    ["compare", ["rows.jsonl", "--out", "out", "--embedder", uri, "--ner", "none"]],
  ];
  const fetched = async (name: string, args: readonly string[], ...more: readonly string[]) => {
    const paths = args.map((arg) => (/^(out|.*\.jsonl?)$/.test(arg) ? join(directory, arg) : arg));
    const { stderr, calls } = await cli([name, ...paths, ...more]);
    expect(calls[0]).toContain(`load ${path}`);
    return stderr.split("\n").filter((line) => line.includes("model.gguf"));
  };

  it.each(commands)("%s", async (name, args) => {
    expect(await fetched(name, args, "--progress", "none")).toEqual([]);
    await rm(hub.cache, { recursive: true });
    const lines = await fetched(name, args, "--progress", "json");
    expect(lines.map((line) => JSON.parse(line)).at(-1)).toMatchObject({ pull: uri, received: 300_000 });
    await rm(hub.cache, { recursive: true });
    expect((await fetched(name, args, "--progress", "plain"))[0]).toBe(`Fetching ${uri} (300.0 kB)`);
  });

  it.each([["plan"], ["run", "--out", "out"]])(
    "%s: also the models that a task names beside its teacher",
    async (command, ...options) => {
      const prompt = { instruction: "Define {label}", shots: 0 };
      const task = {
        teacher: "t.gguf",
        labels: ["a", "b"],
        prompt,
        count: 2,
        method: { name: "guided", weight: 0.3 },
        guide: uri,
      };
      await writeFile(join(directory, "task.json"), JSON.stringify(task));
      const args = [command, "task.json", ...options].map((arg) =>
        /^(out|task)/.test(arg) ? join(directory, arg) : arg,
      );
      const { stderr, calls } = await cli([...args, "--progress", "plain"]);
      expect(stderr).toContain(`Fetching ${uri} (300.0 kB)`);
      expect(calls[0]).toMatch(/load .*t\.gguf/);
    },
  );

  it("worker --quiet shows nothing of it", async () => {
    expect(await fetched("worker", commands[4]![1], "--quiet")).toEqual([]);
  });
});
