import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTable, type TableOptions } from "../../../lib/files/table.js";
import { readRun } from "../../../lib/store/read-run.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-table-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function table(name: string, content: string | Buffer, options?: TableOptions) {
  await writeFile(join(directory, name), content);
  const { rows, unfinished } = await readTable(join(directory, name), options);
  return { rows: rows.map(({ text, label, line }) => [text, label, line]), unfinished };
}

describe("readTable", () => {
  it("reads the same rows from CSV, TSV and JSON Lines, with or without a byte order mark", async () => {
    const rows = [
      ["a, b", "x", 2],
      ["c", "y", 3],
    ];
    for (const mark of ["", "\ufeff"]) {
      expect(await table("f.csv", `${mark}label,text\nx,"a, b"\ny,c\n`)).toEqual({ rows, unfinished: 0 });
      expect(await table("f.tsv", `${mark}label\ttext\r\nx\ta, b\r\ny\tc\r\n`)).toEqual({ rows, unfinished: 0 });
      const lines = `${mark}\n{"text":"a, b","label":"x"}\n{"label":"y","text":"c"}`;
      for (const name of ["f.jsonl", "f.NDJSON", "f.txt"])
        expect(await table(name, lines)).toEqual({ rows, unfinished: 0 });
    }
  });

  it("takes columns of other names, numbers as labels, and no label where none is wanted", async () => {
    const options = { text: "headline", label: "class" };
    expect((await table("f.csv", "class,headline\n0,a\n", options)).rows).toEqual([["a", "0", 2]]);
    expect((await table("f.jsonl", '{"class":0,"headline":"a"}\n', options)).rows).toEqual([["a", "0", 1]]);
    expect((await table("s.jsonl", '{"text":"a"}\n', { label: null })).rows).toEqual([["a", "", 1]]);
  });

  it("names the columns that there are when one is missing", async () => {
    await expect(table("f.csv", "Text,label\na,x\n")).rejects.toThrow(
      /f\.csv:1: Expected a column "text", the columns are "Text", "label", did you mean "Text"\?$/,
    );
    await expect(table("f.csv", "text,text,label\na,b,x\n")).rejects.toThrow('Expected one column "text", received 2');
    await expect(table("f.jsonl", '{"body":"a","label":"x"}\n')).rejects.toThrow(
      /f\.jsonl:1: Expected a column "text", the columns are "body", "label"$/,
    );
  });

  it("names wrong rows by line, at most twenty of them", async () => {
    await expect(table("f.jsonl", '{"text":5,"label":"x"}\n{"text":"a","label":null}\n')).rejects.toThrow(
      /:1: Expected a text in "text", received 5\n.*:2: Expected the name of a label in "label", received null$/,
    );
    await expect(table("f.csv", "text,label\na,\n")).rejects.toThrow(/f\.csv:2: .*received an empty text/);
    await expect(table("f.csv", "text,label\na,b,c\n")).rejects.toThrow(
      /f\.csv:2: Expected 2 fields as in the header, received 3/,
    );
    const lines = Array.from({ length: 30 }, (_, i) => `{"text":${i},"label":"x"}\n`);
    const many = await table("f.jsonl", lines.join("")).catch((error: Error) => error.message);
    expect(String(many).split("\n")).toHaveLength(21);
    expect(many).toContain("and 10 more that are wrong");
  });

  it("tells rows with the same fault once, with how many there are and the first of them", async () => {
    const good = '{"text":"a","label":"x"}\n';
    await expect(table("f.jsonl", good + '{"text":1,"label":"x"}\n'.repeat(50))).rejects.toThrow(
      /f\.jsonl:2: Expected a text in "text", received 1 \(50 times, also at 3, 4, 5, 6, …\)$/,
    );
    await expect(table("f.csv", "text,label\na,b,c\na,x\nb,c,d\n")).rejects.toThrow(
      /f\.csv:2: Expected 2 fields as in the header, received 3 \(2 times, also at 4\)$/,
    );
  });

  it("leaves out and counts a last line that is half written, and refuses one in the middle", async () => {
    const whole = '{"text":"a","label":"x"}\n';
    expect(await table("f.jsonl", `${whole}{"text":"b","la`)).toEqual({ rows: [["a", "x", 1]], unfinished: 1 });
    const cut = Buffer.from(`${whole}{"text":"gr\u00fc`).subarray(0, -1);
    expect(await table("f.jsonl", cut)).toEqual({ rows: [["a", "x", 1]], unfinished: 1 });
    await expect(table("f.txt", cut)).rejects.toThrow(/f\.txt:2: Expected UTF-8/);
    await expect(table("f.jsonl", `${whole}{"text":"b","la\n${whole}`)).rejects.toThrow(
      /f\.jsonl:2: Expected one JSON object/,
    );
    await expect(table("f.jsonl", `${whole}[1]\n`)).rejects.toThrow(
      /f\.jsonl:2: Expected a JSON object, received a list of 1/,
    );
  });

  it("says on which line a file stops being UTF-8, and reads UTF-16 by its mark", async () => {
    const mixed = Buffer.concat([Buffer.from("text,label\ngrün,x\n"), Buffer.from("gr\xfcn,x\n", "latin1")]);
    await expect(table("f.csv", mixed)).rejects.toThrow(/f\.csv:3: Expected UTF-8/);
    const le = Buffer.from("\ufefftext,label\r\ngrün 😀,x\r\n", "utf16le");
    const rows = [["grün 😀", "x", 2]];
    expect(await table("f.csv", le)).toEqual({ rows, unfinished: 0 });
    expect(await table("f.csv", Buffer.from(le).swap16())).toEqual({ rows, unfinished: 0 });
    const lines = Buffer.from('\ufeff{"text":"grün 😀","label":"x"}', "utf16le");
    expect(await table("f.jsonl", lines)).toEqual({ rows: [["grün 😀", "x", 1]], unfinished: 0 });
    await expect(table("g.csv", Buffer.from("text,label\n", "utf16le"))).rejects.toThrow(/UTF-16 without a mark/);
  });

  it("refuses what holds no rows", async () => {
    await expect(table("f.csv", "")).rejects.toThrow("the file is empty");
    await expect(table("f.csv", "\ufeff \n")).rejects.toThrow("the file is empty");
    await expect(table("f.csv", "text,label\n")).rejects.toThrow("Expected at least one row");
    await expect(readTable(join(directory, "none.csv"))).rejects.toThrow(
      /none\.csv: Expected a readable file \(ENOENT/,
    );
  });
});

describe("readRun", () => {
  it("reads rows and manifest, of a killed run too", async () => {
    const run = join(directory, "run");
    await mkdir(run);
    await expect(readRun(run)).rejects.toThrow("Expected a run directory with data.jsonl");
    await writeFile(join(run, "data.jsonl"), '{"text":"a","label":"x","id":"0.0"}\n{"te');
    expect(await readRun(run)).toMatchObject({
      rows: [{ text: "a", fields: { id: "0.0" } }],
      unfinished: 1,
      manifest: null,
    });
    await writeFile(join(run, "manifest.json"), '{"state":"running","teacher":{"path":"t.gguf","sha256":"00"}}');
    expect(await readRun(run)).toMatchObject({ manifest: { state: "running" } });
    await writeFile(join(run, "manifest.json"), '{"state":');
    await expect(readRun(run)).rejects.toThrow(/manifest\.json: Expected a JSON object/);
  });
});
