import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Environment, type Library, Stopped } from "../../lib/cli/command.js";
import { EmbeddingAhead } from "../../lib/cli/embedding-ahead.js";
import { reportLine } from "../../lib/cli/evaluation-command.js";
import { runCli } from "../../lib/cli/program.js";
import { showStages } from "../../lib/cli/stage-progress.js";
import { ModelLoadError } from "../../lib/errors.js";
import type { Evaluation } from "../../lib/evaluate/index.js";
import { type EmbeddingModel, VectorCache } from "../../lib/index.js";
import { Memory } from "./environment.js";

let directory: string;
let gold: string;
let run: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-evaluate-"));
  gold = join(directory, "gold.csv");
  await writeFile(gold, "label,text\nx,a b b a\nx,b a a b\ny,g g h h\ny,h g g\n");
  run = await writeRun("run", "demo");
});
afterEach(() => rm(directory, { recursive: true }));

const rows = [
  { id: "0.0", text: "a b a a", label: "x" },
  { id: "0.1", text: "a b b", label: "x", contrastNorms: [2, 1] },
  { id: "0.2", text: "g h \u001b[31mg", label: "y" },
];

async function writeRun(name: string, teacher: string, settings: object = {}): Promise<string> {
  const path = join(directory, name);
  await mkdir(path);
  await writeFile(join(path, "data.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const labels = [{ name: "x" }, { name: "y" }];
  const manifest = {
    ...{ format: 1, state: "done", task: { teacher }, settings: { labels, method: { name: "hybrid" }, ...settings } },
    ...{ seed: 7, teacher: { path: `/models/${teacher}.gguf`, sha256: `${teacher}00`, name: "tiny", parameters: 1e6 } },
  };
  await writeFile(join(path, "manifest.json"), JSON.stringify(manifest));
  return path;
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly string[];
}

/** @param onEmbed  called when the teacher is asked for vectors. */
async function cli(
  args: readonly string[],
  onEmbed: (stop: AbortController) => void = () => undefined,
): Promise<Outcome> {
  const calls: string[] = [];
  const stop = new AbortController();
  const library = {
    loadEmbedder: async (source: string) => {
      calls.push(`load ${source}`);
      if (source === "none.gguf") throw new ModelLoadError("Expected a model");
      return {
        info: { name: "tiny", pooling: "last" },
        embed: async (texts: readonly string[], { pooling }: { pooling: string }) => {
          calls.push(`embed ${texts.length} ${pooling}`);
          onEmbed(stop);
          return texts.map((text) => Float32Array.from("abgh", (letter) => 0.1 + text.split(letter).length));
        },
        close: async () => void calls.push("close"),
      };
    },
  } as unknown as Library;
  const [stdout, stderr] = [new Memory(), new Memory()];
  const environment: Environment = { library, stdout, stderr, signal: stop.signal, now: () => 0 };
  const code = await runCli([...args, "--progress", "none"], environment);
  return { code, stdout: stdout.text, stderr: stderr.text, calls };
}

const json = async (path: string) => JSON.parse(await readFile(path, "utf8")) as unknown;

describe("corrsynth evaluate", () => {
  it("writes figures and report into the run directory, prints a table, and uses the run's own teacher", async () => {
    const { code, stdout, stderr, calls } = await cli(["evaluate", run, "--gold", gold]);
    const embedded = "run: 3 of 4 gold rows were embedded, drawn by seed 0: 3 for MAUVE (--sample-size)\n";
    expect([code, stderr]).toEqual([0, `${embedded}Report in ${join(run, "report.html")}\n`]);
    expect(calls).toEqual(["load demo", "embed 6 last", "close"]); // rows, and as many of gold
    expect(stdout).toMatch(/^ +run +gold\nrows +3 +4\nSelf-BLEU-5 ↓ +\d+\.\d +\d+\.\d\n/);
    expect(stdout).toMatch(/^Proxy student accuracy ↑ +100\.0 % +-$/m);
    expect((await readdir(run)).sort()).toEqual(["data.jsonl", "evaluation.json", "manifest.json", "report.html"]);
    expect(await json(join(run, "evaluation.json"))).toMatchObject({
      rows: { n: 3, labels: { x: 2, y: 1 } },
      sample: { n: 3 },
      mauve: { value: null, reason: "it compares at least 150 rows of each set, and there are 3" },
      labelCosine: { value: { features: "demo teacher, last token" } },
      entities: { value: { recogniser: expect.stringContaining("compromise") as unknown } },
      contrast: { value: { n: 1, mean: [2, 1] } },
      copiesOfSeeds: { value: null },
    });
    const report = await readFile(join(run, "report.html"), "utf8");
    expect(report).toContain("features: demo teacher, last token");
    expect(report).not.toContain("\u001b");
  });

  it("says of which labels gold has no row, as the beginning of a file in their order does", async () => {
    const start = join(directory, "start.csv");
    await writeFile(start, "label,text\nx,b a\nx,a b a\n");
    const { code, stderr } = await cli(["evaluate", run, "--gold", gold, "--gold-train", start, "--ner", "none"]);
    expect(code).toBe(0);
    expect(stderr).toContain('run: gold to train on has no row of "y": figures of it say nothing about them');
    expect(stderr).not.toContain("gold has no row");
  });

  it("says how many gold rows are seeds of the run", async () => {
    const seeded = await writeRun("seeded", "demo", { seeds: join(directory, "seeds.jsonl") });
    await writeFile(join(directory, "seeds.jsonl"), '{"text":"a b b a ","label":"x"}\n{"text":"c","label":"y"}\n');
    const { code, stderr } = await cli(["evaluate", seeded, "--gold", gold, "--ner", "none"]);
    expect(code).toBe(0);
    expect(stderr).toContain("seeded: 1 of 4 gold rows is a seed of the run: figures on gold flatter");
  });

  it("does without gold: what needs it is missing, with the reason, and nothing stands beside the rows", async () => {
    const { code, stdout } = await cli(["evaluate", run, "--ner", "none"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +run\nrows +3\nSelf-BLEU-5 ↓ +\d+\.\d\n/);
    expect(stdout).toMatch(/^Proxy student accuracy ↑ +-$/m);
    expect(stdout).toMatch(/^- MAUVE, Length distance, .*Proxy student accuracy: no gold was given/m);
    const reason = { value: null, reason: expect.stringMatching(/^no gold was given/) as unknown };
    expect(await json(join(run, "evaluation.json"))).toMatchObject({
      ...{ gold: null, mauve: reason, student: reason, yardsticks: { proxy: reason }, copiesOfGold: reason },
      ...{ sample: { n: 3, gold: null }, lengths: { gold: null, distance: null }, cartography: { value: { n: 3 } } },
    });
    const report = await readFile(join(run, "report.html"), "utf8");
    expect(report).toContain("3 rows of 2 labels, without gold");
    expect(report).not.toContain(">gold</th>");
  });

  it("shows what the run's label check took its rows for, those that it rejected included", async () => {
    const checked = await writeRun("checked", "demo", { check: { by: "teacher" }, count: [2, 1] });
    const tally = { accepted: 2, surplus: 0, rejected: { label: 3 }, takenFor: { x: 2, y: 3 } };
    const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(`${JSON.stringify(row)}\n`), 0);
    const other = { accepted: 1, surplus: 0, rejected: {}, takenFor: { y: 1 } };
    const entry = { group: 0, labels: [tally, other], rows: 3, bytes };
    await writeFile(join(checked, "journal.jsonl"), `${JSON.stringify(entry)}\n`);
    const { code, stdout } = await cli(["evaluate", checked, "--embedder", "none", "--ner", "none"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^the run's label check +taken for it +for another\nx +2 +3 y\ny +1\n\nOf all rows/m);
    const labelCheck = { x: { x: 2, y: 3 }, y: { y: 1 } };
    expect(await json(join(checked, "evaluation.json"))).toMatchObject({ labelCheck });
    expect(await readFile(join(checked, "report.html"), "utf8")).toContain(
      "50.0 % of 6 rows were taken for their label, those that were then rejected included",
    );
  });

  it("shows the rows that the run and a person rejected, and says which texts were not kept", async () => {
    const kept = { id: "0.3", label: "y", reason: "min-words", group: 0, repeat: 0, tokens: 1, ending: "stop" };
    const line = `${JSON.stringify({ ...kept, text: "g</script>" })}\n`;
    await writeFile(join(run, "rejected.jsonl"), line);
    const bytes = Buffer.byteLength(await readFile(join(run, "data.jsonl")));
    const tally = (accepted: number, rejected: object) => ({ accepted, surplus: 0, rejected });
    const labels = [tally(2, { duplicate: 2 }), tally(1, { "min-words": 1 })];
    const entry = { group: 0, labels, rows: 3, bytes, rejectedBytes: Buffer.byteLength(line) };
    await writeFile(join(run, "journal.jsonl"), `${JSON.stringify(entry)}\n`);
    await writeFile(join(run, "review.jsonl"), '{"row":"0.1","rejected":true,"label":null,"text":null}\n');
    const { code } = await cli(["evaluate", run, "--embedder", "none", "--ner", "none"]);
    expect(code).toBe(0);
    const report = await readFile(join(run, "report.html"), "utf8");
    const data = JSON.parse(/id="data">([^<]*)</.exec(report)![1]!) as { reasons: string[]; rejected: unknown[] };
    expect(data.reasons).toEqual(["min-words", "review, by a person"]);
    expect(data.rejected).toEqual([
      [0, 1, "g</script>", 0],
      [0, 0, "a b b", 1],
    ]);
    expect(report).toContain(
      "<b>Rejected rows</b>: the run kept the texts of 1 of 3 (2 duplicate, 1 min-words): set filters.keepRejected",
    );
  });

  it("holds as many rows as asked for, says how many there are, and tells the size of a large file", async () => {
    const { code, stderr } = await cli(["evaluate", run, "--embedder", "none", "--ner", "none", "--report-rows", "2"]);
    expect([code, stderr]).toEqual([0, `Report in ${join(run, "report.html")}\n`]);
    expect(await readFile(join(run, "report.html"), "utf8")).toContain("The page holds 2 of the 3 rows");
    expect(reportLine({ path: "c/report.html", bytes: 4_999_999 })).toBe("Report in c/report.html\n");
    const large = "Report in c/report.html (12.3 MB: --report-rows makes it smaller)\n";
    expect(reportLine({ path: "c/report.html", bytes: 12_340_000 })).toBe(large);
  });

  it("measures the rows by students on the seeds, on both and on gold, and says of each what it lacks", async () => {
    const file = (name: string, lines: readonly string[]) => {
      const path = join(directory, name);
      return writeFile(path, lines.join("\n")).then(() => path);
    };
    const rows = await file("rows.csv", ["text,label,weight", "an old fox,x,1", "a green fern,y,0.5", "a fern,x,0"]);
    const seeds = await file("s.jsonl", [
      '{"text":"the fox","label":"x"}',
      '{"text":"the fern","label":"y"}',
      '{"text":"?"}',
    ]);
    const test = await file("test.csv", ["text,label", "fox,x", "fern,y"]);
    const some = Array.from({ length: 12 }, (_, i) => [`fox ${i},x`, `fern ${i},y`]).flat();
    const train = await file("train.csv", ["text,label", "fox,x", ...some]);
    const plain = ["--embedder", "none", "--ner", "none", "--out", join(directory, "out")];
    const args = ["evaluate", rows, "--seeds", seeds, "--gold", test, ...plain];
    const found = await cli([...args, "--gold-train", train]);
    expect(found.code).toBe(0);
    expect(found.stdout).toMatch(/^proxy student of +rows\n/m);
    for (const set of ["seeds alone", "seeds, repeated to as many rows", "synthetic rows", "synthetic rows and seeds"])
      expect(found.stdout).toMatch(new RegExp(`^${set} +100\\.0 \\(`, "m"));
    expect(found.stdout).toMatch(/^all gold +100\.0/m);
    expect(found.stdout).toContain("Accuracy on 2 gold rows, %, with the 95 % interval over what was learnt");
    const { yardsticks, labelFidelity } = (await json(
      join(directory, "out", "evaluation.json"),
    )) as never as Evaluation;
    const { sets } = yardsticks.proxy.value!;
    // the row of weight 0 teaches nothing, and the text of test.csv is left out of train.csv
    expect([sets.synthetic.value!.trainRows, sets.allGold.value!.trainRows]).toEqual([3, 24]);
    expect(labelFidelity.value).toMatchObject({ judge: "gold to train on", accuracy: 2 / 3, judgeAccuracy: 1 });
    expect(await readFile(join(directory, "out", "report.html"), "utf8")).toContain(
      "the rows change what the seeds alone",
    );

    const without = await cli(args);
    expect(without.stdout).not.toMatch(/^all gold /m);
    expect(without.stdout).toMatch(
      /^- gold, as many rows; all gold: no gold to train on was given: .*--gold-train FILE/m,
    );
    await writeFile(rows, "text,label,weight\na,x,heavy\n");
    expect(await cli(args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('rows.csv:2: Expected a number from 0 in "weight"') as unknown,
    });
  });

  it("takes files of any columns, and does without models where told to", async () => {
    const file = join(directory, "other.csv");
    await writeFile(file, "kind,body\nx,a b a\ny,g h g\ny,  \n");
    const out = join(directory, "out");
    const columns = ["--text-column", "body", "--label-column", "kind", "--ner", "none"];
    const { code, stdout, stderr, calls } = await cli([
      "evaluate",
      file,
      "--gold",
      gold,
      ...columns,
      "--out",
      out,
      "--json",
    ]);
    expect([code, calls]).toEqual([0, []]);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: { n: 2, blank: 1 },
      mauve: { value: null },
      entities: { value: null },
    });
    expect(stderr).toBe(`other: 1 blank row was left out\nReport in ${join(out, "report.html")}\n`);
    expect(await json(join(out, "evaluation.json"))).toEqual(JSON.parse(stdout));
  });

  it("counts a half-written line, reads seeds and student.json, and says so", async () => {
    const seeds = join(directory, "seeds.jsonl");
    await writeFile(seeds, '{"text":"a b b","label":"x"}\n');
    run = await writeRun("stopped", "demo", { seeds });
    await writeFile(join(run, "data.jsonl"), '{"text":"cut', { flag: "a" });
    const student = {
      ...{ format: 1, student: "distilbert", trainRows: 3, goldRows: 4, accuracy: 0.75, interval: null },
      ...{ rowsInterval: [0.3, 0.95], perRun: [0.75], labels: ["x", "y"], unseenLabels: [] },
      confusion: [
        [2, 0],
        [1, 1],
      ],
    };
    await writeFile(join(run, "student.json"), JSON.stringify(student));
    const { code, stdout, stderr } = await cli([
      "evaluate",
      run,
      "--gold",
      gold,
      "--embedder",
      "none",
      "--ner",
      "none",
      "--json",
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      "stopped: 1 line at the end is half written, as a stopped run leaves it, and was left out\n",
    );
    expect(JSON.parse(stdout)).toMatchObject({
      rows: { n: 3 },
      copiesOfSeeds: { value: { sources: 1, copied: 1 } },
      ownStudent: { value: { student: "distilbert", accuracy: 0.75, testRows: 4, cartography: null } },
    });
    await writeFile(join(run, "student.json"), JSON.stringify({ ...student, accuracy: 75 }));
    expect(await cli(["evaluate", run, "--gold", gold])).toMatchObject({
      ...{ code: 2, calls: [] },
      stderr: expect.stringContaining("student.json: accuracy: Expected at most 1, received 75") as unknown,
    });
  });

  it("refuses wrong input before a model is loaded, and writes nothing", async () => {
    const other = join(directory, "other.csv");
    await writeFile(other, "label,text\nX,a b\nz,a\n");
    const cases: [args: string[], message: string][] = [
      [["evaluate", run, "--match-labels"], "--match-labels: Expected gold rows"],
      [["evaluate", run, "--skip-unknown-labels"], "--skip-unknown-labels: Expected gold rows"],
      [["evaluate", join(directory, "none"), "--gold", gold], "Expected a run directory or a file"],
      [
        ["evaluate", run, "--gold-train", join(directory, "other.csv")],
        'Unknown label "X" of 1 row, did you mean "x"?',
      ],
      [
        ["evaluate", directory, "--gold", gold],
        'Expected the files of one data set, received ".", "run": name one of them',
      ],
      [["evaluate", gold, "--gold", gold], "name one with --out DIR"],
      [
        ["evaluate", run, "--gold", gold, "--gold-text-column", "body"],
        'Expected a column "body", the columns are "label", "text": name other columns with --gold-text-column and --gold-label',
      ],
      [["evaluate", run, "--gold", gold, "--seeds", join(directory, "none")], "Expected a readable file"],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr, calls } = await cli(args);
      expect([args, code, stdout, calls]).toEqual([args, 2, "", []]);
      expect(stderr).toContain(message);
    }
    const unknown = await cli(["evaluate", run, "--gold", other, "--embedder", "none"]);
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Unknown label "X" of 1 row, did you mean "x"/) as unknown,
    });
    const unlike = await cli(["evaluate", run, "--gold", other, "--embedder", "none", "--skip-unknown-labels"]);
    expect(unlike).toMatchObject({
      code: 2,
      calls: [],
      stderr: expect.stringContaining('Unknown label "z"') as unknown,
    });
    expect((await readdir(run)).sort()).toEqual(["data.jsonl", "manifest.json"]);
  });

  it("says what to do when the teacher of the run is gone", async () => {
    const gone = await cli(["evaluate", run, "--gold", gold, "--embedder", "none.gguf"]);
    expect(gone).toMatchObject({ code: 2, stderr: "corrsynth: Expected a model (CORRSYNTH_MODEL_LOAD)\n" });
    run = await writeRun("moved", "x");
    await writeFile(
      join(run, "manifest.json"),
      (await readFile(join(run, "manifest.json"), "utf8")).replace("/models/x", "none"),
    );
    const { code, stderr } = await cli(["evaluate", run, "--gold", gold]);
    expect(code).toBe(2);
    expect(stderr).toContain("Expected a model: name a model for the features with --embedder PATH");
  });

  it("takes another model for the maps alone, which reads no gold", async () => {
    const args = ["evaluate", run, "--gold", gold, "--embedder", "demo", "--map-embedder"];
    const { code, calls } = await cli([...args, "map.gguf"]);
    const embedded = ["embed 7 last", "embed 3 last"]; // rows and gold, and rows
    expect([code, calls]).toEqual([0, ["load demo", "load map.gguf", ...embedded, "close", "close"]]);
    const same = await cli([...args, "demo"]);
    expect(same.calls).toEqual(["load demo", "embed 7 last", "close"]);
    const refused = await cli([...args, "none.gguf"]);
    expect([refused.code, refused.calls]).toEqual([2, ["load demo", "load none.gguf", "close"]]);
    const alone = await cli(["evaluate", run, "--gold", gold, "--embedder", "none", "--map-embedder", "map.gguf"]);
    expect(alone.calls).toEqual(["load map.gguf", "embed 3 last", "close"]);
  });

  it("stops at Ctrl-C with exit code 130, closes the model and writes nothing", async () => {
    const { code, stderr, calls } = await cli(["evaluate", run, "--gold", gold], (stop) =>
      stop.abort(new Stopped("SIGINT")),
    );
    expect([code, calls.at(-1)]).toEqual([130, "close"]);
    expect(stderr).toMatch(/^corrsynth: stopped by SIGINT; the same command starts over$/m);
    expect((await readdir(run)).sort()).toEqual(["data.jsonl", "manifest.json"]);
  });
});

describe("corrsynth compare", () => {
  it("evaluates all on equal numbers of rows, names directories of one name apart, and writes one report", async () => {
    await mkdir(join(directory, "b"));
    const other = await writeRun("b/run", "demo");
    await writeFile(
      join(other, "data.jsonl"),
      rows
        .slice(1)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(""),
    );
    const out = join(directory, "out");
    const { code, stdout, calls } = await cli(["compare", run, other, "--gold", gold, "--out", out]);
    // each text once: three rows, which both datasets have, and the same two of gold
    expect([code, calls]).toEqual([0, ["load demo", "embed 5 last", "close"]]);
    const found = (await json(join(out, "comparison.json"))) as {
      datasets: { name: string; evaluation: Evaluation }[];
    };
    expect(found.datasets.map(({ name }) => name.split("/").at(-2))).toEqual([directory.split("/").at(-1), "b"]);
    expect(found.datasets.map(({ evaluation }) => evaluation.sample.n)).toEqual([2, 2]);
    expect(found.datasets.map(({ evaluation }) => evaluation.rows.n)).toEqual([3, 2]);
    expect(stdout).toContain("Diversity is that of 2 rows of each set");
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("Comparison of 2 datasets");
  });

  it("asks for a model when the datasets have different teachers", async () => {
    const other = await writeRun("other", "big");
    const args = ["compare", run, other, "--gold", gold, "--out", join(directory, "out")];
    const { code, stderr, calls } = await cli(args);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr).toContain("--embedder: Expected one model for the features of all datasets, their teachers differ");
    expect((await cli([...args, "--embedder", "demo"])).code).toBe(0);
  });
});

describe("embedding", () => {
  it("takes as many rows of gold as it is told, says which, and refuses more than there are", async () => {
    const args = ["evaluate", run, "--gold", gold, "--embedder", "demo", "--ner", "none"];
    const { code, stderr } = await cli([...args, "--gold-rows", "1", "--sample-size", "1"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /run: [12] of 4 gold rows (was|were) embedded, drawn by seed 0: 1 for MAUVE \(--sample-size\), 1 to test students/,
    );
    const found = (await json(join(run, "evaluation.json"))) as Evaluation;
    expect(found.sample.n).toBe(1);
    expect(found.yardsticks.logistic.value?.testRows).toBe(1);
    expect(found.yardsticks.proxy.value?.testRows).toBe(4);
    expect(found.embedded).toMatchObject({ rows: 3, seeds: null, goldTrain: null });
    const refused = await cli([...args, "--sample-size", "4"]);
    expect([refused.code, refused.calls]).toEqual([2, []]);
    expect(refused.stderr).toContain("--sample-size: Expected at most 3, which all sets have, received 4");
  });

  it("says before it begins how many texts there are, and how long those that are not in the cache take", async () => {
    const written = async (mode: "auto" | "json" | "none", known: number, clock: readonly number[]) => {
      const model = {
        info: { pooling: "last" },
        isCached: async (texts: readonly string[]) => texts.map((_, t) => t < known),
        embed: async (texts: readonly string[]) => texts.map(({ length }) => Float32Array.of(length)),
      } as unknown as EmbeddingModel;
      const stderr = new Memory();
      const times = [...clock];
      const display = showStages("none", "", stderr, () => 0);
      const { signal } = new AbortController();
      const watching = { name: "tiny", mode, display, stderr, now: () => times.shift()!, signal };
      const ahead = new EmbeddingAhead(model, new VectorCache({ folder: directory }));
      await ahead.embedAhead(
        Array.from({ length: 100 }, (_, t) => `text ${100 + t}`),
        watching,
      );
      return stderr.text;
    };
    expect(await written("auto", 0, [0, 8000])).toBe(
      "tiny: 100 texts to embed: about 2 minutes; --gold-rows N and --sample-size N embed fewer rows of gold, " +
        "--embedder a smaller model all\n",
    );
    expect(await written("auto", 52, [0, 8000])).toBe(
      "tiny: 100 texts to embed, 52 of them from the cache: about 40 seconds\n",
    );
    expect(await written("auto", 100, [0, 0])).toBe("tiny: 100 texts to embed, 100 of them from the cache\n");
    expect(await written("json", 52, [0, 8000])).toBe('{"embeddings":"tiny","texts":100,"cached":52,"seconds":40}\n');
    expect(await written("none", 0, [0, 8000])).toBe("");
  });
});
