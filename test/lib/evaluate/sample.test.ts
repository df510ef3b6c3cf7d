import { describe, expect, it } from "vitest";
import { byLabel } from "../../../lib/evaluate/by-label.js";
import { largestSample, sampleRows } from "../../../lib/evaluate/sample.js";

const labels = (counts: Record<string, number>) =>
  Object.entries(counts).flatMap(([label, count]) => new Array<string>(count).fill(label));
const counted = (of: readonly string[], positions: readonly number[]) => {
  const drawn = positions.map((p) => of[p]!);
  return Object.fromEntries(byLabel(drawn, drawn, (own) => own.length));
};

describe("sampleRows", () => {
  it("takes all rows without a draw, or different ones in their order", () => {
    expect(sampleRows(["a", "b", "a"], 3)).toEqual([0, 1, 2]);
    const drawn = sampleRows(labels({ a: 100 }), 40, { seed: 3 });
    expect(new Set(drawn).size).toBe(40);
    expect(drawn).toEqual([...drawn].sort((x, y) => x - y));
    expect(sampleRows(labels({ a: 100 }), 40, { seed: 3 })).toEqual(drawn);
    expect(sampleRows(labels({ a: 100 }), 40, { seed: 4 })).not.toEqual(drawn);
    expect(sampleRows([], 0)).toEqual([]);
  });

  it("takes over the proportions of another set to within a row", () => {
    const rows = labels({ a: 50, b: 50, c: 9 });
    const mix = labels({ a: 30, b: 15 });
    expect(counted(rows, sampleRows(rows, 30, { mix }))).toEqual({ a: 20, b: 10 });
    // shares 6.67 and 3.33: the larger remainder is rounded up
    expect(counted(rows, sampleRows(rows, 10, { mix }))).toEqual({ a: 7, b: 3 });
  });

  it("says how many rows there are for a mix, and refuses more", () => {
    const rows = labels({ a: 20, b: 100 });
    const mix = labels({ a: 2, b: 1 });
    expect(largestSample(rows, mix)).toBe(30); // a: 20 = 2/3 of 30
    expect(counted(rows, sampleRows(rows, 30, { mix }))).toEqual({ a: 20, b: 10 });
    expect(() => sampleRows(rows, 31, { mix })).toThrow("n: Expected an integer 0..30, received 31");
    expect(largestSample(rows, labels({ a: 1, z: 1 }))).toBe(1); // one row fits: the remainder is a's
    expect(largestSample(rows, [])).toBe(0);
    expect(largestSample(rows)).toBe(120);
    expect(() => sampleRows(rows, 121)).toThrow("0..120");
  });
});
