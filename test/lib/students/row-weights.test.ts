import { describe, expect, it } from "vitest";
import { rowWeights } from "../../../lib/students/row-weights.js";
import { areaUnderCurve, noisyRows } from "./noisy.js";

describe("rowWeights", () => {
  it("finds the fifth of the rows whose label was flipped", () => {
    const rows = noisyRows(200, 0.2);
    const weights = rowWeights(rows);
    expect(weights.every((weight) => weight >= 0 && weight <= 1)).toBe(true);
    expect(areaUnderCurve(rows, weights)).toBeGreaterThan(0.9);
  });

  it("leaves a row of weight 0 at 0, is the same twice, and says how far it is", () => {
    const rows = noisyRows(40, 0.2).map((row, r) => ({ ...row, weight: r === 3 ? 0 : 2 }));
    const shares: number[] = [];
    const weights = rowWeights(rows, { steps: 4, onProgress: (share) => shares.push(share) });
    expect(weights[3]).toBe(0);
    expect(shares).toEqual([0, 0.25, 0.5, 0.75]);
    expect(rowWeights(rows, { steps: 4 })).toEqual(weights);
    expect(rowWeights(rows, { steps: 4, seed: 1 })).not.toEqual(weights);
  });

  it("refuses options out of range", () => {
    const rows = noisyRows(8, 0);
    expect(() => rowWeights(rows, { steps: 0 })).toThrow("steps: Expected an integer from 1, received 0");
    expect(() => rowWeights(rows, { rate: Number.NaN })).toThrow("rate: Expected a number above 0, received NaN");
  });
});
