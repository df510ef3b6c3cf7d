import fc from "fast-check";
import { expect, it } from "vitest";
import { columnSets } from "../../../lib/export/columns.js";
import { csvHeader, csvRecord } from "../../../lib/export/csv-format.js";
import { parseCsv } from "../../../lib/files/csv.js";
import { escapeFormula, unescapeFormula } from "../../../lib/io.js";

const columns = columnSets.basic;

it("quotes every text, doubles quotes, and keeps separators and line breaks inside", () => {
  const record = (text: string) => csvRecord(columns, [text, "l"], { escapeFormulas: true });
  expect(csvHeader(columns, { escapeFormulas: true })).toBe('"text","label"\r\n');
  expect(csvHeader(columns, { escapeFormulas: false })).toBe("text,label\r\n");
  expect(record("plain")).toBe('"plain","l"\r\n');
  expect(record('say "hi", twice')).toBe('"say ""hi"", twice","l"\r\n');
  expect(record("a\nb\r\nc;d")).toBe('"a\nb\r\nc;d","l"\r\n');
  expect(record("\u202eemoji 😀 \0 nul")).toBe('"\u202eemoji 😀 \ufffd nul","l"\r\n');
});

it("puts an apostrophe before what a spreadsheet may take for a formula, and before an apostrophe", () => {
  for (const formula of [
    "=1+1",
    "+1+1",
    "-1-1",
    "-",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "'quoted'",
    "＝1",
    "＋1",
    "－1",
    "＠x",
  ])
    expect(escapeFormula(formula)).toBe(`'${formula}`);
  for (const plain of ["", "1-1", "a=b", " =1", "\u201cx\u201d", "-1", "+2.5", "-1,5", "-3e8"])
    expect(escapeFormula(plain)).toBe(plain);
});

it("writes numbers, lists, objects and nothing as they are read, and escapes texts alone", () => {
  const values = ["-t", "l", "0.1", 0, 1, 5, "eos", true, true, "7", ["a,b", "c"], { k: "v" }, null, "=p"];
  const record = csvRecord(columnSets.all, [...values, 5, 0.2, -1.5, [0.5]], { escapeFormulas: true });
  const expected = `"'-t","l","0.1",0,1,5,"eos",true,true,"7","[""a,b"",""c""]","{""k"":""v""}",,"'=p",5,0.2,-1.5,"[0.5]"\r\n`;
  expect(record).toBe(expected);
  expect(csvRecord(columns, ["-t", "=l"], { escapeFormulas: false })).toBe('"-t","=l"\r\n');
});

it("is read back as it was, escaped or not", () => {
  const text = fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", ""));
  const formula = fc
    .tuple(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "'", '"'), text)
    .map((t) => t.join(""));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(text, formula), text), { maxLength: 5 }),
      fc.boolean(),
      (rows, escapeFormulas) => {
        const csv =
          csvHeader(columns, { escapeFormulas }) +
          rows.map((row) => csvRecord(columns, row, { escapeFormulas })).join("");
        const read = [...parseCsv(csv, "f.csv")].slice(1).map(({ fields }) => fields);
        expect(escapeFormulas ? read.map(([own, label]) => [unescapeFormula(own!), label]) : read).toEqual(rows);
        if (escapeFormulas) for (const [own] of read) expect(own).not.toMatch(/^[=+\-@\t\r\n](?![\d.,e]+$)/i);
      },
    ),
  );
});
