import { describe, expect, it } from "vitest";
import { SoftmaxRegression } from "../../../lib/students/softmax-regression.js";

describe("SoftmaxRegression", () => {
  it("takes the first step as worked out by hand", () => {
    // From zeros p = (1/2, 1/2), gradients ∓1/2; Adagrad's first step is the rate whatever the size of the gradient. So weight
    // and bias are ±0.2, the scores ±0.4, and p = 1 / (1 + exp(-0.8)).
    const row = { columns: Int32Array.of(5), values: Float32Array.of(1) };
    const student = new SoftmaxRegression(2, 0.2, [row]);
    expect([...student.probabilities(row)]).toEqual([0.5, 0.5]);
    student.learn(row, 0);
    expect(student.probabilities(row)[0]).toBeCloseTo(1 / (1 + Math.exp(-0.8)), 6);
    // second step: gradient -(1 - p), the sum of squares 1/4 + (1 - p)^2
    const p = 1 / (1 + Math.exp(-0.8));
    const step = (0.2 * (1 - p)) / Math.sqrt(0.25 + (1 - p) ** 2);
    student.learn(row, 0);
    expect(student.probabilities(row)[0]).toBeCloseTo(1 / (1 + Math.exp(-(0.8 + 4 * step))), 6);
  });

  it("takes a weight for so many rows at once, and knows nothing of a column that no training row has", () => {
    // weight 4: the squares come to 4 (1/2)^2 = 1, the step to 0.2 * 4 * (1/2) / 1 = 0.4, the scores to +-0.8
    const row = { columns: Int32Array.of(5), values: Float32Array.of(1) };
    const student = new SoftmaxRegression(2, 0.2, [row]);
    student.learn(row, 0, 4);
    expect(student.probabilities(row)[0]).toBeCloseTo(1 / (1 + Math.exp(-1.6)), 6);
    // the bias alone: +-0.4
    const other = { columns: Int32Array.of(6), values: Float32Array.of(1) };
    expect(student.probabilities(other)[0]).toBeCloseTo(1 / (1 + Math.exp(-0.8)), 6);
  });
});
