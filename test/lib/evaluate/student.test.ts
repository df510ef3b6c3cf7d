import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { dataMap } from "../../../lib/evaluate/cartography.js";
import { type ProxyStudentOptions, proxyStudent } from "../../../lib/evaluate/student.js";
import { evaluationRandom } from "../../../lib/random.js";
import type { LabelledText } from "../../../lib/students/student.js";

const subjects = { fruit: "apple pear plum cherry", metal: "iron copper zinc gold", tool: "saw hammer file drill" };
const filler = "the a of some with and one old new big".split(" ");

// Texts of one word of their label among fillers.
function toy(rows: number, seed: number): LabelledText[] {
  const random = evaluationRandom(seed, "kmeans");
  const pick = (words: readonly string[]) => words[random.below(words.length)]!;
  return Array.from({ length: rows }, (_, r) => {
    const label = Object.keys(subjects)[r % 3] as keyof typeof subjects;
    return { label, text: [pick(filler), pick(filler), pick(subjects[label].split(" ")), pick(filler)].join(" ") };
  });
}

function trained(train: LabelledText[], gold: LabelledText[], options?: ProxyStudentOptions) {
  const student = proxyStudent(train, gold, options);
  if (student.accuracy === null) throw new Error(student.reason);
  return student;
}

describe("proxyStudent", () => {
  it("learns labels that words give away", () => {
    const { accuracy, perRun, labels, confusion, interval, rowsInterval } = trained(toy(300, 1), toy(90, 2));
    expect(accuracy).toBe(1);
    expect(perRun).toEqual([1, 1, 1, 1, 1]);
    expect(labels).toEqual(["fruit", "metal", "tool"]);
    expect(confusion).toEqual([
      [150, 0, 0],
      [0, 150, 0],
      [0, 0, 150],
    ]);
    expect(interval).toEqual([1, 1]);
    expect(rowsInterval[0]).toBeGreaterThan(0.9);
  });

  it("is no better than chance on labels that have nothing to do with the texts", () => {
    const shuffled = (rows: LabelledText[], seed: number) => {
      const order = evaluationRandom(seed, "umap").sample(rows.length, rows.length);
      return rows.map(({ text }, r) => ({ text, label: rows[order[r]!]!.label }));
    };
    const { accuracy, rowsInterval } = trained(shuffled(toy(600, 1), 7), shuffled(toy(600, 2), 8));
    expect(Math.abs(accuracy - 1 / 3)).toBeLessThan(0.06); // three standard errors of 600 rows
    expect(rowsInterval[0]).toBeLessThan(1 / 3);
  });

  it("records the training rows after each epoch: confidence grows, and a wrong label stands out", () => {
    const train = [...toy(300, 1), { text: "the apple and plum", label: "metal" }];
    const { dynamics } = trained(train, toy(3, 2), { epochs: 4, runs: 2 });
    expect(dynamics.probability).toHaveLength(4);
    expect(dynamics.probability.every((epoch) => epoch.length === 301)).toBe(true);
    const average = dynamics.probability.map((epoch) => epoch.reduce((a, b) => a + b) / epoch.length);
    expect(average).toEqual([...average].sort((a, b) => a - b));
    const { confidence, correctness } = dataMap(dynamics);
    expect(confidence.indexOf(Math.min(...confidence))).toBe(300);
    expect([...correctness.slice(0, 300)].every((share) => share > 0.5)).toBe(true);
    expect(correctness[300]).toBe(0);
  });

  it("depends on seed and rows alone", () => {
    const [train, gold] = [toy(60, 1), toy(60, 2)];
    const first = trained(train, gold, { seed: 3 });
    expect(trained(train, gold, { seed: 3 })).toEqual(first);
    expect(trained(train, gold, { seed: 4 }).dynamics).not.toEqual(first.dynamics);
  });

  it("counts gold rows of a label it never saw as wrong and names the label", () => {
    const gold = [...toy(30, 2), ...Array(10).fill({ text: "a red rose", label: "flower" })];
    const { accuracy, unseenLabels, labels, confusion } = trained(toy(300, 1), gold, { runs: 1 });
    expect(unseenLabels).toEqual(["flower"]);
    expect(labels).toContain("flower");
    expect(accuracy).toBe(30 / 40);
    expect(confusion[0]![0]).toBe(0);
  });

  it("handles a label that gold lacks, one label, one row, blank and equal texts", () => {
    const fruit = toy(30, 2).filter(({ label }) => label === "fruit");
    const { confusion, unseenLabels } = trained(toy(300, 1), fruit, { runs: 1 });
    expect(confusion).toEqual([
      [10, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(unseenLabels).toEqual([]);
    expect(trained(fruit, fruit)).toMatchObject({ accuracy: 1, labels: ["fruit"], confusion: [[50]] });
    const [one] = fruit;
    expect(trained([one!], [one!], { runs: 1 })).toMatchObject({ accuracy: 1, interval: null });
    const same = [...Array(30).fill({ text: "same", label: "a" }), ...Array(10).fill({ text: "same", label: "b" })];
    expect(
      trained(same, [
        { text: "", label: "a" },
        { text: "same", label: "a" },
      ]).accuracy,
    ).toBe(1);
  });

  it("learns from rows by their weight: one of weight 0 is absent, one of weight 3 outvotes two", () => {
    const gold = [{ text: "same", label: "a" }];
    const rows = [
      { text: "same", label: "a", weight: 3 },
      { text: "same", label: "b" },
      { text: "same", label: "b" },
    ];
    expect(trained(rows, gold).accuracy).toBe(1);
    expect(trained([{ ...rows[0]!, weight: 0 }, ...rows.slice(1)], gold).accuracy).toBe(0);
    for (const weight of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => proxyStudent([{ ...gold[0]!, weight }], gold)).toThrow(InvalidConfigError);
  });

  it("is null with a reason without training or gold rows", () => {
    expect(proxyStudent([], toy(3, 1))).toEqual({ accuracy: null, reason: expect.stringContaining("0 and 3") });
    expect(proxyStudent(toy(3, 1), [])).toMatchObject({ accuracy: null });
  });

  it("reports growing shares while it learns, and refuses options out of range", () => {
    const rows = toy(300, 1);
    const shares: number[] = [];
    proxyStudent(rows, rows, { onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(5 * 6 * 4); // 5 students, 6 epochs, every 64 of 300 rows
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThan(1);
    for (const options of [{ epochs: 0 }, { runs: 1.5 }, { learningRate: 0 }, { seed: -1 }]) {
      expect(() => proxyStudent(rows, rows, options), JSON.stringify(options)).toThrow(InvalidConfigError);
    }
  });
});
