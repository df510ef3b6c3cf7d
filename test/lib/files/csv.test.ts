import { describe, expect, it } from "vitest";
import { type CsvDialect, parseCsv } from "../../../lib/files/csv.js";

const fields = (text: string, dialect?: CsvDialect) =>
  [...parseCsv(text, "f.csv", dialect)].map((record) => record.fields);

describe("parseCsv", () => {
  it("reads plain, quoted and empty fields", () => {
    expect(fields('a,b,c\n1,"two, 2",\n"","say ""hi""",x\n')).toEqual([
      ["a", "b", "c"],
      ["1", "two, 2", ""],
      ["", 'say "hi"', "x"],
    ]);
    expect(fields("a\tb\n1,5\t2\n", { separator: "\t" })).toEqual([
      ["a", "b"],
      ["1,5", "2"],
    ]);
  });

  it("ends a record at any line end, and at the end of the text", () => {
    for (const end of ["\n", "\r\n", "\r"])
      expect(fields(`a,b${end}1,2${end}3,4`)).toEqual([
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
      ]);
    expect(fields("a,")).toEqual([["a", ""]]);
    expect(fields("")).toEqual([]);
  });

  it("counts lines through quoted line breaks and skips empty lines", () => {
    const records = [...parseCsv('t\n"a\nb\r\nc"\n\nd\n', "f.csv")];
    expect(records).toEqual([
      { fields: ["t"], line: 1 },
      { fields: ["a\nb\r\nc"], line: 2 },
      { fields: ["d"], line: 6 },
    ]);
  });

  it("keeps a quote inside a plain field", () => {
    expect(fields('5" disk,b\n')).toEqual([['5" disk', "b"]]);
  });

  it("refuses an open quote and text behind a quote, with the line", () => {
    expect(() => fields('a,b\n1,"open\nmore\n')).toThrow(/^f\.csv:2: Expected a closing quote/);
    expect(() => fields('a,b\n"x\ny"z,1\n')).toThrow(
      /^f\.csv:3: Expected a separator after the closing quote, received "z"/,
    );
  });
});
