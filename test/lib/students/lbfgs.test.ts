import { describe, expect, it } from "vitest";
import { minimise } from "../../../lib/students/lbfgs.js";

const options = { tolerance: 1e-9, maxSteps: 100 };

describe("minimise", () => {
  it("finds the minimum of a stretched bowl", () => {
    // (x - 3)^2 + 100 (y + 1)^2
    const found = minimise(
      ([x, y], gradient) => {
        gradient[0] = 2 * (x! - 3);
        gradient[1] = 200 * (y! + 1);
        return (x! - 3) ** 2 + 100 * (y! + 1) ** 2;
      },
      Float64Array.of(0, 0),
      options,
    );
    expect([...found]).toEqual([expect.closeTo(3, 8), expect.closeTo(-1, 8)]);
  });

  it("finds the minimum of a function without second derivative bounds: exp(x) - 2x at ln 2", () => {
    const steps: number[] = [];
    const [x] = minimise(
      ([x], gradient) => {
        gradient[0] = Math.exp(x!) - 2;
        return Math.exp(x!) - 2 * x!;
      },
      Float64Array.of(-5),
      { ...options, onStep: (step) => steps.push(step) },
    );
    expect(x).toBeCloseTo(Math.log(2), 8);
    expect(steps).toEqual([...steps.keys()]);
    expect(steps.length).toBeLessThan(30);
  });

  it("stays where the gradient is 0, and stops at the number of steps", () => {
    const bowl = ([x]: Float64Array, gradient: Float64Array) => {
      gradient[0] = 4 * x! ** 3;
      return x! ** 4;
    };
    expect([...minimise(bowl, Float64Array.of(0), options)]).toEqual([0]);
    // the first step is as long as 1: from 2 to 1
    expect([...minimise(bowl, Float64Array.of(2), { ...options, maxSteps: 1 })]).toEqual([1]);
  });
});
