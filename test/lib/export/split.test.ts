import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitRows } from "../../../lib/io.js";

// Texts of which no two share a word.
const distinct = (label: string, n: number) =>
  Array.from({ length: n }, (_, i) => ({ label, text: `${label}a${i} ${label}b${i} ${label}c${i} ${label}d${i}` }));

describe("splitRows", () => {
  it.each([
    // rows, share, validate: the nearest whole number, never the last row
    [10, 0.1, 1],
    [10, 0.25, 3],
    [10, 0.9, 9],
    [10, 0.99, 9],
    [4, 0.1, 0],
    [5, 0.1, 1],
    [2, 0.5, 1],
    [1, 0.5, 0],
    [1, 0.9, 0],
  ])("of %i rows at %f, %i validate, for each label alone", (n, validation, expected) => {
    const { labels } = splitRows([...distinct("x", n), ...distinct("y", 10)], { validation });
    expect(labels.get("x")).toEqual({ train: n - expected, validation: expected, fraction: expected / n });
    expect(labels.get("y")!.validation).toBe(Math.min(9, Math.round(10 * validation)));
  });

  it("depends on the seed, and on nothing else", () => {
    const rows = [...distinct("x", 40), ...distinct("y", 40)];
    const chosen = (seed: number) => Array.from(splitRows(rows, { validation: 0.2, seed }).isValidation).join("");
    expect(chosen(7)).toBe(chosen(7));
    expect(new Set([0, 1, 2, 3].map(chosen)).size).toBe(4);
    expect(chosen(0)).toBe(Array.from(splitRows(rows, { validation: 0.2 }).isValidation).join(""));
  });

  it("keeps texts that near duplicates join on one side, through others and across labels", () => {
    const words = Array.from({ length: 30 }, (_, i) => `w${i}`);
    // each shares 25 of 28 word triples with the next, and the ends of the chain less than half of them
    const chain = [0, 1, 2, 3, 4, 5, 6].map((shift) =>
      [...words.slice(shift * 3), ...Array(shift * 3).keys()].join(" "),
    );
    for (let seed = 0; seed < 20; seed++) {
      const rows = [
        ...distinct("x", 10),
        ...chain.map((text, i) => ({ text, label: i % 2 === 0 ? "x" : "y" })),
        { text: " SAME thing  twice, really", label: "x" },
        { text: "same thing twice, really", label: "y" },
        ...distinct("y", 10),
      ];
      const { isValidation } = splitRows(rows, { validation: 0.5, seed });
      expect(new Set(isValidation.slice(10, 17)).size).toBe(1);
      expect(new Set(isValidation.slice(17, 19)).size).toBe(1);
    }
  });

  it("leaves a label whose rows are all alike in train, and says so in its fraction", () => {
    const same = Array.from({ length: 6 }, () => ({ text: "one and the same text", label: "x" }));
    expect(splitRows([...same, ...distinct("y", 4)], { validation: 0.5 }).labels).toEqual(
      new Map([
        ["x", { train: 6, validation: 0, fraction: 0 }],
        ["y", { train: 2, validation: 2, fraction: 0.5 }],
      ]),
    );
  });

  it("counts every row once, never parts equal texts and never exceeds a label's share", () => {
    const row = fc.record({
      text: fc.constantFrom("a b c d", "e f g h", "i j k l", "m"),
      label: fc.constantFrom("x", "y"),
    });
    const options = fc.record({ validation: fc.double({ min: 0.01, max: 0.99, noNaN: true }), seed: fc.nat() });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), options, (rows, options) => {
        const { isValidation, labels } = splitRows(rows, options);
        for (const [label, { train, validation, fraction }] of labels) {
          const own = rows.flatMap((row, i) => (row.label === label ? [isValidation[i]] : []));
          expect([train + validation, validation]).toEqual([own.length, own.filter((side) => side === 1).length]);
          expect(validation).toBeLessThanOrEqual(Math.round(options.validation * own.length));
          expect([fraction, train > 0]).toEqual([validation / own.length, true]);
        }
        const sides = new Map(rows.map(({ text }, i) => [text, isValidation[i]]));
        rows.forEach(({ text }, i) => {
          expect(isValidation[i]).toBe(sides.get(text));
        });
      }),
    );
  });

  it("refuses shares and seeds out of range, all at once", () => {
    for (const validation of [0, 1, -0.1, 1.5, Number.NaN]) {
      expect(() => splitRows([], { validation, seed: 0.5 })).toThrow(
        /^validation: Expected a share.*\nseed: Expected an integer/,
      );
    }
  });
});
