import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import type { VectorRow } from "../../../lib/students/student.js";
import { trainStudent } from "../../../lib/students/train.js";

const row = (label: string, ...vector: number[]): VectorRow => ({ label, vector: Float32Array.from(vector) });
const table = [
  row("a", 3, 1, 0),
  row("a", 2, 0, 1),
  row("b", 0, 2, 1),
  row("b", 1, 3, 0),
  row("c", 0, 1, 4),
  row("c", 1, 0, 2),
];
const tests = [Float32Array.of(1, 1, 1), Float32Array.of(1, 0, 0), Float32Array.of(0, -1, 2)];

describe("logistic student", () => {
  it("gives the probabilities of scikit-learn's LogisticRegression(C=10) on rows of length 1", () => {
    // by BFGS in float64 (scipy) on sum w nll + |W|^2 / (2 C), gradient below 1e-10
    const cases = [
      [
        [1, 1, 1, 1, 1, 1],
        [
          [0.334206, 0.373051, 0.292743],
          [0.930428, 0.033828, 0.035744],
          [0.047344, 0.013991, 0.938664],
        ],
      ],
      [
        [2, 0.5, 1, 1, 1, 0.25],
        [
          [0.398623, 0.348775, 0.252601],
          [0.945554, 0.024973, 0.029474],
          [0.088439, 0.019408, 0.892153],
        ],
      ],
    ] as const;
    for (const [weights, expected] of cases) {
      const weighted = table.map((own, r) => ({ ...own, weight: weights[r]! }));
      const student = trainStudent(weighted, { kind: "logistic", c: 10 });
      expect(student.labels).toEqual(["a", "b", "c"]);
      const found = student.probabilities(tests).map((own) => [...own]);
      expect(found).toEqual(expected.map((own) => own.map((p) => expect.closeTo(p, 4))));
    }
  });

  it("is worked out by hand for two rows", () => {
    // scores +-v on x = +-1: v = 2 c p where p is the probability of the other label; at c = ln 3 that is p = 1/4
    const student = trainStudent([row("a", 5), row("b", -2)], { kind: "logistic", c: Math.log(3) });
    const [first, second] = student.probabilities([Float32Array.of(1), Float32Array.of(-7)]);
    expect([...first!, ...second!]).toEqual([0.75, 0.25, 0.25, 0.75].map((p) => expect.closeTo(p, 4)));
  });

  it("counts a row of weight 2 like two rows, and one of weight 0 not at all", () => {
    const options = { kind: "logistic" } as const;
    const twice = trainStudent([...table, table[0]!], options).probabilities(tests);
    const weighted = trainStudent([{ ...table[0]!, weight: 2 }, ...table.slice(1)], options).probabilities(tests);
    const silent = { ...row("d", 1, 1, 1), weight: 0 };
    for (const [t, own] of weighted.entries())
      expect([...own]).toEqual([...twice[t]!].map((p) => expect.closeTo(p, 4)));
    const without = trainStudent(table, options).probabilities(tests);
    const withSilent = trainStudent([...table, silent], options).probabilities(tests);
    expect(withSilent).toEqual(without.map((own) => Float64Array.of(...own, 0)));
  });

  it("on average gives each label the share that it has, since biases are free", () => {
    const student = trainStudent([...table, row("a", 1, 1, 1)], { kind: "logistic", c: 0.5 });
    const all = student.probabilities([...table.map(({ vector }) => vector), Float32Array.of(1, 1, 1)]);
    const shares = student.labels.map((_, k) => all.reduce((total, own) => total + own[k]!, 0));
    expect(shares).toEqual([3, 2, 2].map((share) => expect.closeTo(share, 4)));
  });

  it("knows one label, labels without rows and vectors of zeros", () => {
    const labels = ["z", "b", "a", "c"];
    const student = trainStudent(table, { kind: "logistic", labels });
    const [known] = student.probabilities([Float32Array.of(1, 0, 0)]);
    expect(known![0]).toBe(0);
    expect(known!.indexOf(Math.max(...known!))).toBe(2);
    const single = trainStudent([row("a", 1, 2)], { kind: "logistic", labels: ["b", "a"] });
    expect(single.probabilities([Float32Array.of(0, 0)])).toEqual([Float64Array.of(0, 1)]);
    expect(single.probabilities([])).toEqual([]);
  });

  it("refuses what it cannot learn from, and vectors of another length", () => {
    const student = trainStudent(table, { kind: "logistic" });
    const refused = [
      () => trainStudent([], { kind: "logistic" }),
      () => trainStudent(table, { kind: "logistic", c: 0 }),
      () => trainStudent(table, { kind: "logistic", labels: ["a", "b"] }),
      () => trainStudent([row("a", 1, 2), row("b", 1)], { kind: "logistic" }),
      () => trainStudent([row("a", Number.NaN)], { kind: "logistic" }),
      () => student.probabilities([Float32Array.of(1)]),
    ];
    for (const attempt of refused) expect(attempt).toThrow(InvalidConfigError);
  });
});
