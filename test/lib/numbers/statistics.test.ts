import { describe, expect, it } from "vitest";
import { mean, standardDeviation, tInterval, tQuantile, wilsonInterval } from "../../../lib/numbers/statistics.js";

describe("standardDeviation", () => {
  it("divides by n - 1 for a sample and by n for a population", () => {
    // mean 5; squared distances 9 1 1 1 0 0 4 16 = 32
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).toBe(5);
    expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect(standardDeviation(values, 0)).toBe(2);
    expect(standardDeviation([3], 0)).toBe(0);
    expect(standardDeviation([3])).toBeNaN();
  });
});

describe("tQuantile", () => {
  it("equals the closed forms at one and two degrees and the printed tables beyond", () => {
    expect(tQuantile(1)).toBeCloseTo(Math.tan(0.475 * Math.PI), 10); // P = 2/pi atan t
    expect(tQuantile(2)).toBeCloseTo(0.95 * Math.sqrt(2 / (1 - 0.95 ** 2)), 10); // P = t / sqrt(2 + t^2)
    const table: [degrees: number, t: number][] = [
      [3, 3.182],
      [4, 2.776],
      [5, 2.571],
      [9, 2.262],
      [10, 2.228],
      [30, 2.042],
      [120, 1.98],
      [100_000, 1.96],
    ];
    for (const [degrees, t] of table) expect(tQuantile(degrees), `${degrees} degrees`).toBeCloseTo(t, 3);
  });
});

describe("tInterval", () => {
  it("is mean ± t s / sqrt(n), and null of a single value", () => {
    // mean 2, s = 1, two degrees: 4.302653 / sqrt(3) = 2.484138
    const [low, high] = tInterval([1, 2, 3])!;
    expect(low).toBeCloseTo(2 - 2.484138, 5);
    expect(high).toBeCloseTo(2 + 2.484138, 5);
    expect(tInterval([0.7, 0.7])).toEqual([0.7, 0.7]);
    expect(tInterval([0.7])).toBeNull();
  });
});

describe("wilsonInterval", () => {
  it("gives the closed forms at the ends and in the middle", () => {
    const z2 = 1.959963984540054 ** 2;
    // no success: 0 to z^2 / (n + z^2); half of them: 1/2 ± z / (2 sqrt(n + z^2))
    expect(wilsonInterval(0, 10)[0]).toBeCloseTo(0, 15);
    expect(wilsonInterval(0, 10)[1]).toBeCloseTo(z2 / (10 + z2), 14);
    expect(wilsonInterval(1, 10)[0]).toBeCloseTo(10 / (10 + z2), 14);
    expect(wilsonInterval(1, 10)[1]).toBeCloseTo(1, 15);
    const half = Math.sqrt(z2 / (100 + z2)) / 2;
    expect(wilsonInterval(0.5, 100)[0]).toBeCloseTo(0.5 - half, 14);
    expect(wilsonInterval(0.5, 100)[1]).toBeCloseTo(0.5 + half, 14);
  });
});
