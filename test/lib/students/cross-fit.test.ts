import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { crossFit } from "../../../lib/students/cross-fit.js";

const fruits = ["red apple", "green apple", "ripe apple", "old apple"];
const tools = ["red saw", "green saw", "sharp saw", "old saw"];
const rows = [...fruits.map((text) => ({ text, label: "fruit" })), ...tools.map((text) => ({ text, label: "tool" }))];
const best = ({ labels, probabilities }: ReturnType<typeof crossFit>) =>
  probabilities.map((own) => labels[own.indexOf(Math.max(...own))]);

describe("crossFit", () => {
  it("has each row judged by students of the others, in the order of the rows", () => {
    for (const folds of [2, 4, 8, 100]) {
      const found = crossFit(rows, { kind: "proxy", folds, seed: 3 });
      expect(best(found), String(folds)).toEqual(rows.map(({ label }) => label));
    }
  });

  it("shows a wrong label: the row's own never taught it", () => {
    const flipped = [...rows, { text: "ripe old apple", label: "tool" }];
    const found = crossFit(flipped, { kind: "proxy" });
    expect(best(found).at(-1)).toBe("fruit");
  });

  it("gives a row of a label of its own probability 0 there", () => {
    const { labels, probabilities } = crossFit([...rows, { text: "a rose", label: "flower" }], { kind: "proxy" });
    expect(labels).toEqual(["flower", "fruit", "tool"]);
    expect(probabilities.at(-1)![0]).toBe(0);
  });

  it("judges rows of weight 0, from which nobody learns", () => {
    const silent = { text: "ripe apple", label: "tool", weight: 0 };
    expect(best(crossFit([...rows, silent], { kind: "proxy" }))).toEqual([...rows.map(({ label }) => label), "fruit"]);
  });

  it("takes embeddings, by the seed's folds alone", () => {
    const vectors = rows.map(({ label }, r) => ({
      label,
      vector: Float32Array.of(label === "fruit" ? 1 : -1, r / 10),
    }));
    const found = crossFit(vectors, { kind: "logistic", folds: 4, seed: 1 });
    expect(best(found)).toEqual(rows.map(({ label }) => label));
    expect(crossFit(vectors, { kind: "logistic", folds: 4, seed: 1 })).toEqual(found);
    expect(crossFit(vectors, { kind: "logistic", folds: 4, seed: 2 })).not.toEqual(found);
  });

  it("tells its progress over all folds, and refuses too few rows or folds", () => {
    const shares: number[] = [];
    crossFit(rows, { kind: "proxy", folds: 2, onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(() => crossFit(rows.slice(0, 1), { kind: "proxy" })).toThrow(InvalidConfigError);
    for (const folds of [1, 2.5]) expect(() => crossFit(rows, { kind: "proxy", folds })).toThrow(/integer from 2/);
  });
});
