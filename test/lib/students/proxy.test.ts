import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { trainStudent } from "../../../lib/students/train.js";

const rows = [
  { text: "red apple", label: "fruit" },
  { text: "ripe plum", label: "fruit" },
  { text: "old hammer", label: "tool" },
  { text: "sharp saw", label: "tool" },
];

describe("proxy student", () => {
  it("gives a probability for each label, in the order asked for, 0 for one without rows", () => {
    const labels = ["tool", "metal", "fruit"];
    const student = trainStudent(rows, { kind: "proxy", labels });
    expect(student.labels).toEqual(labels);
    for (const [text, best] of [
      ["an apple", 2],
      ["a saw", 0],
    ] as const) {
      const [own] = student.probabilities([text]);
      expect(own![1]).toBe(0);
      expect(own!.indexOf(Math.max(...own!))).toBe(best);
      expect(own!.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });

  it("counts rows by their weight, and is the same for the same seed", () => {
    const same = [
      { text: "same", label: "a", weight: 3 },
      { text: "same", label: "b" },
      { text: "same", label: "b" },
    ];
    const share = (seed: number) => trainStudent(same, { kind: "proxy", epochs: 50, seed }).probabilities(["same"])[0]!;
    expect(share(1)[0]).toBeGreaterThan(0.5); // 3 of 5
    expect(share(1)[0]).toBeLessThan(0.7);
    expect(share(1)).toEqual(share(1));
    expect(share(1)).not.toEqual(share(2));
  });

  it("tells its progress, rising to 1", () => {
    const shares: number[] = [];
    trainStudent(rows, { kind: "proxy", onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it("tells a thousand labels apart, and no more: it has weights for each of them and each word", () => {
    const rows = Array.from({ length: 1001 }, (_, i) => ({ text: `word${i}`, label: `label ${i}` }));
    expect(trainStudent(rows.slice(1), { kind: "proxy", epochs: 1 }).labels.length).toBe(1000);
    const message = "Expected rows of at most 1000 labels, received rows of 1001";
    expect(() => trainStudent(rows, { kind: "proxy" })).toThrow(message);
    const vectors = rows.map(({ label }, i) => ({ label, vector: Float32Array.of(1, i) }));
    expect(() => trainStudent(vectors, { kind: "logistic" })).toThrow(message);
  });

  it("says all that is wrong with the rows at once", () => {
    const wrong = [...rows, { text: "x", label: "fruits" }, { text: "y", label: "tool", weight: -1 }];
    expect(() => trainStudent(wrong, { kind: "proxy", labels: ["fruit", "tool"] })).toThrow(
      /Unknown label "fruits", did you mean "fruit"[\s\S]*Expected a finite number from 0, received -1/,
    );
    const silent = rows.map((row) => ({ ...row, weight: 0 }));
    expect(() => trainStudent(silent, { kind: "proxy" })).toThrow(/weight above 0, received none among 4/);
    for (const options of [{ epochs: 0 }, { learningRate: -1 }, { seed: 0.5 }])
      expect(() => trainStudent(rows, { kind: "proxy", ...options })).toThrow(InvalidConfigError);
  });
});
