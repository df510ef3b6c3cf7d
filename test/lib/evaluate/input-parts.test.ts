import { expect, it } from "vitest";
import type { FigureInput } from "../../../lib/evaluate/figures.js";
import { Gathering, partsOf } from "../../../lib/evaluate/input-parts.js";
import type { ReadRows } from "../../../lib/evaluate/read-rows.js";

function read(count: number, isWhole: boolean): ReadRows {
  const each = <Item>(of: (i: number) => Item) => Array.from({ length: count }, (_, i) => of(i));
  return {
    rows: each((i) => ({ text: `text ${i}`, label: "x" })),
    sampled: [0, 2],
    tokens: isWhole ? each((i) => [i, 0]) : null,
    embedded: [0, 2],
    entities: isWhole ? each((i) => [{ type: "NAME", text: `n${i}` }]) : null,
    vectors: isWhole ? each((i) => Float32Array.of(i, 1)) : null,
    mapVectors: isWhole ? each((i) => Float32Array.of(i, 2)) : null,
  };
}

const rest = {
  ...{ seeds: [{ text: "a" }], labels: [], matchesGold: false, recogniser: "r", cannotRead: null },
  ...{
    embedder: null,
    mapEmbedder: null,
    studentEmbedder: null,
    seedRows: null,
    studied: [0],
    tests: [],
    vectorTests: [],
    mapRows: 9,
    seed: 5,
  },
};

it("puts together what it took apart, in parts of which none is large", () => {
  const table: [input: FigureInput, parts: number][] = [
    [{ ...rest, data: read(600, true), gold: read(256, false), goldTrain: read(3, false) }, 5 * 3 + 1 + 1 + 1],
    [{ ...rest, data: read(3, false), gold: null, goldTrain: null }, 1 + 1],
    [{ ...rest, data: read(0, true), gold: read(0, true), goldTrain: read(0, true) }, 1],
  ];
  for (const [input, count] of table) {
    const parts = [...partsOf(input)].map((part) => structuredClone(part)); // as a thread gets them
    expect(parts).toHaveLength(count);
    for (const part of parts) if ("items" in part) expect(part.items.length).toBeLessThanOrEqual(256);
    const gathering = new Gathering();
    const given = parts.map((part) => gathering.add(part));
    expect(given.slice(0, -1).every((early) => early === undefined)).toBe(true);
    expect(given.at(-1)).toEqual(input);
  }
});
