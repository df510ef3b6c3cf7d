// One reader for every file with rows: what has one clear meaning is read, and of the rest it is said what it is.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { ParquetWriter } from "hyparquet-writer";
import { afterAll, describe, expect, test } from "vitest";
import { exportRun, readTable, type TableOptions } from "../../lib/io.js";
import { readSeeds } from "../../lib/prompt/seeds.js";
import { writeRun } from "../lib/export/run.js";

const scratch = await mkdtemp(join(tmpdir(), "corrsynth-case-"));
afterAll(() => rm(scratch, { recursive: true }));

const here = (name: string) => join(import.meta.dirname, name);
async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(scratch, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}
const pairs = async (path: string, options?: TableOptions) =>
  (await readTable(path, options)).rows.map(({ text, label }) => [text, label]);

const bird = ["small grey bird, seldom seen", "animal"];
const tree = ["tall tree", "plant"];

test.each(["07-semicolon.csv", "07-sep.csv"])("%s is read by every command, seeds too", async (name) => {
  expect(await pairs(here(name))).toEqual([bird, tree]);
  const pools = await readSeeds(here(name), [{ name: "animal" }, { name: "plant" }], "seeds");
  expect(pools.map((pool) => pool.map(({ text }) => text))).toEqual([[bird[0]], [tree[0]]]);
});

test("a JSON list of objects is read, each with its line", async () => {
  const { rows } = await readTable(here("07-array.json"));
  expect(rows.map(({ text, line }) => [text, line])).toEqual([
    ["small grey bird", 2],
    ["tall tree", 3],
  ]);
});

const written: [name: string, content: string | Uint8Array][] = [
  [
    "semicolon, decimal comma",
    'text;label;score\r\n"small grey bird, seldom seen";animal;0,5\r\ntall tree;plant;1,5\r\n',
  ],
  ["tab in a .csv", "text\tlabel\nsmall grey bird, seldom seen\tanimal\ntall tree\tplant\n"],
  ["bar", "label|text\nanimal|small grey bird, seldom seen\nplant|tall tree"],
  [
    "sep= in quotes, Excel",
    '\ufeff"sep=;"\r\ntext;label\r\n"small grey bird, seldom seen";animal\r\ntall tree;plant\r\n',
  ],
  ["sep= with any character", "sep=^\ntext^label\nsmall grey bird, seldom seen^animal\ntall tree^plant\n"],
  ["blank and empty rows at the end", `text,label\n"${bird[0]}",animal\ntall tree,plant\n,\n\n , \n\r\n`],
  ["old Macintosh line ends", `text,label\r"${bird[0]}",animal\rtall tree,plant\r`],
  ["an index column of pandas", `,text,label\n0,"${bird[0]}",animal\n1,tall tree,plant\n`],
  ["UTF-16 of Excel", Buffer.from(`\ufefftext\tlabel\r\n${bird[0]}\tanimal\r\ntall tree\tplant\r\n`, "utf16le")],
  ["packed", gzipSync(`text,label\n"${bird[0]}",animal\ntall tree,plant\n`)],
];
test.each(written)("delimited text: %s", async (name, content) => {
  expect(await pairs(await file(`${name.replace(/\W+/g, "-")}.csv`, content))).toEqual([bird, tree]);
});

describe("quotes of tools that do not double them", () => {
  test("are read where they have one meaning", async () => {
    //     what is in the file                                          text
    const table: [name: string, content: string, text: string][] = [
      ["a.csv", 'text,label\n"say \\"hi\\", twice",x\n', 'say "hi", twice'], // Spark, MySQL
      ["b.csv", 'text,label\n"back\\\\slash \\"q\\"",x\n', 'back\\slash "q"'],
      ["c.csv", "text,label\none\\, two,x\n", "one, two"], // no quotes at all, separators escaped
      ["d.csv", 'text,label\n"C:\\dir\\",x\n', "C:\\dir\\"], // RFC 4180: a backslash is a letter
      ["e.csv", 'text,label\n"a ""b"" c",x\n', 'a "b" c'],
      ["f.tsv", 'text\tlabel\n"Hello" she said\tx\n', '"Hello" she said'], // tabs, no quotes known
    ];
    for (const [name, content, text] of table) expect(await pairs(await file(name, content))).toEqual([[text, "x"]]);
  });

  test("are told where they have none", async () => {
    const path = await file("g.csv", 'text,label\n"Hello" she said,x\n');
    await expect(readTable(path)).rejects.toThrow(/g\.csv:2: Expected a separator after the closing quote/);
  });
});

test("JSON Lines are read by content, whatever the name, packed or not", async () => {
  const lines = `{"text":"${bird[0]}","label":"animal"}\n{"text":"tall tree","label":"plant"}\n\n`;
  for (const name of ["rows.json", "rows.txt", "rows.data"])
    expect(await pairs(await file(name, lines))).toEqual([bird, tree]);
  expect(await pairs(await file("rows.jsonl.gz", gzipSync(lines)))).toEqual([bird, tree]);
  const list = gzipSync(JSON.stringify([{ text: "a, [b] \\ {c", label: 1 }]));
  expect(await pairs(await file("list.json.gz", list))).toEqual([["a, [b] \\ {c", "1"]]);
});

const metadata = (names: readonly string[]) => {
  const features = { text: { dtype: "string", _type: "Value" }, label: { names, _type: "ClassLabel" } };
  return [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }];
};

async function parquet(name: string, labels: readonly unknown[], kvMetadata = metadata([])): Promise<string> {
  const { ByteWriter } = await import("hyparquet-writer");
  const writer = new ByteWriter();
  const type = typeof labels[0] === "bigint" ? "INT64" : "BYTE_ARRAY";
  const out = new ParquetWriter({
    writer,
    codec: "SNAPPY",
    schema: [
      { name: "schema", num_children: 3 },
      { name: "text", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      {
        name: "label",
        type,
        ...(type === "BYTE_ARRAY" && { converted_type: "UTF8" as const }),
        repetition_type: "OPTIONAL",
      },
      { name: "image", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
    ],
    kvMetadata,
  });
  const n = labels.length;
  const texts = [bird[0], tree[0], "third"].slice(0, n);
  const columnData = [
    { name: "text", data: texts },
    { name: "label", data: [...labels] },
    { name: "image", data: texts.map(() => Uint8Array.of(1, 2)) },
  ];
  await out.write({ columnData, rowGroupSize: 2 });
  await out.finish();
  return await file(name, new Uint8Array(writer.getBytes()));
}

describe("Parquet", () => {
  test("is read, with the names of a ClassLabel in place of its numbers", async () => {
    expect(await pairs(await parquet("a.parquet", ["animal", "plant"]))).toEqual([bird, tree]);
    const path = await parquet("b.parquet", [0n, 1n, 0n], metadata(["animal", "plant"]));
    const read = await readTable(path);
    expect([read.names, read.rows.map(({ label, line }) => [label, line])]).toEqual([
      ["animal", "plant"],
      [
        ["animal", 1],
        ["plant", 2],
        ["animal", 3],
      ],
    ]);
    expect(await pairs(path, { names: ["A", "B"] })).toMatchObject([
      [bird[0], "A"],
      [tree[0], "B"],
      ["third", "A"],
    ]);
  });

  test("of a test split without labels, and with a number that is no class, is refused by row", async () => {
    const path = await parquet("c.parquet", [-1n, -1n, 7n], metadata(["animal", "plant"]));
    await expect(readTable(path)).rejects.toThrow(
      /c\.parquet: row 1: .*received -1, which stands for none.*\(2 times, also at 2\)\n.*row 3: .*received 7$/,
    );
  });

  test("that is cut off or lacks a column says so", async () => {
    await expect(readTable(here("07-rows.parquet"))).rejects.toThrow(/07-rows\.parquet: Expected a whole Parquet file/);
    const whole = await readFile(await parquet("d.parquet", ["animal"]));
    await expect(readTable(await file("e.parquet", whole.subarray(0, -40)))).rejects.toThrow(
      "Expected a whole Parquet",
    );
    await expect(readTable(join(scratch, "d.parquet"), { text: "body" })).rejects.toThrow(
      'Expected a column "body", the columns are "text", "label", "image"',
    );
  });
});

describe("a folder of a data set", () => {
  test("of our own export is read, names and all", async () => {
    const rows = [...[bird, tree].map(([text, label]) => ({ text: text!, label: label! }))];
    const run = await writeRun(join(scratch, "run"), ["animal", "plant"], [rows]);
    const out = join(scratch, "hf");
    await exportRun(run, { format: "hf", out });
    const read = await readTable(out);
    expect([read.names, read.rows.map(({ text, label }) => [text, label])]).toEqual([
      ["animal", "plant"],
      [bird, tree],
    ]);
    expect(await pairs(run)).toEqual([bird, tree]);
  });

  test("of the hub is read split by split, with its shards in order and the names of its card", async () => {
    const card = `---
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': animal
          '1': plant
---
# Birds
`;
    await file("hub/README.md", card);
    await file("hub/data/train-00000-of-00002.csv", "text,label\na,0\n");
    await file("hub/data/train-00001-of-00002.csv", "text,label\nb,1\n");
    await file("hub/data/test-00000-of-00001.csv", "text,label\nc,1\n");
    const read = await readTable(join(scratch, "hub"));
    expect(read.rows.map(({ text, label, line }) => [text, label, line])).toEqual([
      ["a", "animal", 1],
      ["b", "plant", 2],
    ]);
    expect(read.notes).toEqual([`Of ${join(scratch, "hub")} the split train is read (there are also test)`]);
    expect(await pairs(join(scratch, "hub"), { splits: ["test"] })).toEqual([["c", "plant"]]);
  });

  test("of several configurations, of none, and of Arrow files is refused", async () => {
    await file("two/en/train.csv", "text,label\na,0\n");
    await file("two/de/train.csv", "text,label\na,0\n");
    await expect(readTable(join(scratch, "two"))).rejects.toThrow('received "de", "en": name one of them');
    await file("none/notes.md", "nothing");
    await expect(readTable(join(scratch, "none"))).rejects.toThrow(
      /none: Expected a run directory, or a folder with files/,
    );
    await file("arrow/data-00000-of-00001.arrow", "ARROW1");
    await file("arrow/state.json", "{}");
    await expect(readTable(join(scratch, "arrow"))).rejects.toThrow(/Arrow files.*to_parquet/);
  });
});

test("what is no file of rows is called by its name, with what to do", async () => {
  const table: [name: string, bytes: string | Uint8Array, message: RegExp][] = [
    ["a.xlsx", "PK\x03\x04", /an Excel workbook \(\.xlsx\): save the sheet as CSV/],
    ["a.ods", "PK\x03\x04", /a spreadsheet \(\.ods\)/],
    ["a.zip", "PK\x03\x04", /a ZIP archive/],
    ["a.xls", Buffer.from("d0cf11e0a1b11ae1", "hex"), /an Excel workbook \(\.xls\)/],
    ["a.pkl", Buffer.from("8004950a", "hex"), /a Python pickle, which is never opened.*to_json/],
    ["a.csv.zst", Buffer.from("28b52ffd00", "hex"), /packed by zstd: unpack it first/],
    ["a.csv.bz2", "BZh91AY", /packed by bzip2/],
    ["a.db", "SQLite format 3\0", /an SQLite database/],
    ["a.arrow", "ARROW1\0\0", /an Arrow or Feather file.*to_parquet/],
    ["a.pdf", "%PDF-1.7", /a PDF document/],
    ["b.csv", "<!DOCTYPE html><html>", /a web page: download the file itself/],
    ["c.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", /a Git LFS pointer.*git lfs pull/],
    ["d.parquet.gz", gzipSync("PAR1PAR1"), /received parquet packed once more/],
    ["e.csv.gz", gzipSync("text,label\na,b\n").subarray(0, 20), /Expected a whole gzip file/],
    ["f.csv.gz", Buffer.concat([Buffer.from("1f8b", "hex"), deflateSync("x")]), /Expected a whole gzip file/],
    ["g.json", '{\n "text": {"0": "a"}\n}', /A list of objects is read, too; with pandas: orient="records"/],
    ["g.txt", '{"text":{"0":"a"},"label":{"0":"x"}}', /received an object \(with pandas: orient="records"/],
    ["h.json", '[{"text":"a","label":"b"}', /Expected a "\]" at the end of the list/],
    ["i.json", '[{"text":"a","label":"b"}]\n[]', /i\.json:2: Expected one list of objects, received more/],
    ["j.csv", "text,label\n", /Expected at least one row/],
    ["k.csv", "sep=;\n\n", /Expected a first line that names the columns/],
  ];
  for (const [name, bytes, message] of table) await expect(readTable(await file(name, bytes))).rejects.toThrow(message);
});
