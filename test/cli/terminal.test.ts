import { describe, expect, it } from "vitest";
import { bytes, clip, duration, facts, grouped, printable, table } from "../../lib/cli/terminal.js";

describe("printable", () => {
  it("shows everything that could move a cursor, recolour, reorder or hide text as its code point", () => {
    const cases: [text: string, shown: string][] = [
      ["\u001b[31mred", "\\u{1b}[31mred"],
      ["\u009b2J", "\\u{9b}2J"],
      ["a\rb\u0008c\u007f\u0000", "a\\u{d}b\\u{8}c\\u{7f}\\u{0}"],
      ["\u202eevil\u2066\u200f\u061c", "\\u{202e}evil\\u{2066}\\u{200f}\\u{61c}"],
      ["a\u2028b\ufeff", "a\\u{2028}b\\u{feff}"],
      ["\ud800x", "\\u{d800}x"],
      ["\u{e0041}", "\\u{e0041}"],
      ["a\nb\tc", "a\\u{a}b\\u{9}c"],
    ];
    for (const [text, shown] of cases) expect(printable(text)).toBe(shown);
  });

  it("leaves ordinary text of any language alone, and line breaks where asked", () => {
    for (const text of ["plain", "Größe, 猫, 😀👨‍👩‍👧", "e\u0301", "C:\\x"]) expect(printable(text)).toBe(text);
    expect(printable("a\nb\r\n", { keepNewlines: true })).toBe("a\nb\\u{d}\n");
  });
});

describe("layout", () => {
  it("cuts text to a width without splitting characters", () => {
    expect(clip("abc", 3)).toBe("abc");
    expect(clip("abcd", 3)).toBe("ab…");
    expect(clip("😀😀😀", 2)).toBe("😀…");
  });

  it("aligns columns", () => {
    expect(table(["a", "long"], [["bcd", "1"]])).toBe("a    long\nbcd     1\n");
    expect(
      facts([
        ["a", "1"],
        ["bcd", "2"],
      ]),
    ).toBe("a    1\nbcd  2\n");
  });

  it("writes numbers for people", () => {
    expect([grouped(1234567.4), bytes(0), bytes(999), bytes(3_083_296), bytes(7e9)]).toEqual([
      "1,234,567",
      "0 B",
      "999 B",
      "3.1 MB",
      "7.0 GB",
    ]);
    expect([0, 7, 59.6, 750, 7500].map(duration)).toEqual(["0:00", "0:07", "1:00", "12:30", "2:05:00"]);
  });
});
