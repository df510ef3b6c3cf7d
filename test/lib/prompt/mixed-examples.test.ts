// Examples of people and of a model: how many of each a prompt has.
import { describe, expect, it } from "vitest";
import { drawExamples } from "../../../lib/prompt/draw.js";
import { drawMixed, examplesPerPrompt, mixOf } from "../../../lib/prompt/mixed-examples.js";
import { RandomStream } from "../../../lib/random.js";

const pool = (human: number, made: number) =>
  mixOf([
    ...Array.from({ length: human }, () => ({ fields: {} })),
    ...Array.from({ length: made }, () => ({ fields: { origin: "synthetic" } })),
  ]);
const stream = (group = 0) => new RandomStream(7n, group, "examples", 0);

describe("a prompt's examples", () => {
  it("are a model's at most by half, whatever there is", () => {
    //         human, made, shots -> human and made of each prompt
    const table: [number, number, number, number, number][] = [
      [10, 10, 4, 2, 2],
      [10, 10, 3, 2, 1],
      [10, 10, 1, 1, 0],
      [10, 1, 4, 3, 1],
      [1, 10, 4, 1, 1],
      [2, 1, 8, 2, 1],
      [0, 5, 3, 0, 3],
      [5, 0, 3, 3, 0],
      [0, 0, 3, 0, 0],
    ];
    for (const [human, made, shots, ofHuman, ofMade] of table) {
      const drawn = drawMixed(stream(), pool(human, made), shots, 3);
      const counts = drawn.map((own) => [own.filter((i) => i < human).length, own.filter((i) => i >= human).length]);
      expect(counts, `${human} ${made} ${shots}`).toEqual([0, 1, 2].map(() => [ofHuman, ofMade]));
      expect(examplesPerPrompt(pool(human, made), shots)).toBe(ofHuman + ofMade);
      for (const own of drawn) expect(new Set(own).size).toBe(own.length);
    }
  });

  it("without one of a model are drawn as ever", () => {
    expect(drawMixed(stream(), pool(9, 0), 3, 2)).toEqual(drawExamples(stream(), 9, 3, 2));
  });

  it("stand in any order, and all of a pool come up", () => {
    const firsts = new Set<boolean>();
    const seen = new Set<number>();
    for (let group = 0; group < 60; group++) {
      for (const own of drawMixed(stream(group), pool(4, 4), 4, 2)) {
        firsts.add(own[0]! < 4);
        for (const i of own) seen.add(i);
      }
    }
    expect([firsts.size, seen.size]).toEqual([2, 8]);
  });
});
