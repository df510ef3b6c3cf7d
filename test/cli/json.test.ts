// What programs read: with --json one value on stdout and nothing else there, and the schema of tasks.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { QuotaError, versions } from "../../lib/index.js";
import { resolveSpec } from "../../lib/task/spec.js";
import { cli, report } from "./environment.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-json-"));
  await writeFile(
    at("task.json"),
    JSON.stringify({
      teacher: "demo",
      labels: ["animal", "plant"],
      prompt: { instruction: "Definition of {label}", shots: 0 },
      count: 2,
    }),
  );
  await writeFile(
    at("rows.jsonl"),
    ["animal,a fox that hunts at night", "plant,a fern on shaded rocks", "plant,a vine with white flowers", "plant, "]
      .map((row) => row.split(","))
      .map(([label, text]) => `${JSON.stringify({ label, text })}\n`)
      .join(""),
  );
});
afterEach(() => rm(directory, { recursive: true }));
const at = (name: string) => join(directory, name);

/** The one value that a command line prints. */
async function printed(args: readonly string[], code = 0, options = {}): Promise<unknown> {
  const outcome = await cli([...args, "--json"], options);
  expect(outcome.code, outcome.stderr).toBe(code);
  return JSON.parse(outcome.stdout);
}

describe("--json", () => {
  it("prints a run's report, and its rows with --show on stderr", async () => {
    const { code, stdout, stderr } = await cli(["run", at("task.json"), "--out", at("run"), "--show", "1", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(report(["animal", "plant"]));
    expect(stderr).toContain("animal: one animal\n");
    expect(await printed(["run", at("task.json"), "--out", at("run")])).toEqual(report(["animal", "plant"])); // done
  });

  it("prints the report of a run whose quota is not met", async () => {
    const error = new QuotaError("animal 1 of 2", report(["animal", "plant"]));
    expect(await printed(["run", at("task.json"), "--out", at("run")], 3, { error })).toEqual(
      report(["animal", "plant"]),
    );
  });

  it("prints nothing of a command that fails", async () => {
    const { code, stdout } = await cli(["export", at("none"), "--format", "csv", "--out", at("o.csv"), "--json"]);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("prints what export, merge and status came to", async () => {
    await cli(["run", at("task.json"), "--out", at("run")]);
    const split = { train: 1, validation: 0, fraction: 0 };
    expect(await printed(["export", at("run"), "--format", "jsonl", "--out", at("o.jsonl")])).toMatchObject({
      ...{ rows: 2, train: 2, validation: 0, labels: { animal: split, plant: split } },
      files: [{ path: at("o.jsonl"), bytes: (await readFile(at("o.jsonl"))).length }],
    });
    expect(await printed(["merge", at("run"), "--out", at("whole")])).toMatchObject({ rows: 2, duplicates: 0 });
    expect(await printed(["status", at("run")])).toMatchObject([{ rows: 2 }]);
  });

  it("prints what seeds, embed and retrieve came to", async () => {
    expect(await printed(["seeds", at("rows.jsonl"), "--per-label", "1", "--out", at("s.jsonl")])).toMatchObject({
      ...{ out: at("s.jsonl"), seeds: 2, labels: { animal: { drawn: 1 }, plant: { drawn: 1 } } },
      leftOut: { blank: 1, duplicates: 0 },
    });
    const embed = ["embed", at("s.jsonl"), "--embedder", "demo", "--out", at("v.npy")];
    expect(await printed(embed)).toMatchObject({ rows: 2, blank: 0, dimensions: 2 });
    await writeFile(at("corpus.jsonl"), '{"text":"the fox hunts mice"}\n{"text":"ferns grow on rocks"}\n');
    const retrieve = ["retrieve", "--corpus", at("corpus.jsonl"), "--queries", at("s.jsonl"), "--out", at("c.jsonl")];
    const found = (await readFile(at("s.jsonl"), "utf8")).trim().split("\n").length;
    expect(await printed(retrieve)).toMatchObject({ out: at("c.jsonl"), documents: 2, queries: found });
  });

  it("is refused beside rows on stdout", async () => {
    const { code, stdout, stderr } = await cli(["export", at("run"), "--format", "csv", "--out", "-", "--json"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--json: Expected a file or directory with --out beside it");
  });
});

describe("corrsynth schema", () => {
  it("prints the schema of the package", async () => {
    const { code, stdout } = await cli(["schema"]);
    expect(code).toBe(0);
    const { title, required } = JSON.parse(stdout) as { title: string; required: string[] };
    expect([title, required]).toEqual(["corrsynth task file", expect.arrayContaining(["teacher", "labels", "count"])]);
  });

  const online = `https://unpkg.com/corrsynth@${versions().corrsynth}/dist/task.schema.json`;
  it.each<[installed: string | undefined, file: string, address: string]>([
    [undefined, "task.yaml", online],
    ["", "task.yaml", "./node_modules/corrsynth/dist/task.schema.json"],
    ["", "tasks/news/task.yaml", "../../node_modules/corrsynth/dist/task.schema.json"],
    ["elsewhere", "task.yaml", online],
  ])("init names it: installed in %j, %s says %s", async (installed, file, address) => {
    if (installed !== undefined) {
      const schema = at(join(installed, "node_modules/corrsynth/dist/task.schema.json"));
      await mkdir(dirname(schema), { recursive: true });
      await writeFile(schema, "{}");
    }
    await mkdir(dirname(at(file)), { recursive: true });
    expect((await cli(["init", at(file)])).code).toBe(0);
    const [first] = (await readFile(at(file), "utf8")).split("\n");
    expect(first).toBe(`# yaml-language-server: $schema=${address}`);
    expect(resolveSpec((await readTaskFile(at(file))).spec).labels).toHaveLength(4);
  });
});
