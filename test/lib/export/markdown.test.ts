import fc from "fast-check";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { codeBlock, markdownTable, markdownText, yamlText } from "../../../lib/export/markdown.js";

it("shows any text as itself: no markup, HTML, link or table cell comes of it", () => {
  const cases: [text: string, markdown: string][] = [
    ["plain words", "plain words"],
    ["a|b", "a\\|b"],
    ["# *x* _y_ `z`", "\\# \\*x\\* \\_y\\_ \\`z\\`"],
    ["<script>&amp;", "\\<script\\>\\&amp;"],
    ["[x](https://e.org)", "\\[x\\](https\\://e\\.org)"],
    ["../../x", "\\.\\./\\.\\./x"],
    ["two\n\nlines\u2028more", "two lines more"],
    ["\u202eabc\u0007", "\\\\u\\{202e\\}abc\\\\u\\{7\\}"],
    ["é😀", "é😀"],
  ];
  for (const [text, markdown] of cases) expect(markdownText(text)).toBe(markdown);
  expect(markdownTable(["a"], [[markdownText("x | y")]])).toBe("| a |\n| --- |\n| x \\| y |\n");
});

it("fences code with more backticks than are in it", () => {
  expect(codeBlock("sh", "x\n")).toBe("```sh\nx\n```\n");
  expect(codeBlock("", "a ```` b")).toBe("`````\na ```` b\n`````\n");
});

it("writes strings that YAML 1.1 and 1.2 both read as the same strings, whatever is in them", () => {
  expect(yamlText({ a: ["no", "1e3", "x: y # z", 'q"'], rows: 1 })).toBe(
    'a:\n  - "no"\n  - "1e3"\n  - "x: y # z"\n  - "q\\""\nrows: 1\n',
  );
  expect(yamlText({ "a b": "\u202e\u0085\u{e0041}" })).toBe(
    '"a b": "\\u202e\\N\\U000e0041"\n'.replace("\\N", "\\u0085"),
  );
  const words = ["<<", "=", "~", "y", "1:30", "0o7", "2001-01-01"];
  expect(yamlText(words)).toBe(words.map((word) => `- "${word}"\n`).join(""));
  expect(yamlText({ y: 1, no: 2, name: 3 })).toBe('"y": 1\n"no": 2\nname: 3\n');
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(..."-:#'\"\n\t \\{}[]&*!|>%@`\u2028\ufeff\u200f"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
  });
  const noProto = text.filter((key) => key !== "__proto__" && key !== "<<");
  fc.assert(
    fc.property(fc.dictionary(noProto, fc.oneof(text, fc.array(text))), (value) => {
      const yaml = yamlText(value);
      expect(yaml).not.toMatch(/^---/m);
      for (const version of ["1.1", "1.2"] as const) expect(parse(yaml, { version })).toEqual({ ...value });
    }),
  );
});
