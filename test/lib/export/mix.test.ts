import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ExportOptions, exportRun, readTable } from "../../../lib/io.js";
import { readParquet, writeRun } from "./run.js";

let parent: string;
let run: string;
let out: string;
let seeds: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-mix-"));
  [run, out, seeds] = [join(parent, "run"), join(parent, "out"), join(parent, "seeds.jsonl")];
  await writeFile(seeds, '{"text":"a fern","label":"plant","id":"s1"}\n{"text":"an owl","label":"animal"}\n');
  await writeRun(run, ["animal", "plant"], [rows], { settings: { seeds } });
});
afterEach(() => rm(parent, { recursive: true }));

const rows = [
  { text: "a fox", label: "animal", id: "0.0", labelProbability: 0.9 },
  { text: "a moss", label: "plant", id: "0.1", labelProbability: 0.5 },
  { text: "a rock", label: "plant", id: "0.2", labelProbability: 0.25 },
];
const lines = async (path = out) => (await readFile(path, "utf8")).trim().split("\n");
const refused = (options: Partial<ExportOptions>) => exportRun(run, { format: "jsonl", out, ...options });

describe("export with seeds", () => {
  it("puts the seeds behind the rows, label by label, and says of each row where it comes from", async () => {
    const { rows: count, labels } = await exportRun(run, { format: "jsonl", out, withSeeds: true });
    const table = [
      ["a fox", "animal", "synthetic"],
      ["a moss", "plant", "synthetic"],
      ["a rock", "plant", "synthetic"],
      ["an owl", "animal", "seed"],
      ["a fern", "plant", "seed"],
    ];
    expect((await lines()).map((line) => Object.values(JSON.parse(line) as object))).toEqual(table);
    expect(count).toBe(5);
    expect(labels).toMatchObject({ animal: { train: 2 }, plant: { train: 3 } });
  });

  it("does so in every format, with all columns as well", async () => {
    await exportRun(run, { format: "csv", out, withSeeds: true, force: true });
    const { rows: read } = await readTable(out);
    expect(read.map(({ fields }) => fields.origin)).toEqual(["synthetic", "synthetic", "synthetic", "seed", "seed"]);
    await exportRun(run, { format: "parquet", out, withSeeds: true, columns: "all", force: true });
    const parquet = (await readParquet(out)).rows as Record<string, unknown>[];
    expect(parquet.map(({ id, origin }) => [id, origin])).toEqual([
      ["0.0", "synthetic"],
      ["0.1", "synthetic"],
      ["0.2", "synthetic"],
      ["2", "seed"],
      ["s1", "seed"],
    ]);
    const folder = join(parent, "hf");
    await exportRun(run, { format: "hf", out: folder, withSeeds: true, minLabelProbability: 0.5 });
    const data = await readParquet(join(folder, "data", "train-00000-of-00001.parquet"));
    expect((data.rows as Record<string, unknown>[]).map(({ label, origin }) => [Number(label), origin])).toEqual([
      [0, "synthetic"],
      [1, "synthetic"],
      [0, "seed"],
      [1, "seed"],
    ]);
    const card = await readFile(join(folder, "README.md"), "utf8");
    expect(card).toContain("--with-seeds --min-label-probability 0.5");
    expect(card).toContain('name: "origin"');
    expect(card).toContain('but for rows whose "origin" is "seed"');
    expect(card).not.toContain("all of them");
  });

  it("takes the seeds from another file, and splits the mix like any rows", async () => {
    const other = join(parent, "other.csv");
    await writeFile(other, "text,label\na lynx,animal\na hare,animal\n");
    const { train, validation } = await exportRun(run, {
      ...{ format: "jsonl", out, withSeeds: true, seeds: other, validation: 0.4 },
    });
    expect([train, validation]).toEqual([3, 2]);
    const all = [...(await lines(join(out, "train.jsonl"))), ...(await lines(join(out, "validation.jsonl")))];
    expect(all.filter((line) => line.includes('"origin":"seed"'))).toHaveLength(2);
  });

  it("refuses seeds that are gone, unknown or not wanted", async () => {
    await expect(refused({ seeds })).rejects.toThrow(/seeds: Expected withSeeds beside it \(--with-seeds\)/);
    await writeFile(seeds, '{"text":"iron","label":"metal"}\n');
    await expect(refused({ withSeeds: true })).rejects.toThrow(/Unknown label "metal"/);
    await rm(seeds);
    await expect(refused({ withSeeds: true })).rejects.toThrow(/no such file: name them with --seeds FILE/);
    run = await writeRun(join(parent, "bare"), ["animal"], [[rows[0]!]]);
    await expect(refused({ withSeeds: true })).rejects.toThrow(/which its manifest does not name: .*--seeds FILE/);
  });
});

describe("export of rows that a label check is sure of", () => {
  it("leaves out the others, from the least probability on", async () => {
    const table: [least: number, texts: string[]][] = [
      [0, ["a fox", "a moss", "a rock"]],
      [0.5, ["a fox", "a moss"]],
      [0.51, ["a fox"]],
    ];
    for (const [minLabelProbability, texts] of table) {
      const { rows: count } = await refused({ minLabelProbability, force: true });
      expect((await lines()).map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(texts);
      expect(count).toBe(texts.length);
      expect(await lines()).not.toContain("labelProbability");
    }
  });

  it("refuses rows without one, a probability that none has, and what is no probability", async () => {
    await expect(refused({ minLabelProbability: 0.95 })).rejects.toThrow(/none of 3 has: lower it/);
    for (const minLabelProbability of [-0.1, 1.5, Number.NaN])
      await expect(refused({ minLabelProbability })).rejects.toThrow(/Expected a probability 0..1/);
    const { labelProbability: _, ...plain } = rows[1]!;
    run = await writeRun(join(parent, "unchecked"), ["animal", "plant"], [[rows[0]!, plain]]);
    await expect(refused({ minLabelProbability: 0.5 })).rejects.toThrow(
      /Expected "labelProbability" in every row, .* received none in row 2/,
    );
  });
});
