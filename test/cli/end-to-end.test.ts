// The program as people run it: node dist/cli/main.js with the demo teacher, through files, pipes and signals.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readJsonl } from "../../lib/io.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-e2e-"));
});
afterEach(() => rm(directory, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param onStderr  sees everything written to stderr so far; may signal the process. */
function corrsynth(
  args: string[],
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

// The starter task with another count, on one thread: other test files run beside this one and want the processors too.
async function writeTask(count: number): Promise<void> {
  expect((await corrsynth(["init"])).code).toBe(0);
  const task = await readFile(join(directory, "task.yaml"), "utf8");
  await writeFile(
    join(directory, "task.yaml"),
    `${task.replace("count: 100", `count: ${count}`)}engine: { threads: 1 }\n`,
  );
}

async function rows(path: string) {
  const found: { text: string; label: string; id: string }[] = [];
  for await (const { value } of readJsonl(path)) found.push(value as (typeof found)[number]);
  return found;
}

describe("the program", () => {
  it("goes from init to a dataset, and makes the same one twice", async () => {
    await writeTask(16);
    const plan = await corrsynth(["plan", "task.yaml", "--json", "--progress", "none"]);
    expect(plan).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(plan.stdout)).toMatchObject({ rows: 4, contrastRows: 0, groups: 4 });

    const preview = await corrsynth(["preview", "task.yaml"]);
    expect(preview.code).toBe(0);
    expect(preview.stdout.match(/⇒/g)).toHaveLength(16);

    for (const out of ["one", "two"]) {
      const run = await corrsynth(["run", "task.yaml", "--out", out, "--progress", "json"]);
      expect(run).toMatchObject({ code: 0, stdout: "" });
      const last = run.stderr
        .trimEnd()
        .split("\n")
        .findLast((line) => line.startsWith("{"))!;
      expect(JSON.parse(last)).toMatchObject({ run: "run", accepted: 16, wanted: 16 });
    }
    const made = await rows(join(directory, "one/data.jsonl"));
    expect(made).toHaveLength(16);
    for (const label of ["animal", "artifact", "food", "plant"]) {
      expect(made.filter((row) => row.label === label)).toHaveLength(4);
    }
    expect(new Set(made.map(({ id }) => id)).size).toBe(16);
    expect(await readFile(join(directory, "two/data.jsonl"), "utf8")).toBe(
      await readFile(join(directory, "one/data.jsonl"), "utf8"),
    );
    expect(JSON.parse(await readFile(join(directory, "one/manifest.json"), "utf8"))).toMatchObject({
      state: "done",
      instances: 16,
      teacher: { sha256: "fcdd829a79825d1e47060a65424d92dfb23af8b47fd10fc411a924da5f206b67" },
      report: { quotaMet: true },
    });
  });

  it("runs the demo in under a minute", async () => {
    const started = performance.now();
    const demo = await corrsynth(["demo", "--progress", "none", "--out", "demo"]);
    expect(demo.code).toBe(0);
    for (const method of ["hybrid", "fewgen", "fewgen-matched"]) {
      expect(demo.stdout).toMatch(new RegExp(`^${method} +200 +0\\.`, "m"));
      expect(await rows(join(directory, "demo", method, "data.jsonl"))).toHaveLength(200);
    }
    const path = join("demo", "report.html");
    expect(demo.stdout.endsWith(`\nReport in ${path}\n`)).toBe(true);
    expect(await readFile(join(directory, path), "utf8")).toContain("200 rows of 8 labels, without gold");
    expect(performance.now() - started).toBeLessThan(60_000);
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`stops on ${signal} with exit code ${code} and keeps what was written`, async () => {
      let sent = false;
      await writeTask(100_000);
      const out = join(directory, "out");
      const run = await corrsynth(["run", "task.yaml", "--out", out, "--progress", "json"], (text, kill) => {
        if (sent || !/"accepted":[1-9]/.test(text)) return;
        sent = true;
        kill(signal);
        kill(signal); // as under npm, which passes a Ctrl-C on to a child that has it already
      });
      expect(run.code).toBe(code);
      expect(run.stderr).toContain(`corrsynth: stopped by ${signal}`);
      const made = await rows(join(out, "data.jsonl"));
      expect(made.length).toBeGreaterThan(0);
      expect(JSON.parse(await readFile(join(out, "manifest.json"), "utf8"))).toMatchObject({
        state: "stopped",
        instances: made.length,
      });
    });
  }

  it("exits 3 with the counts when the quota cannot be met, as often as it is tried, and finishes with more groups", async () => {
    const written = (maxGroups: number) =>
      JSON.stringify({
        teacher: "demo",
        labels: { animal: "an animal", plant: "a plant" },
        prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
        method: { name: "cross" },
        count: 12,
        filters: false,
        sampling: { maxTokens: 8 },
        engine: { threads: 1 },
        limits: { maxGroups },
      });
    const run = ["run", "task.json", "--out", "out", "--progress", "none"];
    await writeFile(join(directory, "task.json"), written(4));
    for (const _ of [1, 2]) {
      const { code, stderr } = await corrsynth(run);
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/animal 4 of 6; plant 4 of 6/) });
      expect((await rows(join(directory, "out", "data.jsonl"))).length).toBe(8);
    }
    await writeFile(join(directory, "task.json"), written(20));
    expect((await corrsynth(run)).code).toBe(0);
    expect((await rows(join(directory, "out", "data.jsonl"))).length).toBe(12);
  });

  it("says at the end and in status why rows were rejected, and exits 3 with the most frequent reason", async () => {
    const task = {
      teacher: "demo",
      labels: { animal: "an animal" },
      prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
      method: { name: "fewgen" },
      count: 6,
      filters: { unfinished: "keep", reject: [{ name: "vowel", pattern: "^[aeiou]" }] },
      sampling: { maxTokens: 8, seed: 7 },
      engine: { threads: 1 },
    };
    const run = ["run", "task.json", "--out", "out", "--progress", "none"];
    await writeFile(join(directory, "task.json"), JSON.stringify(task));
    const done = await corrsynth(run);
    expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/^ {2}animal: rejected \d+ vowel$/m) });
    expect((await corrsynth(["status", "out"])).stdout).toMatch(/^animal .* \d+ vowel$/m);
    await writeFile(join(directory, "task.json"), JSON.stringify({ ...task, filters: { unfinished: "drop" } }));
    const unmet = await corrsynth(["run", "task.json", "--out", "other", "--progress", "none"]);
    expect(unmet.code).toBe(3);
    expect(unmet.stderr).toMatch(/since most rows were rejected as unfinished: raise sampling\.maxTokens/);
  });

  it("refuses what cannot run with exit code 2 and writes nothing", async () => {
    const labels = "labels: { animal: an animal }\nprompt: { instruction: 'Define {label}', shots: 0 }\ncount: 1\n";
    await writeFile(join(directory, "text.gguf"), "not a model");
    const tasks: [name: string, content: string, message: RegExp][] = [
      ["missing.yaml", `teacher: none.gguf\n${labels}`, /CORRSYNTH_MODEL_LOAD/],
      ["text.yaml", `teacher: text.gguf\n${labels}`, /CORRSYNTH_MODEL_LOAD/],
      ["field.yaml", `teacher: demo\n${labels}sampling: { top_p: 0.5 }\n`, /field\.yaml:5: sampling: .*"top_p".*topP/],
      [
        "rows.yaml",
        `teacher: demo\n${labels}method: { name: fewgen, repeat: 1000 }\n`,
        /rows.yaml:5: method.repeat: .* 256 rows .* received 1000/,
      ],
    ];
    for (const [name, content, message] of tasks) {
      await writeFile(join(directory, name), content);
      const run = await corrsynth(["run", name, "--out", "out"]);
      expect(run.stderr).toMatch(message);
      expect(run.stderr).not.toMatch(/\n\s+at /);
      expect(run).toMatchObject({ code: 2, stdout: "" });
    }
    expect(existsSync(join(directory, "out"))).toBe(false);
    expect(await readdir(directory)).toHaveLength(1 + tasks.length);
  });
});
