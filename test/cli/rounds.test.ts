// corrsynth rounds and status of rounds, as a person sees them.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../../lib/cli/program.js";
import * as library from "../../lib/index.js";
import { readRun } from "../../lib/io.js";
import { seeds, task } from "../lib/helpers/demo.js";
import { Memory } from "./environment.js";

let folder: string;
let file: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-cli-rounds-"));
  file = join(folder, "task.json");
  out = join(folder, "rounds");
  await writeFile(join(folder, "seeds.jsonl"), seeds.map((seed) => `${JSON.stringify(seed)}\n`).join(""));
  const spec = task({ seeds: "seeds.jsonl", prompt: { shots: 2 }, filters: { unfinished: "keep" } });
  await writeFile(file, JSON.stringify({ teacher: "demo", ...spec }, null, 1));
});
afterEach(() => rm(folder, { recursive: true }));

async function corrsynth(...args: string[]) {
  const [stdout, stderr] = [new Memory(), new Memory()];
  const { signal } = new AbortController();
  const code = await runCli(args, { library, stdout, stderr, signal, now: () => performance.now() });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

const quiet = ["--progress", "none"];

describe("corrsynth rounds", () => {
  it("says what each round takes, where the dataset is, and status shows the same", async () => {
    const made = await corrsynth("rounds", file, "--policy", "self", "--out", out, ...quiet);
    expect(made.code, made.stderr).toBe(0);
    expect(made.stderr).toMatch(
      /^Round 1: 16 rows to make\nRound 2: \d+ rows to make \(\d+ examples, \d+ of them rows of before/m,
    );
    expect(made.stderr).toMatch(/\n\d+ rows in .*dataset: animal \d+, plant \d+, food \d+, person \d+\n$/);
    const status = await corrsynth("status", out, join(out, "round-1"));
    expect(status.stdout).toMatch(/policy {3}self\ndataset {2}\d+ rows in /);
    expect(status.stdout).toMatch(/round-2 +done +\d+ +\d+ .*rows of before/);
    expect(status.stdout).toMatch(/rows +16 of 16/);
    const json = JSON.parse((await corrsynth("status", out, "--json")).stdout) as { rounds: object[] }[];
    expect(json[0]!.rounds[1]).toMatchObject({ round: 2, state: "done", figures: {} });
    expect(status.stdout.split("\nrun ")[0]).not.toContain("reviewed");
    const [first] = (await readRun(join(out, "dataset"))).rows;
    const decision = { row: first!.fields.id, rejected: true, label: null, text: null };
    await writeFile(join(out, "dataset", "review.jsonl"), `${JSON.stringify(decision)}\n`);
    const reviewed = await corrsynth("status", out);
    expect(reviewed.stdout).toMatch(/dataset +\d+ rows in .*\nreviewed +1 rejected, 0 with another label, 0 edited\n/);
  });

  it("says how many rows are missing, with exit code 3, and that another round makes them", async () => {
    const made = await corrsynth("rounds", file, "--policy", "agree", "--rounds", "1", "--out", out, ...quiet);
    const [, rows, missing] =
      /\n(\d+) rows? in .*\n(\d+) rows? fewer than asked for, .*: another round .*--rounds 2/.exec(made.stderr)!;
    expect([made.code, Number(rows) + Number(missing)]).toEqual([3, 16]);
  });

  it("exports and evaluates what it made", async () => {
    await corrsynth("rounds", file, "--policy", "weights", "--out", out, ...quiet);
    const data = join(folder, "data.csv");
    const exported = await corrsynth(
      "export",
      join(out, "dataset"),
      "--format",
      "csv",
      "--columns",
      "all",
      "--out",
      data,
    );
    expect(exported).toMatchObject({ code: 0 });
    const evaluated = await corrsynth(
      "evaluate",
      join(out, "dataset"),
      "--embedder",
      "none",
      "--ner",
      "none",
      ...quiet,
    );
    expect(evaluated.code, evaluated.stderr).toBe(0);
  });

  it("names options by their flags and fields by their lines, with exit code 2, and leaves nothing behind", async () => {
    const table: [args: string[], message: RegExp][] = [
      [["--policy", "errors"], /--validation: Expected human rows/],
      [["--policy", "weights", "--rounds", "3"], /--rounds: Expected 1, since "weights" makes no new rows, received 3/],
      [["--policy", "self", "--embedder", "demo"], /--embedder: Expected none with "self"/],
      [["--policy", "agrees"], /Allowed choices are agree, errors, influence, weights, self/],
      [["--rounds", "2"], /required option '--policy <name>' not specified/],
      [["--policy", "errors", "--validation", join(folder, "none.jsonl")], /--validation: Cannot read/],
    ];
    for (const [args, message] of table) {
      const { code, stderr } = await corrsynth("rounds", file, "--out", out, ...quiet, ...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
    expect((await readdir(folder)).sort()).toEqual(["seeds.jsonl", "task.json"]);
  });

  it("names another policy's directory, and the fields that differ by their lines", async () => {
    await corrsynth("rounds", file, "--policy", "weights", "--out", out, ...quiet);
    const { code, stderr } = await corrsynth("rounds", file, "--policy", "agree", "--out", out, ...quiet);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--policy: Expected "weights", received "agree"')]);
  });
});
