// corrsynth arena and tune with the demo teacher.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCli } from "../../lib/cli/program.js";
import * as library from "../../lib/index.js";
import { seeds, task } from "../lib/helpers/demo.js";
import { Memory } from "./environment.js";

let folder: string;
let file: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-arena-"));
  [file, out] = [join(folder, "task.json"), join(folder, "out")];
  await writeFile(join(folder, "seeds.jsonl"), seeds.map((seed) => `${JSON.stringify(seed)}\n`).join(""));
  await writeFile(file, JSON.stringify({ teacher: "demo", ...task({ seeds: "seeds.jsonl" }) }, null, 1));
});
afterEach(() => rm(folder, { recursive: true }));

async function corrsynth(...args: string[]) {
  const [stdout, stderr] = [new Memory(), new Memory()];
  const { signal } = new AbortController();
  const code = await runCli(args, { library, stdout, stderr, signal, now: () => performance.now() });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

const few = ["--rows", "4", "--seeds", "1", "--progress", "none"];
const arms = `# mine
name: mine
why: taking a check that embeds, from beside this file
fields:
  method: { name: cross, contrast: 0.5, heat: none }
`;

describe("corrsynth arena", () => {
  it("runs the arms of a file beside FewGen, prints both tables, and leaves a task that runs", async () => {
    await writeFile(join(folder, "arms.yaml"), arms);
    const made = await corrsynth("arena", file, "--out", out, "--arms", join(folder, "arms.yaml"), ...few);
    expect(made.code, made.stderr).toBe(0);
    expect(made.stderr).toMatch(/^Run 1 of 2: fewgen, seed 0\nRun 2 of 2: mine, seed 0\nFigures in /);
    expect(made.stdout).toMatch(/^# Arena\n\nA look, not a result: 1 seed to compare/);
    expect(made.stdout.match(/^\| mine \| 1 \|/gm)).toHaveLength(2);
    const written = parse(await readFile(join(out, "task.yaml"), "utf8")) as { seeds: string; teacher: string };
    expect([written.seeds, written.teacher]).toEqual([join(folder, "seeds.jsonl"), "demo"]);
    const { stdout } = await corrsynth("status", out);
    expect(stdout).toMatch(
      /^arena +.*out\nstate +done\nruns +2 of 2 done\nnext +figures in .*corrsynth run .*task\.yaml/,
    );
    expect(stdout).toMatch(/\narm +seeds done +of +rows\nfewgen +1 +1 +4\nmine +1 +1 +4\n$/);
    const run = await corrsynth("run", join(out, "task.yaml"), "--out", join(folder, "run"), "--progress", "none");
    expect(run.code, run.stderr).toBe(0);
  });

  it("names what is wrong by option, by file and arm, and by line of the task, with exit code 2 and nothing left behind", async () => {
    const wrong = join(folder, "wrong.yaml");
    await writeFile(
      wrong,
      "- name: a\n  fields: { sampling: { temperature: -1 } }\n- { name: b, fields: { count: 3 } }\n",
    );
    const torn = join(folder, "torn.yaml");
    await writeFile(torn, "- name: a\n  name: b\n");
    const none = join(folder, "none.jsonl");
    const gold = join(folder, "gold.jsonl");
    await writeFile(gold, `${JSON.stringify({ text: seeds[0]!.text, label: "animal" })}\n`);
    const table: [args: string[], message: RegExp][] = [
      [
        ["--arms", wrong],
        /wrong\.yaml: a\.fields\.sampling\.temperature: Expected more than 0, received -1\n.*wrong\.yaml: b\.fields\.count: /,
      ],
      [["--arms", torn], /torn\.yaml:2: The key "name" is given twice/],
      [["--arms", "quik"], /--arms: Expected one of quick, heatless, paper, all, or a file of arms, received "quik"/],
      [["--gold", none], /--gold: Cannot read/],
      [["--gold", gold], /seeds\.jsonl:1: Expected no seed that gold has/],
      [["--tokens", "100"], /--tokens: Expected either rows or tokens, received both/],
      [["--tokens", "many"], /Expected an integer from 1/],
      [["--hours", "0"], /Expected a number above 0/],
      [["--rows", "3"], /--rows: Expected at least a row for each of 4 labels, received 3/],
    ];
    for (const [args, message] of table) {
      const { code, stderr } = await corrsynth("arena", file, "--out", out, ...few, ...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
    await writeFile(file, JSON.stringify({ teacher: "demo", ...task({ seeds: "seeds.jsonl" }), count: 0 }, null, 1));
    const { code, stderr } = await corrsynth("arena", file, "--out", out, ...few);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/task\.json:\d+: count: /)]);
    expect(await readdir(folder)).not.toContain("out");
  });
});

describe("corrsynth tune", () => {
  it("says why the task stays as it was when its time was too short, and writes it", async () => {
    const made = await corrsynth("tune", file, "--out", out, ...few, "--hours", "0.0000001");
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toMatch(
      /^Found no setting that is better than yours by more than chance: the task stays as it was\./,
    );
    expect(made.stderr).toContain("The time is over: the same command goes on");
    const { stdout } = await corrsynth("status", out);
    expect(stdout).toMatch(
      /^tuning +.*\nstate +stopped\nruns +0 of \d+ done\nnext +the same command goes on: corrsynth tune TASK --out /,
    );
    expect(stdout).toContain("--rows 4 --seeds 1 --per-label 50");
    const written = parse(await readFile(join(out, "task.yaml"), "utf8")) as object;
    expect(written).toMatchObject({ method: { name: "fewgen" }, sampling: { maxTokens: 24 }, count: 16 });
  });

  it("names no option that it lacks: without seeds, or with one of a label, there is no gold to give", async () => {
    const refusal = async (spec: object) => {
      await writeFile(file, JSON.stringify({ teacher: "demo", ...spec }, null, 1));
      return await corrsynth("tune", file, "--out", out, ...few);
    };
    const bare = await refusal({ ...task({ prompt: { shots: 0 } }), seeds: undefined });
    expect([bare.code, bare.stderr]).toEqual([
      2,
      expect.stringMatching(/seeds: Expected seeds, half of which are held out/),
    ]);
    const one = [...seeds.filter(({ label }) => label !== "food"), seeds.find(({ label }) => label === "food")!];
    await writeFile(join(folder, "seeds.jsonl"), one.map((seed) => `${JSON.stringify(seed)}\n`).join(""));
    const lone = await refusal(task({ seeds: "seeds.jsonl" }));
    expect(lone.stderr).toMatch(/seeds\.food: Expected at least 2 seeds, .*, received 1: add some\b/);
    for (const { stderr } of [bare, lone]) expect(stderr).not.toContain("gold");
  });
});
