import { describe, expect, it } from "vitest";
import { computeFigures } from "../../../lib/evaluate/figures.js";
import type { ReadRows } from "../../../lib/evaluate/read-rows.js";
import { tokenize } from "../../../lib/evaluate/tokenize.js";

/** Rows of four words, read by hand: a vector of the word lengths, no entities. */
function read(count: number): ReadRows {
  const rows = Array.from({ length: count }, (_, i) => {
    const word = (letter: string, most: number) => letter.repeat(1 + (i % most));
    return { text: `${word("a", 7)} ${word("b", 11)} c ${word("g", 5)} ${i}`, label: i % 2 === 0 ? "x" : "y" };
  });
  const vectors = rows.map(({ text }) => Float32Array.from(text.split(" "), ({ length }) => length));
  const all = [...rows.keys()];
  return { rows, sampled: all.slice(0, 200), tokens: null, entities: null, embedded: all, vectors, mapVectors: null };
}

const input = {
  ...{
    data: read(300),
    gold: read(200),
    seeds: null,
    recogniser: null,
    cannotRead: null,
    embedder: "lengths of words",
    mapEmbedder: null,
    seedRows: null,
    goldTrain: read(200),
    studied: [...Array(300).keys()],
    tests: [...Array(200).keys()],
    vectorTests: [...Array(200).keys()],
    studentEmbedder: "lengths of words",
  },
  ...{ labels: ["x", "y"].map((name) => ({ name, verbalization: name })), matchesGold: false, mapRows: 200, seed: 5 },
};

describe("computeFigures", () => {
  it("makes the maps alone of the vectors of another embedder, and of nothing but these where there are no others", () => {
    const mapVectors = input.data.rows.map(({ label }, i) => Float32Array.of(label === "x" ? 1 : 0, 1, i % 3));
    const data = { ...input.data, mapVectors };
    const watch = () => () => undefined;
    const plain = computeFigures(input, watch);
    const other = computeFigures({ ...input, data, mapEmbedder: "labels" }, watch);
    expect(other.mauve).toEqual(plain.mauve);
    expect([other.labelCosine.value?.features, other.map.value?.features]).toEqual(["labels", "labels"]);
    expect(other.labelCosine.value?.matrix).not.toEqual(plain.labelCosine.value?.matrix);
    const alone = { ...input, data: { ...data, vectors: null }, embedder: null, mapEmbedder: "labels" };
    const maps = computeFigures(alone, watch);
    expect(maps.mauve).toEqual({ value: null, reason: expect.stringMatching(/^no embedder was given/) });
    expect([maps.labelCosine, maps.map]).toEqual([other.labelCosine, other.map]);
  });

  it("tells the beginning of every stage, and its progress in the middle of those that take long", () => {
    const shares = new Map<string, number[]>();
    computeFigures(input, (name) => {
      const own: number[] = [];
      shares.set(name, own);
      return (share) => own.push(share);
    });
    expect([...shares.keys()]).toEqual([
      ...["tokens", "tokens of gold", "duplicates", "diversity", "diversity of each label", "diversity of the sample"],
      ...[
        "diversity of gold",
        "copies of gold",
        "student",
        "words for students",
        "students (logistic student)",
        "students (proxy student)",
        "label fidelity",
        "MAUVE",
        "similarity of labels",
        "2-D map",
      ],
    ]);
    for (const stage of [
      ...["duplicates", "diversity", "diversity of the sample", "diversity of gold", "copies of gold"],
      ...["student", "students (proxy student)", "label fidelity", "MAUVE", "2-D map"],
    ]) {
      const between = shares.get(stage)!.filter((share) => share > 0.2 && share < 0.8);
      expect(between.length, stage).toBeGreaterThan(2);
    }
  });

  it("comes to the same with numbers for tokens", () => {
    const known = new Map<string, number>();
    const number = (token: string) => {
      if (!known.has(token)) known.set(token, known.size);
      return known.get(token)!;
    };
    const numbered = (set: ReadRows) => ({ ...set, tokens: set.rows.map(({ text }) => tokenize(text).map(number)) });
    const stage = () => () => undefined;
    const found = computeFigures({ ...input, data: numbered(input.data), gold: numbered(input.gold) }, stage);
    expect(found).toEqual(computeFigures(input, stage));
  });
});
