import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { cli, instance } from "./environment.js";

let parent: string;
let run: string;
let out: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-export-cli-"));
  [run, out] = [join(parent, "run"), join(parent, "out")];
  const task = join(parent, "task.yaml");
  await writeFile(
    task,
    "teacher: t.gguf\nlabels: { animal: an animal, plant: a plant }\nprompt: { instruction: 'Define {label}', shots: 0 }\ncount: 8\n",
  );
  const instances = ["animal", "plant"].flatMap((label) =>
    Array.from({ length: 4 }, (_, i) => instance({ id: `0.${i}`, label, text: `=${label}${i} ${i}a ${i}b ${i}c` })),
  );
  await cli(["run", task, "--out", run, "--progress", "none"], { instances });
});
afterEach(() => rm(parent, { recursive: true }));

it("writes a file, says so on stderr, and leaves stdout to data", async () => {
  const { code, stdout, stderr } = await cli(["export", run, "--format", "jsonl", "--out", out]);
  expect([code, stdout, stderr]).toEqual([0, "", `8 rows in ${out}\n`]);
  const [first] = (await readFile(out, "utf8")).split("\n");
  expect(first).toBe('{"text":"=animal0 0a 0b 0c","label":"animal"}');
  const streamed = await cli(["export", run, "--format", "jsonl", "--out", "-"]);
  expect(streamed).toMatchObject({ code: 0, stdout: await readFile(out, "utf8"), stderr: "8 rows written\n" });
});

it("escapes formulas in csv unless told not to", async () => {
  const csv = async (...more: string[]) =>
    (await cli(["export", run, "--format", "csv", "--out", "-", ...more])).stdout;
  expect((await csv()).split("\r\n").slice(0, 2)).toEqual(['"text","label"', `"'=animal0 0a 0b 0c","animal"`]);
  expect((await csv("--no-escape-formulas")).split("\r\n")[1]).toBe('"=animal0 0a 0b 0c","animal"');
  expect((await csv("--columns", "all")).split("\r\n")[0]).toMatch(/^"text","label","id","group",/);
});

it("splits by label, and states what each label came to", async () => {
  const { code, stderr } = await cli(["export", run, "--format", "csv", "--out", out, "--validation", "0.25"]);
  expect([code, await readdir(out)]).toEqual([0, ["train.csv", "validation.csv"]]);
  expect(stderr).toBe(
    `8 rows in ${out}: 6 train, 2 validate\n` +
      "label   train  validation  share\nanimal      3           1   0.25\nplant       3           1   0.25\n",
  );
});

it("writes a Hugging Face folder whose card has the figures of the evaluation, while they are of these rows", async () => {
  const hf = (...more: string[]) =>
    cli([
      "export",
      run,
      "--format",
      "hf",
      "--out",
      out,
      "--license",
      "mit",
      "--language",
      "en",
      "--language",
      "de",
      "--force",
      ...more,
    ]);
  const card = () => readFile(join(out, "README.md"), "utf8");
  expect((await hf("--name", "No: 1")).code).toBe(0);
  expect(await card()).not.toContain("## Evaluation");
  const front = parse((await card()).split("---\n")[1]!) as unknown;
  expect(front).toMatchObject({ pretty_name: "No: 1", license: "mit", language: ["en", "de"] });

  await cli(["evaluate", run, "--embedder", "none", "--progress", "none"]);
  expect((await hf()).stderr).toBe(`8 rows in ${out}\n`);
  expect(await card()).toMatch(/\| Self\\-BLEU\\-5 ↓ \| \d+\\\.\d \| 8 rows \|\n/);

  const path = join(run, "evaluation.json");
  const evaluation = JSON.parse(await readFile(path, "utf8")) as { rows: { n: number } };
  await writeFile(path, JSON.stringify({ ...evaluation, rows: { ...evaluation.rows, n: 7 } }));
  expect((await hf()).stderr).toContain("evaluation.json is of 7 rows, the run has 8; evaluate it again");
  expect(await card()).not.toContain("## Evaluation");
  await writeFile(path, "{}");
  expect((await hf()).stderr).toContain("is not as evaluate writes it");
});

it("refuses what is wrong with exit code 2, and touches nothing", async () => {
  const cases: [args: string[], message: RegExp][] = [
    [["--format", "xml", "--out", out], /Allowed choices are jsonl, csv, parquet, hf/],
    [["--format", "csv"], /--out: Expected a path, or --push/],
    [["--out", out], /required option '--format/],
    [["--format", "csv", "--out", out, "--validation", "1"], /Expected a share above 0 and below 1/],
    [["--format", "csv", "--out", "-", "--validation", "0.5"], /out: Expected a path of a directory/],
    [["--format", "parquet", "--out", "-"], /out: Expected a path for parquet, received a stream/],
    [["--format", "hf", "--out", out, "--license", "A B", "--language", "E"], /language: .*\n {2}license: /],
    [["--format", "csv", "--out", join(run, "data.jsonl"), "--force"], /holds the run itself/],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await cli(["export", run, ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  }
  expect((await readdir(parent)).sort()).toEqual(["run", "task.yaml"]);
});

it("refuses a run that is not whole unless asked for what is there", async () => {
  const manifest = join(run, "manifest.json");
  await writeFile(manifest, (await readFile(manifest, "utf8")).replace('"state": "done"', '"state": "incomplete"'));
  const args = ["export", run, "--format", "parquet", "--out", out];
  expect(await cli(args)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("received one that is incomplete"),
  });
  const { code, stderr } = await cli([...args, "--partial"]);
  expect([code, stderr]).toEqual([
    0,
    `8 rows in ${out}\nThe run was incomplete when this was exported: these are the rows that were finished\n`,
  ]);
});
