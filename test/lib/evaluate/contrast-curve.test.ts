import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { contrastCurve } from "../../../lib/evaluate/contrast-curve.js";

describe("contrastCurve", () => {
  it("smooths one sequence as worked out by hand", () => {
    // s0 = 8; s1 = 0.5 * 8 + 0.5 * 4 = 6; s2 = 0.5 * 6 + 0.5 * 0 = 3; s3 = 0.5 * 3 + 0.5 * 5 = 4
    const { mean, smoothed, beta, sequences } = contrastCurve([[8, 4, 0, 5]], { beta: 0.5 });
    expect([...mean]).toEqual([8, 4, 0, 5]);
    expect([...smoothed]).toEqual([8, 6, 3, 4]);
    expect([...sequences]).toEqual([1, 1, 1, 1]);
    expect(beta).toBe(0.5);
  });

  it("takes the mean over the sequences that reach a step", () => {
    // steps: (2 + 6)/2, (4 + 0)/2, 10 alone
    const { mean, sequences } = contrastCurve([[2, 4, 10], [], [6, 0]]);
    expect([...mean]).toEqual([4, 2, 10]);
    expect([...sequences]).toEqual([2, 2, 1]);
  });

  it("uses beta 0.9 unless told otherwise, and leaves the values alone at 0", () => {
    expect(contrastCurve([[10, 0]])).toMatchObject({ beta: 0.9 });
    expect(contrastCurve([[10, 0]]).smoothed[1]).toBeCloseTo(9, 14);
    expect([...contrastCurve([[10, 0, 3]], { beta: 0 }).smoothed]).toEqual([10, 0, 3]);
  });

  it("is empty for no sequences, and a point for a single step", () => {
    expect(contrastCurve([]).smoothed).toHaveLength(0);
    expect([...contrastCurve([Float32Array.of(2)]).smoothed]).toEqual([2]);
  });

  it("refuses another beta and what is no distance", () => {
    for (const beta of [1, -0.1, Number.NaN]) expect(() => contrastCurve([[1]], { beta })).toThrow(InvalidConfigError);
    expect(() => contrastCurve([[1], [2, Number.NaN]])).toThrow(
      /sequences\[1\]\[1\]: Expected a distance from 0, received NaN/,
    );
    expect(() => contrastCurve([[-1]])).toThrow(InvalidConfigError);
  });
});
