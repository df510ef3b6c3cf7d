import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../../lib/evaluate/evaluation.js";
import { allLabels, shownDatasets } from "../../../lib/report/dataset.js";
import { thin } from "../../../lib/report/gold-sections.js";
import { clip } from "../../../lib/report/section.js";

const evaluation = { rows: { labels: { b: 1, a: 2 } }, duplicates: { near: 0, pairs: [] } } as unknown as Evaluation;
const dataset = (name: string, rows: number) => ({
  ...{ name, evaluation },
  rows: Array.from({ length: rows }, (_, i) => ({ text: i === 1 ? " " : `row ${i}`, label: "a" })),
});

describe("shownDatasets", () => {
  it("shares the page's rows out, evenly over each dataset, and numbers them through", () => {
    const [one, two] = shownDatasets([dataset("one", 9), dataset("two", 3)], 8);
    expect(one!.evaluated).toHaveLength(8); // the blank one is none
    expect([...one!.numbers]).toEqual([
      [0, 0],
      [2, 1],
      [4, 2],
      [6, 3],
    ]);
    expect([...two!.numbers]).toEqual([
      [0, 4],
      [1, 5],
    ]);
    expect([one!.title, two!.title]).toEqual(["one", "two"]);
  });

  it("holds as many rejected rows, evenly over them, too", () => {
    const rejected = { rows: Array.from({ length: 9 }, (_, i) => ({ text: `${i}`, label: "a", reason: "short" })) };
    const [one, two] = shownDatasets([{ ...dataset("one", 2), rejected }, dataset("two", 2)], 8);
    expect(one!.held.map(({ text }) => text)).toEqual(["0", "2", "4", "6"]);
    expect(two!.held).toEqual([]);
  });

  it("gives a single dataset no title, and holds no rows where none are wanted", () => {
    const [one] = shownDatasets([dataset("one", 9)], 0);
    expect(one).toMatchObject({ title: null });
    expect(one!.numbers.size).toBe(0);
  });
});

describe("clip", () => {
  it("cuts at 2,000 units, and no character in two", () => {
    expect(clip("a".repeat(2000))).toBe("a".repeat(2000));
    expect(clip("a".repeat(2001))).toBe(`${"a".repeat(2000)}…`);
    expect(clip(`${"a".repeat(1999)}😀b`)).toBe(`${"a".repeat(1999)}…`);
  });
});

describe("allLabels and thin", () => {
  it("sort labels, and keep the spread of a list", () => {
    expect(allLabels([dataset("one", 2), dataset("two", 2)])).toEqual(["a", "b"]);
    expect(thin([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 2, 4]);
    expect(thin([0, 1], 3)).toEqual([0, 1]);
  });
});
