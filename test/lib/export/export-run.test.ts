import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { type ExportOptions, exportRun, readTable } from "../../../lib/io.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { dropChecksums } from "../store/runs.js";
import { fullRow, readParquet, type TestRow, writeRun } from "./run.js";

let parent: string;
let run: string;
let out: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-export-"));
  run = join(parent, "run");
  out = join(parent, "out");
});
afterEach(() => rm(parent, { recursive: true }));

const labels = ["animal", "../../x"];
const awkward: TestRow[] = [
  { text: "=cmd|'/c calc'!A0", label: "animal" },
  { text: 'two\nlines, "quoted"\r\n', label: "../../x" },
  { text: "\u0000\u0007\u001b[31m \u202eright to left\u2028 😀 é", label: "animal" },
  { text: "'tis", label: "../../x" },
];

async function issuesOf(options: ExportOptions, directory = run) {
  const error = await exportRun(directory, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidConfigError);
  return (error as InvalidConfigError).issues;
}

async function changeData(change: (text: string) => string) {
  const path = join(run, "data.jsonl");
  await writeFile(path, change(await readFile(path, "utf8")));
}

const leftovers = async () => (await readdir(parent)).filter((name) => name !== "run");

describe("the formats", () => {
  it("jsonl has text and label of every row, in the order of the run", async () => {
    await writeRun(run, labels, [awkward.slice(0, 2), awkward.slice(2)]);
    const { rows, files } = await exportRun(run, { format: "jsonl", out });
    const content = await readFile(out, "utf8");
    expect(content).toBe(awkward.map(({ text, label }) => `${JSON.stringify({ text, label })}\n`).join(""));
    expect([rows, files]).toEqual([4, [{ path: out, bytes: Buffer.byteLength(content) }]]);
    expect(await leftovers()).toEqual(["out"]);
  });

  it("csv is escaped by default, and read by this package's own reader as it was, escaped or not", async () => {
    const rows = awkward.filter(({ text }) => !text.includes("\0"));
    await writeRun(run, labels, [rows]);
    await exportRun(run, { format: "csv", out });
    expect(await readFile(out, "utf8")).toBe(
      '"text","label"\r\n"\'=cmd|\'/c calc\'!A0","animal"\r\n"two\nlines, ""quoted""\r\n","../../x"\r\n"\'\'tis","../../x"\r\n',
    );
    const read = async () => (await readTable(out)).rows.map(({ text, label }) => ({ text, label }));
    expect(await read()).toEqual(rows);
    await exportRun(run, { format: "csv", out, escapeFormulas: false, force: true });
    expect(await read()).toEqual(rows);
  });

  it("parquet reads back as it was, with labels as text", async () => {
    await writeRun(run, labels, [awkward]);
    await exportRun(run, { format: "parquet", out });
    const { rows, metadata } = await readParquet(out);
    expect(rows).toEqual(awkward);
    expect(metadata.schema.slice(1).map(({ name, type, converted_type }) => [name, type, converted_type])).toEqual([
      ["text", "BYTE_ARRAY", "UTF8"],
      ["label", "BYTE_ARRAY", "UTF8"],
    ]);
  });

  it("all columns go out in every format, null where a row has none", async () => {
    const plain = {
      ...fullRow,
      id: "0.1",
      cut: undefined,
      cleaned: undefined,
      verbalizedTexts: undefined,
      verbalizedProbability: undefined,
      attributes: undefined,
      context: undefined,
      contextText: undefined,
      round: undefined,
      weight: undefined,
    };
    const unchecked = { labelProbability: undefined, labelProbabilities: undefined };
    await writeRun(run, labels, [
      [
        fullRow,
        { ...plain, ...unchecked, logprob: undefined, contrastNorms: undefined, extra: "x", seed: 7, examples: [] },
      ],
    ]);
    await exportRun(run, { format: "jsonl", columns: "all", out });
    const lines = (await readFile(out, "utf8")).trimEnd().split("\n");
    const nothing = {
      ...{ cut: null, cleaned: null, attributes: null, context: null, logprob: null, contrastNorms: null },
      ...{ labelProbability: null, labelProbabilities: null },
      ...{ verbalizedTexts: null, verbalizedProbability: null, contextText: null, round: null, weight: null },
    };
    const { cut, ending, ...rest } = fullRow;
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { ...rest, cut, ending },
      { ...rest, ending, ...nothing, id: "0.1", seed: 7, examples: [] },
    ]);
    await exportRun(run, { format: "parquet", columns: "all", out, force: true });
    const [first, second] = (await readParquet(out)).rows;
    const json = { attributes: '{"style":"dry"}', labelProbabilities: '{"animal":0.75,"plant":0.25}' };
    const physical = { group: 0n, repeat: 1n, tokens: 3n, verbalizedTexts: 5n, round: 2n, ...json };
    expect(first).toEqual({ ...fullRow, ...physical });
    const read = { ...nothing, contrastNorms: undefined }; // how hyparquet reads a list that is null
    expect(second).toEqual({ ...fullRow, ...physical, ...read, id: "0.1", seed: "7", examples: [] });
  });

  it("soft labels are an object by label, JSON in a cell, or a list in the order of the classes", async () => {
    const text = { text: "a text", label: "plant", labelProbability: 0.75 };
    await writeRun(run, ["animal", "plant"], [[{ ...text, labelProbabilities: { plant: 0.75, animal: 0.25 } }]]);
    await exportRun(run, { format: "jsonl", columns: "soft", out });
    expect(JSON.parse(await readFile(out, "utf8"))).toEqual({
      ...text,
      labelProbabilities: { plant: 0.75, animal: 0.25 },
    });
    await exportRun(run, { format: "csv", columns: "soft", out, force: true });
    expect((await readFile(out, "utf8")).split("\r\n")[1]).toBe(
      '"a text","plant",0.75,"{""plant"":0.75,""animal"":0.25}"',
    );
    const folder = `${out}-hf`;
    await exportRun(run, { format: "hf", columns: "soft", out: folder });
    const { rows } = await readParquet(join(folder, "data/train-00000-of-00001.parquet"));
    expect(rows).toEqual([{ ...text, label: 1n, labelProbabilities: [0.25, 0.75] }]);
  });

  it("parquet has a row group for every 10 000 rows, all of them whole, and columns of nothing", async () => {
    const rows = Array.from({ length: 10_001 }, (_, i) => ({ text: `row ${i}`, label: "animal" }));
    await writeRun(run, ["animal"], [rows]);
    await exportRun(run, { format: "parquet", columns: "all", out });
    const { rows: read, metadata } = await readParquet(out);
    expect(metadata.row_groups.map((group) => group.num_rows)).toEqual([10_000n, 1n]);
    expect(read.map(({ text, label }) => ({ text, label }))).toEqual(rows);
    const others = read.flatMap(({ text: _, label: __, ...rest }) => Object.values(rest));
    expect(others.length).toBe(10_001 * 20);
    expect(others.every((value) => value === null || value === undefined)).toBe(true);
  });

  it("any texts and labels come out of every format as they went in", async () => {
    const text = fc.string({ unit: "binary", minLength: 1 }).map((value) => value.replaceAll("\0", "-"));
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), text, async (texts, label) => {
        const [from, to] = [join(parent, `r${n}`), join(parent, `o${n++}`)];
        const rows = texts.map((text) => ({ text, label }));
        await writeRun(from, [label], [rows]);
        await exportRun(from, { format: "jsonl", out: `${to}.jsonl` });
        const lines = (await readFile(`${to}.jsonl`, "utf8")).split("\n").slice(0, -1);
        expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
        await exportRun(from, { format: "parquet", out: `${to}.parquet` });
        expect((await readParquet(`${to}.parquet`)).rows).toEqual(rows);
      }),
      { numRuns: 25 },
    );
  });

  it("halves of surrogate pairs are U+FFFD in every format", async () => {
    await writeRun(run, ["animal"], [[{ text: "a\ud800b", label: "animal" }]]);
    await exportRun(run, { format: "jsonl", out });
    expect(await readFile(out, "utf8")).toBe('{"text":"a\ufffdb","label":"animal"}\n');
  });

  it("a stream gets the same as a file", async () => {
    await writeRun(run, labels, [awkward]);
    for (const format of ["jsonl", "csv"] as const) {
      let streamed = "";
      await exportRun(run, {
        format,
        out: (text) => {
          streamed += text;
        },
      });
      await exportRun(run, { format, out, force: true });
      expect(streamed).toBe(await readFile(out, "utf8"));
    }
  });
});

describe("a split", () => {
  it("makes a directory of train and validation, whose rows are those of the run", async () => {
    const rows = ["animal", "../../x"].flatMap((label) =>
      Array.from({ length: 10 }, (_, i) => ({ text: `${label} a${i} b${i} c${i}`, label })),
    );
    await writeRun(run, labels, [rows]);
    const result = await exportRun(run, { format: "jsonl", out, validation: 0.2, seed: 3 });
    const half = { train: 8, validation: 2, fraction: 0.2 };
    expect(result).toMatchObject({ rows: 20, train: 16, validation: 4, labels: { animal: half, "../../x": half } });
    expect(result.files.map(({ path }) => path)).toEqual(["train.jsonl", "validation.jsonl"]);
    const read = async (name: string) => (await readTable(join(out, name))).rows.map(({ text }) => text);
    const [train, validation] = [await read("train.jsonl"), await read("validation.jsonl")];
    expect([train.length, validation.length]).toEqual([16, 4]);
    expect([...train, ...validation].sort()).toEqual(rows.map(({ text }) => text).sort());
  });

  it("names labels of which none validates, and is refused where none of any would", async () => {
    const rows = Array.from({ length: 4 }, (_, i) => ({ text: `a${i} b${i}`, label: "animal" }));
    await writeRun(run, labels, [[...rows, { text: "alone", label: "../../x" }]]);
    const { notes } = await exportRun(run, { format: "csv", out, validation: 0.5 });
    expect(notes).toEqual(['No row of "../../x" validates: it has 1, or near duplicates join too many of them']);
    expect(await issuesOf({ format: "csv", out: `${out}2`, validation: 0.1 })).toMatchObject([{ path: "validation" }]);
    expect(await leftovers()).toEqual(["out"]);
  });
});

describe("which rows", () => {
  it("are those that the journal vouches for: a group without its line is left out", async () => {
    await writeRun(run, labels, [awkward.slice(0, 2)], { end: { state: "stopped", reason: "SIGINT" } });
    await appendFile(join(run, "data.jsonl"), `${JSON.stringify(awkward[2])}\n{"text": "half`);
    expect(await issuesOf({ format: "jsonl", out })).toEqual([
      { path: run, message: expect.stringMatching(/received one that is stopped: .* or take the 2 rows .* --partial/) },
    ]);
    const { rows, notes } = await exportRun(run, { format: "jsonl", out, partial: true });
    expect([rows, (await readTable(out)).rows.length]).toEqual([2, 2]);
    expect(notes).toEqual(["The run was stopped when this was exported: these are the rows that were finished"]);
  });

  it("of a run that a process writes to are refused, or those that are finished", async () => {
    await writeRun(run, labels, [awkward], { end: { state: "stopped" } });
    const directory = await RunDirectory.open(run);
    try {
      const [issue] = await issuesOf({ format: "jsonl", out });
      expect(issue!.message).toMatch(
        new RegExp(`process ${process.pid} of .* writes to this one: wait for it, or take the 4`),
      );
      expect((await exportRun(run, { format: "jsonl", out, partial: true })).rows).toBe(4);
    } finally {
      await directory.release();
    }
  });

  it("that were changed or lost are refused, without checksums with their line, and nothing is left of the export", async () => {
    await writeRun(run, labels, [awkward]);
    await changeData((text) => text.replace("'tis", "'tit"));
    await expect(exportRun(run, { format: "jsonl", out })).rejects.toThrow(/Expected the rows of group 0 as they were/);
    await changeData((text) => text.replace("'tit", "'tis"));
    await dropChecksums(run);
    const data = await readFile(join(run, "data.jsonl"), "utf8");
    const cases: [content: string, message: RegExp][] = [
      [data.replace('"animal"', '"anima!"'), /data\.jsonl:1: Expected a row of one of the run's labels/],
      [data.replace('"animal"', '"../../x"'.slice(0, 8)), /data\.jsonl:1: Expected a row/],
      [data.replace('{"text"', '["text"'), /data\.jsonl:1: Expected a row as a run writes it/],
      [data.replace('"text"', '"texx"'), /data\.jsonl:1: Expected a row with a text/],
      [data.replace("}\n{", "} {"), /data\.jsonl:1: Expected a row as a run writes it/],
      [data.slice(0, -2), /Expected all rows that the run had, 4 more, received a shorter data\.jsonl/],
    ];
    for (const [content, message] of cases) {
      await writeFile(join(run, "data.jsonl"), content);
      await expect(exportRun(run, { format: "jsonl", out })).rejects.toThrow(message);
      expect(await leftovers()).toEqual([]);
    }
  });

  it("of another label than the journal counts are refused", async () => {
    await writeRun(
      run,
      ["aa", "bb"],
      [
        [
          { text: "x", label: "aa" },
          { text: "y", label: "bb" },
        ],
      ],
    );
    await dropChecksums(run);
    await changeData((text) => text.replace('"aa"', '"bb"'));
    await expect(exportRun(run, { format: "jsonl", out })).rejects.toThrow(
      /Expected 1, 1 rows of its labels, received 0, 2/,
    );
  });
});

describe("what is refused", () => {
  it("is said all at once", async () => {
    await writeFile(out, "mine");
    const card = { languages: ["en", "English"], license: "My own" };
    const wrong = { format: "parket", columns: "some", validation: 2, seed: -1, card, out } as unknown as ExportOptions;
    const issues = await issuesOf(wrong, join(parent, "none"));
    expect(issues.map(({ path }) => path)).toEqual([
      "format",
      "columns",
      "validation",
      "seed",
      "language",
      "license",
      join(parent, "none"),
      out,
    ]);
    expect(issues[0]!.message).toMatch(/did you mean "parquet"/);
    expect(await readFile(out, "utf8")).toBe("mine");
  });

  it("streams of what has more than one file, or no text", async () => {
    await writeRun(run, labels, [awkward]);
    const stream = () => undefined;
    for (const format of ["parquet", "hf"] as const)
      expect(await issuesOf({ format, out: stream })).toMatchObject([{ path: "out" }]);
    expect(await issuesOf({ format: "csv", out: stream, validation: 0.5 })).toMatchObject([{ path: "out" }]);
  });

  it("a path that is taken, unless it may be replaced", async () => {
    await writeRun(run, labels, [awkward]);
    const jsonl = { format: "jsonl", out } as const;
    await exportRun(run, jsonl);
    expect((await issuesOf(jsonl))[0]!.message).toMatch(/Expected a new path.*--force/);
    await exportRun(run, { ...jsonl, force: true });
    await exportRun(run, { ...jsonl, validation: 0.5, force: true });
    expect((await readdir(out)).sort()).toEqual(["train.jsonl", "validation.jsonl"]);
    await exportRun(run, { format: "hf", out, force: true });
    expect((await readdir(out)).sort()).toEqual(["README.md", "data"]);
    await writeFile(join(out, "thesis.tex"), "years of work");
    expect((await issuesOf({ ...jsonl, force: true }))[0]!.message).toMatch(
      /this one holds "thesis.tex": choose another/,
    );
    expect(await readFile(join(out, "thesis.tex"), "utf8")).toBe("years of work");
    expect(await leftovers()).toEqual(["out"]);
  });

  it("the run's own files, and what holds the run", async () => {
    await mkdir(join(parent, "data"));
    run = await writeRun(join(parent, "data", "run"), labels, [awkward]);
    for (const path of [join(run, "data.jsonl"), join(run, "manifest.json"), run, join(parent, "data"), parent]) {
      expect((await issuesOf({ format: "hf", out: path, force: true }))[0]!.message).toMatch(/holds the run itself/);
    }
    await exportRun(run, { format: "csv", out: join(run, "data.csv") });
    expect((await readdir(run)).sort()).toEqual(["data.csv", "data.jsonl", "journal.jsonl", "manifest.json"]);
  });

  it("a directory without a run, and a run without rows", async () => {
    expect((await issuesOf({ format: "csv", out }, parent))[0]!.message).toMatch(/Expected a run directory/);
    await writeRun(run, labels, [[]], { end: { state: "failed" } });
    expect((await issuesOf({ format: "csv", out, partial: true }))[0]!.message).toMatch(/at least one finished row/);
  });

  it("leaves what was there when it is stopped or fails", async () => {
    await writeRun(run, labels, [awkward]);
    await writeFile(out, "old");
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(exportRun(run, { format: "csv", out, force: true, signal: stop.signal })).rejects.toThrow("enough");
    await expect(exportRun(run, { format: "csv", out: join(out, "below", "a.csv") })).rejects.toMatchObject({
      code: "CORRSYNTH_STORAGE",
      message: expect.stringContaining("nothing of it was kept"),
    });
    await dropChecksums(run);
    await changeData((text) => text.replace(/"text"(?!.*"text")/s, '"texx"'));
    for (const format of ["csv", "parquet", "hf"] as const) {
      await expect(exportRun(run, { format, out, force: true })).rejects.toThrow(
        /data\.jsonl:4: Expected a row with a text/,
      );
    }
    expect([await readFile(out, "utf8"), await leftovers()]).toEqual(["old", ["out"]]);
  });
});
