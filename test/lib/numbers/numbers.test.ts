import { describe, expect, it } from "vitest";
import { largest, least } from "../../../lib/numbers/extremes.js";
import { euclideanLength, sum } from "../../../lib/numbers/sum.js";
import { evaluationRandom } from "../../../lib/random.js";

const many = Float64Array.from({ length: 200_000 }, (_, i) => i % 1000);

describe("least and largest", () => {
  it("are the ends of lists of any length, where Math.min and Math.max have no room for their arguments", () => {
    expect([least([2, -1, 3]), largest([2, -1, 3])]).toEqual([-1, 3]);
    expect([least(many), largest(many)]).toEqual([0, 999]);
    expect(() => Math.min(...many)).toThrow(RangeError);
    expect([least([]), largest([])]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect([least([1, Number.NaN]), largest([1, Number.NaN])]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("sum", () => {
  it("adds in order", () => {
    expect([sum([]), sum([1, 2, 3]), sum(new Map([["a", 4]]).values())]).toEqual([0, 6, 4]);
    expect(sum([1e16, 1, -1e16])).toBe(0); // 1e16 + 1 is 1e16
  });
});

describe("euclideanLength", () => {
  it("is that of triangles known by heart, whatever their size", () => {
    for (const scale of [1, 1e-200, 1e200]) expect(euclideanLength([3 * scale, -4 * scale])).toBeCloseTo(5 * scale);
    expect([euclideanLength([]), euclideanLength([0, 0]), euclideanLength([-2])]).toEqual([0, 0, 2]);
  });

  it("is Math.hypot's to the last bit, and goes on where that has no room for its arguments", () => {
    const random = evaluationRandom(1, "sample");
    for (let n = 0; n < 300; n++) {
      const vector = Array.from({ length: n }, () => (random.below(2e6) - 1e6) / 1000);
      expect(euclideanLength(vector)).toBe(Math.hypot(...vector));
    }
    expect(() => Math.hypot(...many)).toThrow(RangeError);
    expect(euclideanLength(new Float64Array(250_000).fill(2))).toBe(1000);
  });
});
