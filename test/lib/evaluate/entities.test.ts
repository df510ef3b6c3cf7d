import { describe, expect, it } from "vitest";
import { type Entity, entityEntropy } from "../../../lib/evaluate/entities.js";

const mentions = (type: string, ...texts: string[]): Entity[] => texts.map((text) => ({ type, text }));

describe("entityEntropy", () => {
  it("gives the values worked out by hand", () => {
    const table: [surfaces: string[], bits: number][] = [
      [["A"], 0],
      [["A", "A", "A"], 0],
      // -2 * 1/2 log2 1/2
      [["A", "B", "B", "A"], 1],
      // 3/4 log2 4/3 + 1/4 log2 4 = 0.311278 + 0.5
      [["A", "A", "B", "A"], 0.811278124459133],
      // 1/2 * 1 + 2 * 1/4 * 2
      [["A", "B", "A", "C"], 1.5],
      // as found: case and article make different entities, log2 3
      [["Apple", "apple", "the Apple"], 1.584962500721156],
      [["A", "A "], 1],
    ];
    for (const [surfaces, bits] of table) {
      const result = entityEntropy(mentions("ORG", ...surfaces));
      expect(result.perType.ORG, surfaces.join()).toBeCloseTo(bits, 14);
      expect(result.mentions).toEqual({ ORG: surfaces.length });
    }
  });

  it("means over the types that occur, however many mentions each has", () => {
    const entities = [
      ...mentions("PERSON", "a", "b", "c", "d"), // 2 bits
      ...mentions("DATE", ...Array<string>(100).fill("today")), // 0 bits
      ...mentions("GPE", "x", "y"), // 1 bit
    ];
    expect(entityEntropy(entities)).toEqual({
      perType: { DATE: 0, GPE: 1, PERSON: 2 },
      mentions: { DATE: 100, GPE: 2, PERSON: 4 },
      mean: 1,
    });
  });

  it("counts a surface seen under two types in each", () => {
    const { perType } = entityEntropy([...mentions("PERSON", "Paris", "Bob"), ...mentions("GPE", "Paris", "Rome")]);
    expect(perType).toEqual({ GPE: 1, PERSON: 1 });
  });

  it("gives 0, not -0, for one surface, and null for no entities", () => {
    expect(Object.is(entityEntropy(mentions("ORG", "A", "A")).perType.ORG, 0)).toBe(true);
    expect(entityEntropy([])).toEqual({ perType: {}, mentions: {}, mean: null });
  });

  it("reads any iterable once, and takes any type name", () => {
    function* source() {
      yield* mentions("__proto__", "a", "b");
      yield* mentions("constructor", "a");
    }
    const { perType, mean } = entityEntropy(source());
    expect(Object.entries(perType)).toEqual([
      ["__proto__", 1],
      ["constructor", 0],
    ]);
    expect(mean).toBe(0.5);
  });
});
