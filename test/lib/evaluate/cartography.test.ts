import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { cartography, correctnessBucket } from "../../../lib/evaluate/cartography.js";

const probabilities = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));

describe("cartography", () => {
  it("gives the values worked out by hand", () => {
    const epochs = [
      probabilities([0.2, 0.8], [0.5, 0.5], [0.1, 0.9]),
      probabilities([0.5, 0.5], [0.5, 0.5], [0.1, 0.9]),
      probabilities([0.8, 0.2], [0.5, 0.5], [0.1, 0.9]),
    ];
    const { confidence, variability, correctness } = cartography(epochs, [0, 1, 1]);
    // row 0: (0.2 + 0.5 + 0.8)/3; sqrt((0.09 + 0 + 0.09)/3); wrong, right (a tie goes to the first label), right
    expect(confidence[0]).toBeCloseTo(0.5, 14);
    expect(variability[0]).toBeCloseTo(Math.sqrt(0.06), 14);
    expect(correctness[0]).toBeCloseTo(2 / 3, 14);
    // row 1: its label is the second one of a tie each time
    expect([confidence[1], variability[1], correctness[1]]).toEqual([0.5, 0, 0]);
    // row 2: the same each time
    expect(confidence[2]).toBeCloseTo(0.9, 14);
    expect(variability[2]).toBeCloseTo(0, 14);
    expect(correctness[2]).toBe(1);
  });

  it("has variability 0 after one epoch, at most 0.5 ever, and nothing for no rows", () => {
    expect([...cartography([probabilities([0.3, 0.7])], [1]).variability]).toEqual([0]);
    expect([...cartography([probabilities([0, 1]), probabilities([1, 0])], [1]).variability]).toEqual([0.5]);
    expect(cartography([], []).confidence).toHaveLength(0);
    expect([...cartography([probabilities([1])], [0]).correctness]).toEqual([1]); // one label
  });

  it("refuses an epoch with other rows and a label without a probability", () => {
    expect(() => cartography([probabilities([1, 0])], [0, 1])).toThrow(/epochs\[0\]: Expected 2 rows/);
    expect(() => cartography([probabilities([1, 0])], [2])).toThrow(/gold\[0\]: Expected a label 0\.\.1, received 2/);
  });
});

describe("correctnessBucket", () => {
  it("rounds to one decimal, exact ties to the even digit", () => {
    const table: [correctness: number, bucket: number][] = [
      [0.25, 0.2],
      [0.75, 0.8],
      [0, 0],
      [1, 1],
      [1 / 6, 0.2],
      [2 / 6, 0.3],
      [4 / 6, 0.7],
      [5 / 6, 0.8],
      // not ties: the binary numbers lie a little above or below, as Python's round() sees them
      [0.05, 0.1],
      [0.15, 0.1],
      [0.35, 0.3],
      [0.45, 0.5],
      [0.85, 0.8],
      [0.95, 0.9],
    ];
    for (const [correctness, bucket] of table)
      expect(correctnessBucket(correctness).bucket, `${correctness}`).toBe(bucket);
  });

  it("has the regions of the paper's Figure 5", () => {
    const table: [bucket: number, region: string][] = [
      [0, "mislabelled"],
      [0.1, "mislabelled"],
      [0.2, "mislabelled"],
      [0.3, "mislabelled"],
      [0.4, "hard"],
      [0.5, "hard"],
      [0.6, "hard"],
      [0.7, "easy"],
      [0.8, "easy"],
      [0.9, "easy"],
      [1, "easy"],
    ];
    for (const [bucket, region] of table) expect(correctnessBucket(bucket)).toEqual({ bucket, region });
  });

  it("refuses what is no share", () => {
    for (const wrong of [-0.1, 1.1, Number.NaN]) expect(() => correctnessBucket(wrong)).toThrow(InvalidConfigError);
  });
});
