// Directories that vanish, disks that only read, clocks that jump, and texts and names that nobody should have to expect.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseCsv } from "../../lib/files/csv.js";
import { Lock } from "../../lib/files/lock.js";
import { findLock } from "../../lib/files/lock-file.js";
import { thisProcess } from "../../lib/files/process-identity.js";
import { readRun, readTable } from "../../lib/io.js";
import { cli, instance } from "../cli/environment.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let directory: string;
let out: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-faults-"));
  out = join(directory, "out");
});
afterEach(() => rm(directory, { recursive: true }));

async function taskFile(fields: object = {}): Promise<string> {
  const task = {
    teacher: "demo",
    labels: { animal: "an animal", plant: "a plant" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    filters: false,
    count: 40,
    sampling: { maxTokens: 12, seed: 7 },
    engine: { threads: 1 },
    ...fields,
  };
  const path = join(directory, "task.json");
  await writeFile(path, JSON.stringify(task));
  return path;
}

function corrsynth(args: readonly string[], nodeOptions: readonly string[] = []) {
  const child = spawn(process.execPath, [...nodeOptions, main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
}

const runArgs = (task: string) => ["run", task, "--out", out, "--progress", "none"];

it("a directory that vanishes under a run ends it with exit code 1 and a sentence", async () => {
  const ended = corrsynth(runArgs(await taskFile({ count: 20_000 })));
  while (!(await readFile(join(out, "journal.jsonl"), "utf8").catch(() => "")).includes("\n")) await sleep(5);
  await rm(out, { recursive: true, force: true, maxRetries: 5 });
  const { code, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/deleted\?.*\(CORRSYNTH_STORAGE\)\n$/) });
  expect(stderr).not.toMatch(/\n\s+at /);
});

function mounts(): boolean {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", tmpdir()], { stdio: "ignore" });
    return true;
  } catch {
    return false; // only a superuser may
  }
}

it.skipIf(!mounts())("a disk that only reads is read, and refused for writing with exit code 2", async () => {
  const task = await taskFile();
  expect((await corrsynth(runArgs(task))).code).toBe(0);
  execFileSync("mount", ["--bind", out, out]);
  try {
    execFileSync("mount", ["-o", "remount,bind,ro", out]);
    expect(await corrsynth(["status", out])).toMatchObject({ code: 0, stdout: expect.stringMatching(/40 of 40/) });
    const exported = await corrsynth(["export", out, "--format", "jsonl", "--out", "-"]);
    expect([exported.code, exported.stdout.split("\n").length]).toEqual([0, 41]);
    for (const args of [runArgs(task), ["evaluate", out, "--embedder", "none", "--ner", "none"]]) {
      const { code, stderr } = await corrsynth(args);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/a directory to write to \(EROFS/) });
    }
  } finally {
    execFileSync("umount", [out]);
  }
});

describe("a clock that jumps", () => {
  it("by hours at every look at it changes no row, and durations stay durations", async () => {
    const task = await taskFile({ engine: { threads: 1, reproducible: true } });
    const jumps = `let n = 0; const now = Date.now; globalThis.Date = class extends Date {
      constructor(...args) { super(...(args.length ? args : [Date.now()])); }
      static now() { return now() + (n++ % 2 ? 9e6 : -9e6); }
    };`;
    const preload = ["--import", `data:text/javascript,${encodeURIComponent(jumps)}`];
    expect(await corrsynth(runArgs(task), preload)).toMatchObject({ code: 0 });
    const { rows, manifest } = await readRun(out);
    const { seconds, tokensPerSecond } = manifest!.report as { seconds: number; tokensPerSecond: number };
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(9000); // the least that the clock was set by
    expect(tokensPerSecond).toBeGreaterThan(0);
    out = join(directory, "undisturbed");
    expect(await corrsynth(runArgs(task))).toMatchObject({ code: 0 });
    expect((await readRun(out)).rows).toEqual(rows);
  });

  const foreign = { ...thisProcess(), machine: "elsewhere", host: "far", since: "2026-01-01T00:00:00.000Z" };

  it("forward does not take a lock from a process of another machine that gives signs of life", async () => {
    const path = join(directory, "lock.json");
    await writeFile(path, JSON.stringify(foreign));
    await utimes(path, 0, 0); // long ago, by a clock that was set since
    const acquired = Lock.acquire(directory, { patience: 0.5 });
    await sleep(150);
    await utimes(path, 5, 5); // and a little later again, by that clock
    await expect(acquired).rejects.toThrow(/Process \d+ of far writes to this directory/);
    expect(await readdir(directory)).toEqual(["lock.json"]);
    await (await Lock.acquire(directory, { patience: 0.05 })).release();
  });

  it("back leaves a lock of the future with its holder, and says how to go on", async () => {
    const path = join(directory, "lock.json");
    await writeFile(path, JSON.stringify(foreign));
    await utimes(path, 2 ** 32, 2 ** 32);
    expect(await findLock(directory)).toMatchObject({ isHeld: true, secondsSilent: 0 });
    await expect(Lock.acquire(directory)).rejects.toThrow(/where it no longer runs, delete this file/);
  });
});

describe("names and texts", () => {
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join("");
  const texts = [
    controls,
    "\u007f\u0080\u009f\u2028\u2029\ufeff",
    "\u202eright to left\u2066\u200f",
    "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{10ffff} é e\u0301",
    "\ud800 half",
    '=HYPERLINK("http://x","y")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</script><svg/onload=alert(3)>",
    "{x} {label} %s \\u0041 ' \" `",
    "word ".repeat(2000),
    "__proto__",
  ];
  const labels = ["../../x", "CON", "a/b\\c:d*?", "=1+1", "<b onclick=alert(4)>", "constructor", "é".repeat(200)];

  it("go through run, status, export and evaluate as they are, and nowhere else", async () => {
    out = join(directory, "a", "out"); // "../../x" from there would be seen below
    const count = Object.fromEntries(labels.map((name) => [name, 2]));
    const task = await taskFile({ labels, count, method: { name: "cross" } });
    const instances = labels.flatMap((label, l) =>
      [0, 1].map((i) => instance({ id: `0.${2 * l + i}`, label, text: texts[(2 * l + i) % texts.length]! })),
    );
    const said: string[] = [];
    const call = async (...args: string[]) => {
      const { code, stdout, stderr } = await cli(args, { instances });
      expect([args[0], code, stderr.slice(0, 300)]).toEqual([args[0], 0, expect.any(String)]);
      said.push(stdout, stderr);
    };
    await call("run", task, "--out", out, "--progress", "none");
    await call("status", out);
    for (const format of ["jsonl", "csv", "hf"]) {
      await call("export", out, "--format", format, "--out", join(directory, `rows.${format}`));
    }
    await call("evaluate", out, "--embedder", "none", "--ner", "none", "--progress", "none");
    expect(said.join("").replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u202e\u2066]/u);
    expect((await readdir(directory)).sort()).toEqual(["a", "rows.csv", "rows.hf", "rows.jsonl", "task.json"]);
    expect(await readdir(join(directory, "a"))).toEqual(["out"]);
    const texts0 = instances.map(({ text }) => text);
    expect((await readRun(out)).rows.map(({ text }) => text)).toEqual(texts0);
    const wellFormed = texts0.map((text) => text.replace("\ud800", "\ufffd"));
    const jsonl = await readTable(join(directory, "rows.jsonl"));
    expect(jsonl.rows.map(({ text, label }) => [text, label])).toEqual(
      wellFormed.map((text, i) => [text, instances[i]!.label]),
    );
    const csv = await readTable(join(directory, "rows.csv"));
    expect(csv.rows.map(({ text }) => text)).toEqual(wellFormed.map((text) => text.replaceAll("\0", "\ufffd")));
    const raw = [...parseCsv(await readFile(join(directory, "rows.csv"), "utf8"), "rows.csv")];
    for (const { fields } of raw) expect(fields[0]).not.toMatch(/^[=+\-@\t\r\n]/);
    const html = await readFile(join(out, "report.html"), "utf8");
    expect(html).not.toMatch(/<script>alert|<img src=x|<svg\/onload|<b onclick/);
    const card = await readFile(join(directory, "rows.hf", "README.md"), "utf8");
    expect(card.replace(/^(---|```).*?^\1$/gms, "")).not.toMatch(/(?<!\\)<script>|(?<!\\)<b onclick/);
  });

  it("in a task, labels that cannot be shown are refused by name, and files of any name are written", async () => {
    const { code, stderr } = await cli([
      "run",
      await taskFile({ labels: ["a\u0000b", "__proto__x", "x".repeat(201)] }),
      "--out",
      out,
    ]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/without control characters[\s\S]*at most 200 characters/),
    ]);
    await mkdir(join(directory, "\u202e é\n"));
    out = join(directory, "\u202e é\n", "CON");
    const done = await cli(["run", await taskFile({ count: 2 }), "--out", out, "--progress", "none"]);
    expect(done.code, done.stderr).toBe(0);
    expect((await cli(["status", out])).stdout).toContain("\\u{202e} é\\u{a}");
  });
});
