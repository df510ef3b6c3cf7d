import { describe, expect, test } from "vitest";
import { drawSeeds } from "../../../lib/io.js";

const rowsOf = (label: string, texts: readonly string[]) => texts.map((text) => ({ text, label }));
const words = ["amber", "basil", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jetty"];
const many = (label: string, n: number) =>
  rowsOf(
    label,
    Array.from(
      { length: n },
      (_, i) => `${label} ${words[i % 10]} ${words[(i * 7 + 3) % 10]} ${i} ${words[(i * 3) % 10]}`,
    ),
  );

describe("drawSeeds", () => {
  test("draws as many of each label, the same for the same seed and others for another", () => {
    const rows = [...many("b", 40), ...many("a", 30), ...many("c", 3)];
    const { seeds, labels } = drawSeeds(rows, { perLabel: 10, seed: 7 });
    expect([...labels]).toEqual([
      ["a", { rows: 30, drawn: 10 }],
      ["b", { rows: 40, drawn: 10 }],
      ["c", { rows: 3, drawn: 3 }],
    ]);
    expect(seeds.map(({ label }) => label).join("")).toBe("aaaaaaaaaabbbbbbbbbbccc");
    expect(drawSeeds(rows, { perLabel: 10, seed: 7 }).seeds).toEqual(seeds);
    expect(drawSeeds(rows, { perLabel: 10, seed: 8 }).seeds).not.toEqual(seeds);
    expect(drawSeeds(rows, { perLabel: 5, seed: 7 }).seeds.slice(0, 5)).toEqual(seeds.slice(0, 5));
  });

  test("leaves out what can be no seed, and says how many rows of which kind", () => {
    const rows = [
      ...rowsOf("x", [
        "The quick brown fox jumps over the lazy dog",
        " ",
        "the  quick brown fox jumps over the lazy dog",
      ]),
      ...rowsOf("x", ["What is the capital of Japan?", "what's the capital of japan"]), // say the same
      ...rowsOf("x", ["under both", "in the test set", "a text of its own"]),
      ...rowsOf("y", ["Under both", "another text of its own"]),
    ];
    const { seeds, leftOut } = drawSeeds(rows, { exclude: ["In the test set!", "no row at all"] });
    expect(leftOut).toEqual({ blank: 1, contradicting: 2, duplicates: 1, nearDuplicates: 1, excluded: 1 });
    expect(seeds).toHaveLength(4);
    expect(seeds.map(({ text }) => text)).toContain("a text of its own");
  });

  test("takes HTML off where it is asked to, before texts are compared", () => {
    const rows = rowsOf("x", ["fish &amp; chips<br/>", "fish & chips", "a <b>bold</b> move", "plain"]);
    const cleaned = drawSeeds(rows, { clean: true });
    expect([...cleaned.seeds.map(({ text }) => text)].sort()).toEqual(["a bold move", "fish & chips", "plain"]);
    expect([cleaned.leftOut.duplicates, drawSeeds(rows).html]).toEqual([1, 2]);
  });

  test("sorts numbers by value, and takes the order of names that are given", () => {
    const rows = [...rowsOf("10", ["ten"]), ...rowsOf("9", ["nine"]), ...rowsOf("b", ["bee"])];
    expect([...drawSeeds(rows).labels.keys()]).toEqual(["9", "10", "b"]);
    const { labels } = drawSeeds(rows, { names: ["b", "none", "10"] });
    expect([...labels]).toEqual([
      ["b", { rows: 1, drawn: 1 }],
      ["none", { rows: 0, drawn: 0 }],
      ["10", { rows: 1, drawn: 1 }],
      ["9", { rows: 1, drawn: 1 }],
    ]);
  });

  test("refuses options out of their range", () => {
    for (const options of [{ perLabel: 0 }, { perLabel: 1.5 }, { seed: -1 }]) {
      expect(() => drawSeeds([], options)).toThrow(/Expected an integer from \d/);
    }
  });
});
