import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stopped } from "../../lib/cli/command.js";
import { EngineError, ModelLoadError } from "../../lib/errors.js";
import { QuotaError } from "../../lib/run/quota-error.js";
import { cli, instance, report } from "./environment.js";

let directory: string;
let task: string;
let out: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-cli-"));
  task = join(directory, "task.yaml");
  out = join(directory, "out");
  await writeFile(
    task,
    "teacher: t.gguf\nlabels: { animal: an animal, plant: a plant }\nprompt: { instruction: 'Define {label}', shots: 0 }\ncount: 2\n",
  );
});
afterEach(() => rm(directory, { recursive: true }));

const next = (run: string) =>
  `Look at them: corrsynth review ${run}; measure them: corrsynth evaluate ${run}; use them: corrsynth export ${run} --help\n`;

const manifest = async () => JSON.parse(await readFile(join(out, "manifest.json"), "utf8")) as Record<string, unknown>;

describe("corrsynth run", () => {
  it("writes a run directory, says so on stderr, and leaves stdout to data", async () => {
    const { code, stdout, stderr, calls } = await cli(["run", task, "--out", out, "--progress", "none"]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toBe(`2 rows in ${out} (0:01, 12 tokens/s)\n${next(out)}`);
    expect(calls).toEqual([`load ${join(directory, "t.gguf")}`, "synthesize", "close"]);
    const lines = (await readFile(join(out, "data.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(["one animal", "one plant"]);
    expect(await manifest()).toMatchObject({
      state: "done",
      instances: 2,
      task: { teacher: "t.gguf", count: 2 },
      settings: { count: [1, 1], sampling: { topP: 0.9 }, method: { name: "cross" } },
      seed: 0,
      teacher: { path: "/models/t.gguf", sha256: "00ff" },
      versions: { corrsynth: expect.stringMatching(/^\d/), llamaCpp: expect.stringMatching(/^[0-9a-f]{40}$/) },
      report: { quotaMet: true },
    });
  });

  it("loads no model and writes nothing when the task is wrong, and names every field with its line", async () => {
    await writeFile(task, "teacher: t.gguf\nlabels: [a, b]\nprompt:\n  instruction: x {labl}\n  shots: -1\ncount: 0\n");
    const { code, stderr, calls } = await cli(["run", task, "--out", out]);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr).toMatch(new RegExp(`^corrsynth: ${task}:\\d: `));
    expect(stderr).toContain(`${task}:5: prompt.shots: `);
    expect(stderr).toContain(`${task}:6: count: `);
    expect(stderr).toMatch(/\(CORRSYNTH_INVALID_CONFIG\)\n$/);
    expect(await readdir(directory)).toEqual(["task.yaml"]);
  });

  it("goes on with a run that was stopped, does nothing for one that is done, and starts over when told to", async () => {
    const run = ["run", task, "--out", out, "--progress", "none"];
    const first = { instances: [instance({ text: "one animal" })], error: new Stopped("SIGINT") };
    expect(await cli(run, first)).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("the same command goes on"),
    });
    const second = await cli(run, { instances: [instance({ group: 1, label: "plant", text: "one plant" })] });
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(/^Goes on with group 1: 1 rows are in /);
    const lines = (await readFile(join(out, "data.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(["one animal", "one plant"]);
    const third = await cli(run);
    expect([third.code, third.calls]).toEqual([0, [`load ${join(directory, "t.gguf")}`, "close"]]);
    expect(third.stderr).toMatch(/is done: nothing is left to do; --fresh starts over\n$/);
    expect((await cli([...run, "--fresh"])).calls).toContain("synthesize");
    expect((await readdir(out)).filter((name) => name.startsWith("old-")).length).toBe(1);
  });

  it("refuses another task with each difference by its line, and other files before loading the model", async () => {
    await cli(["run", task, "--out", out]);
    await writeFile(task, `${await readFile(task, "utf8")}sampling: { topP: 0.5 }\n`);
    const { code, stderr, calls } = await cli(["run", task, "--out", out]);
    expect([code, calls]).toEqual([2, [`load ${join(directory, "t.gguf")}`, "close"]]);
    expect(stderr).toContain(`${task}:5: sampling.topP: Expected 0.9, received 0.5`);
    expect(stderr).toContain("--fresh, which moves the old files to");
    expect(await cli(["run", task, "--out", directory])).toMatchObject({ code: 2, calls: [] });
  });

  it("keeps what was written when stopped, closes the teacher, and exits as the signal demands", async () => {
    for (const [by, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      out = join(directory, by);
      const outcome = await cli(["run", task, "--out", out], { instances: [instance({})], error: new Stopped(by) });
      expect(outcome.code).toBe(code);
      expect(outcome.stderr).toContain(`corrsynth: stopped by ${by}`);
      expect(outcome.calls.at(-1)).toBe("close");
      expect(await manifest()).toMatchObject({ state: "stopped", instances: 1 });
    }
  });

  it("--show prints the first accepted rows as they come, a line each", async () => {
    const instances = ["one\u001b\ntwo", "three", "four"].map((text, i) => instance({ id: `${i}.0`, group: i, text }));
    const args = ["run", task, "--out", out, "--progress", "none", "--show", "2"];
    const { code, stdout } = await cli(args, { instances });
    expect([code, stdout]).toEqual([0, "animal: one\\u{1b}\\u{a}two\nanimal: three\n"]);
  });

  it("exits 3 when the quota is not met, with the counts, and keeps rows and report", async () => {
    const labels = {
      animal: { wanted: 2, accepted: 1, surplus: 0, rejected: { duplicate: 4 } },
      plant: { wanted: 1, accepted: 1, surplus: 0, rejected: { "du\u001bp": 3 } },
    };
    const unmet = { ...report(["animal", "plant"]), labels, quotaMet: false, warnings: ["w\u0007"] };
    const error = new QuotaError("animal 1 of 2", unmet);
    const { code, stdout, stderr, calls } = await cli(["run", task, "--out", out, "--progress", "none"], { error });
    expect([code, stdout, calls.at(-1)]).toEqual([3, "", "close"]);
    expect(stderr).toBe(
      `2 rows in ${out} (0:01, 12 tokens/s)\n  plant: rejected 3 du\\u{1b}p\nwarning: w\\u{7}\n` +
        "corrsynth: animal 1 of 2 (CORRSYNTH_QUOTA_NOT_MET)\n",
    );
    expect(await manifest()).toMatchObject({
      state: "incomplete",
      instances: 2,
      report: unmet,
      reason: "animal 1 of 2",
    });
  });

  it("tells errors that a person can mend from those of the machine, and hides the stack unless asked", async () => {
    const run = ["run", task, "--out", out, "--progress", "none"];
    const noModel = await cli(run, { instances: [], error: new ModelLoadError("no\u001b such model") });
    expect(noModel).toMatchObject({ code: 2, stderr: "corrsynth: no\\u{1b} such model (CORRSYNTH_MODEL_LOAD)\n" });
    const engine = new EngineError("NaN", { cause: new Error("native") });
    expect(await cli(run, { instances: [], error: engine })).toMatchObject({
      code: 1,
      stderr: "corrsynth: NaN (CORRSYNTH_ENGINE)\n",
    });
    const verbose = await cli(["--verbose", ...run], { instances: [], error: engine });
    expect(verbose.stderr).toMatch(/program\.test\.ts[\s\S]*caused by: Error: native/);
    expect(await cli(run, { instances: [], error: new Error("odd") })).toMatchObject({
      code: 1,
      stderr: "corrsynth: odd\n",
    });
    expect(await readdir(directory)).toEqual(["task.yaml"]);
  });
});

describe("corrsynth status and merge", () => {
  it("status shows what directories hold, harmlessly, and as JSON where asked", async () => {
    await writeFile(task, (await readFile(task, "utf8")).replace("animal: an", '"a\\u202e": an'));
    await cli(["run", task, "--out", out, "--progress", "none"]);
    const { code, stdout } = await cli(["status", out]);
    expect(code).toBe(0);
    expect(stdout).toContain("state         done\nrows          2 of 2\ngroups        1\n");
    expect(stdout).toMatch(/^written by +no process$/m);
    expect(stdout).toMatch(/^a\\u\{202e\} +1 +1 +0 +0$/m);
    const [status] = JSON.parse((await cli(["status", "--json", out])).stdout) as object[];
    expect(status).toMatchObject({
      path: out,
      state: "done",
      rows: 2,
      labels: { "a\u202e": { accepted: 1, wanted: 1 } },
    });
    expect(await cli(["status", directory])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Expected a run"),
    });
  });

  it("merge joins runs of different groups and refuses the same group twice", async () => {
    const labels = ["animal", "plant"];
    const parts = [1, 0].map((group) => ({
      path: join(directory, `part-${group}`),
      instances: labels.map((label, row) =>
        instance({ id: `${group}.${row}`, group, label, text: `${group} ${label}` }),
      ),
    }));
    for (const { path, instances } of parts) await cli(["run", task, "--out", path], { instances });
    const paths = parts.map(({ path }) => path);
    const merged = await cli(["merge", ...paths, "--out", out]);
    expect(merged).toMatchObject({ code: 0, stdout: "", stderr: `4 rows of 2 groups in ${out}\n`, calls: [] });
    const lines = (await readFile(join(out, "data.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(["0.0", "0.1", "1.0", "1.1"]);
    const twice = await cli(["merge", ...paths, paths[0]!, "--out", join(directory, "twice")]);
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringContaining("group 1 is in") });
  });
});

describe("corrsynth plan and preview", () => {
  it("plan says what a run will cost, harmlessly, and as JSON where asked", async () => {
    const { code, stdout, calls } = await cli(["plan", task]);
    expect([code, calls]).toEqual([0, [`load ${join(directory, "t.gguf")}`, "close"]]);
    expect(stdout).toMatch(/^teacher +a\\u\{1b\}\[31mteacher\nmodel +llama, 3 M parameters, 3\.1 MB\n/);
    expect(stdout).toContain("25, up to 3 at a time, threads: 2");
    expect(stdout).toContain("256 tokens a row, 11.8 MB in all");
    expect(stdout).toContain("61 tokens (plant)");
    expect(stdout).toContain("1,200 tokens are read for it and 300 before, to calibrate it: 0:12 of the time below");
    expect(stdout).toContain("warning: few\\u{7} seeds");
    expect(stdout).toContain("note: reasoning is\\u{7} off");
    const measuring = "plan: reading and writing a few hundred tokens, to measure how fast the model is …\n";
    expect((await cli(["plan", task])).stderr).toContain(measuring);
    expect((await cli(["plan", task, "--progress", "none"])).stderr).not.toContain("measure");
    expect(JSON.parse((await cli(["plan", task, "--json"])).stdout)).toMatchObject({
      groups: 25,
      tokensToDecode: 4800,
    });
  });

  const shown =
    "animal, the same for 2 rows\n    Definition of an animal: x\n    Definition of an animal:\n" +
    '  ⇒ evil\\u{1b}[2Jtext\n  (3 tokens, stop "\\n", label 70 %)\n  (taken off: "\\"" and "\\" and")\n' +
    '  ⇒ a text\n  (more than count wants, 3 tokens, stop "\\n")\n\n' +
    "plant\n    Definition of a plant:\n" +
    "  ⇒ a rod\\u{1b}ent\n    all of it\n" +
    '  (rejected: label, taken for an\\u{7}imal, 3 tokens, stop "\\n")\n\n' +
    "1 row of further groups, whose prompts have other examples or values (--json has them)\n" +
    '  ⇒ (no text)\n  (animal, rejected: empty, 3 tokens, stop "\\n")\n\n' +
    "rows: 1 accepted, rejected 1 label, 1 empty, 1 more than count wants\n" +
    'endings: 0 by an end token, 4 by a stop ("\\n" 4, "##" never), 0 at the limit\n' +
    "collapse: Self-BLEU-5 0.12, distinct-2 none of 3 rows; Self-BLEU-5 0.10, distinct-2 0.90 of 16 seeds\n" +
    "factors: own 1, label 0.5, common 0.4\n" +
    "contrast: 0.6 in all (γ 1 − δ 0.4); what all rows agree on: as temperature 2.5\n" +
    "warning: an open\\u{7} tag\nnote: a brand's\\u{7} text\nadvice: stop at\\u{7}\n";

  it("preview shows each prompt once with its rows whole, control characters made visible", async () => {
    const { stdout, calls } = await cli(["preview", task]);
    expect(stdout).toBe(shown);
    expect(calls).toContain("preview 16");
    expect((await cli(["preview", task, "--rows", "4"])).calls).toContain("preview 4");
    for (const wrong of ["0", "257", "x"]) {
      const refused = await cli(["preview", task, "--rows", wrong]);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("Expected an integer from 1 to 256") });
    }
    const json = JSON.parse((await cli(["preview", task, "--json"])).stdout) as { rows: { text: string }[] };
    expect(json.rows[0]!.text).toBe("evil\u001b[2Jtext");
  });

  it("preview --both shows both formats, or why one is refused, and compares them", async () => {
    const { stdout } = await cli(["preview", task, "--both"]);
    expect(stdout).toBe(
      `Format raw\n==========\n\n${shown}\nFormat chat\n===========\n\nno template\\u{7}: give one\n\n` +
        "format  accepted  ended  at the limit  Self-BLEU-5  distinct-2  tokens\n" +
        "raw       2 of 4      4             0         0.12        none       3\n",
    );
    const json = JSON.parse((await cli(["preview", task, "--both", "--json"])).stdout) as Record<string, object>;
    expect(json).toMatchObject({ raw: { format: "raw" }, chat: { refused: "no template\u0007: give one" } });
  });
});

describe("corrsynth demo", () => {
  it("runs Hybrid, FewGen and its matched control on equal terms and prints rows and scores", async () => {
    const args = ["demo", "--count", "16", "--seed", "9", "--progress", "none", "--out", out];
    const { code, stdout, specs, calls } = await cli(args);
    const runs = ["load demo", "synthesize", "synthesize", "synthesize", "close"];
    expect([code, calls]).toEqual([0, [...runs, "load demo", "close"]]);
    expect(specs.map(({ method }) => method?.name)).toEqual(["hybrid", "fewgen", "fewgen-matched"]);
    for (const spec of specs) expect({ ...spec, method: null }).toEqual({ ...specs[0], method: null });
    expect(specs[0]).toMatchObject({ count: 16, sampling: { seed: 9 }, prompt: { separator: "\n" } });
    expect(stdout).toContain("  substance  one substance\n");
    expect(stdout).toMatch(/^method +rows +distinct-1 +distinct-2 +distinct-3 +Self-BLEU-5/m);
    // "one X" eight times: 9 distinct of 16 tokens
    expect(stdout).toMatch(/^hybrid +8 +0\.563 +1\.000 +- /m);
    expect(stdout).toContain("wink-nlp");
    expect(stdout).not.toContain("differ in size");
  });

  it("ends with a report without gold, beside three run directories, in a new directory where none is named", async () => {
    const { stdout } = await cli(["demo", "--progress", "none"]);
    const path = /^Report in (.+)$/m.exec(stdout)![1]!;
    const made = dirname(path);
    expect((await readdir(made)).sort()).toEqual([
      ...["comparison.json", "fewgen", "fewgen-matched", "hybrid", "report.html"],
    ]);
    const report = await readFile(path, "utf8");
    expect(report).toContain("no gold was given");
    expect(report).toContain("8 rows of 8 labels, without gold");
    await rm(made, { recursive: true });
  });

  it("writes where asked, and refuses a directory in use before it starts", async () => {
    const args = ["demo", "--out", out, "--progress", "none"];
    expect((await cli(args)).code).toBe(0);
    expect((await readdir(out)).sort()).toEqual([
      ...["comparison.json", "fewgen", "fewgen-matched", "hybrid", "report.html"],
    ]);
    out = join(out, "hybrid");
    expect(await manifest()).toMatchObject({
      state: "done",
      instances: 8,
      task: { teacher: "demo", count: 200 },
      seed: 7,
    });
    expect(await cli(args)).toMatchObject({ code: 2, calls: [] });
  });

  it("shows generated text harmlessly", async () => {
    const instances = [instance({ text: "\u001b]0;owned\u0007" }), instance({ text: "b" })];
    const { stdout } = await cli(["demo", "--out", out], { instances });
    expect(stdout).toContain("\\u{1b}]0;owned\\u{7}");
    expect(stdout).not.toContain("\u001b");
  });
});

describe("corrsynth", () => {
  it("answers wrong command lines on stderr with exit code 2", async () => {
    const lines: [args: string[], message: string][] = [
      [["rum"], "unknown command 'rum'"],
      [["run", task], "required option '--out <dir>' not specified"],
      [["plan"], "missing required argument 'task'"],
      [["run", task, "--out", out, "--progress", "loud"], "Allowed choices are auto, bar, plain, json, none"],
      [["demo", "--count", "0"], "Expected an integer from 1"],
      [["demo", "--count", "1e3"], "Expected an integer from 1"],
      [["demo", "--seed", "-1"], "Expected an integer from 0"],
      [["demo", "--seed", "9007199254740992"], "Expected an integer from 0"],
      [["plan", join(directory, "none.yaml")], "Expected a readable task file"],
    ];
    for (const [args, message] of lines) {
      const { code, stdout, stderr, calls } = await cli(args);
      expect([code, stdout, calls], args.join(" ")).toEqual([2, "", []]);
      expect(stderr).toMatch(/^corrsynth: /);
      expect(stderr).toContain(message);
    }
  });

  it("shows help and version on stdout with exit code 0, and help on stderr with 2 when nothing is asked", async () => {
    expect(await cli(["--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining("preview"), stderr: "" });
    expect(await cli(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await cli([])).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Usage: corrsynth") });
  });
});

describe("corrsynth doctor", () => {
  it("prints what the library found, harmless to a terminal", async () => {
    const { code, stdout } = await cli(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toContain("addon      /addon/corrsynth.node");
    expect(stdout).toContain("devices    CPU: a \\u{1b}[31mprocessor (cpu, 8.0 GB of 16.0 GB free)");
    expect(stdout).toMatch(/\nNo GPU was found\n$/);
  });

  it("tries a model, and shows what it wrote as a terminal may", async () => {
    const { stdout, calls } = await cli(["doctor", "--model", "m.gguf"]);
    expect(calls).toEqual(["try m.gguf"]);
    expect(stdout).toContain("2,800,000 parameters, 3,072 tokens, context of 512");
    expect(stdout).toContain('it wrote  "a \\\\u{1b}[31mtext"');
  });

  it("tries early layers, and says whether dola can have them", async () => {
    const found = await cli(["doctor", "--model", "m.gguf", "--layers", "2, 4"]);
    expect(found.calls).toEqual(["try m.gguf layers 2,4"]);
    expect(found.stdout).toContain("its layers  2, 4 can be read: dola can have them\n");
    const { stdout } = await cli(["doctor", "--model", "m.gguf", "--layers", "low", "--second", "s.gguf"]);
    expect(stdout).toContain("its layers  no \\u{7}\n");
    expect(stdout).toContain("its tokens  the same");
  });

  it.each<[method: string, tried: string]>([
    ["{ name: fewgen }", "try M"],
    ["{ name: dola, layers: high }", "try M layers high"],
    ["{ name: cross, dola: { layers: [1, 3], weight: 0.05 } }", "try M layers 1,3"],
    ["{ name: cross, dola: { layers: [1, 3], weight: 0 } }", "try M"],
    ["{ name: cross, guide: { weight: 0.5 } }\nguide: demo", "try M demo"],
    ["{ name: contrastive }\namateur: { model: demo }", "try M demo"],
  ])("tries what a task asks for: %s", async (method, tried) => {
    await writeFile(task, `${await readFile(task, "utf8")}method: ${method}\n`);
    const { code, calls } = await cli(["doctor", "--task", task]);
    expect([code, calls]).toEqual([0, [tried.replace("M", join(directory, "t.gguf"))]]);
  });

  it.each<[args: string[], told: string]>([
    [["--layers", "2"], "--layers: Expected --model beside it, received none"],
    [["--second", "s.gguf"], "--second: Expected --model beside it, received none"],
    [["--model", "m.gguf", "--layers", "0,2"], 'Expected "low", "high", or numbers of 1 or more'],
    [["--model", "m.gguf", "--layers", "2,2"], "each once"],
    [["--task", "t.yaml", "--model", "m.gguf"], "--model: Expected none with --task"],
  ])("refuses %j", async (args, told) => {
    const { code, stderr, calls } = await cli(["doctor", ...args]);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr).toContain(told);
  });

  it("prints JSON with the versions", async () => {
    const { stdout } = await cli(["doctor", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ versions: { node: process.version }, threads: 3, sampler: "cpu" });
  });
});

describe("a task's device", () => {
  it("is handed to the library as it is written, and is no field of the task's spec", async () => {
    await writeFile(task, `${await readFile(task, "utf8")}device: { gpu: false, mainGpu: 1 }\n`);
    const { code, calls } = await cli(["run", task, "--out", out, "--progress", "none"]);
    expect(code).toBe(0);
    expect(calls[0]).toBe(`load ${join(directory, "t.gguf")} {"gpu":false,"mainGpu":1}`);
  });
});
