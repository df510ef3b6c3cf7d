import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { byLabel } from "../../../lib/evaluate/by-label.js";
import { selfBleu } from "../../../lib/evaluate/index.js";

describe("byLabel", () => {
  it("gives a metric the items of one label at a time, in their order, labels in alphabetical order", () => {
    const groups = byLabel([1, 2, 3, 4], ["b", "a", "b", "__proto__"], (items, label) => [label, ...items]);
    expect([...groups]).toEqual([
      ["__proto__", ["__proto__", 4]],
      ["a", ["a", 2]],
      ["b", ["b", 1, 3]],
    ]);
  });

  it("equals the metric of the whole where there is one label, and is empty without items", () => {
    const texts = [["a", "b"], ["a", "c"], ["d"]];
    expect([...byLabel(texts, ["x", "x", "x"], (group) => selfBleu(group))]).toEqual([["x", selfBleu(texts)]]);
    expect(byLabel([], [], (items) => items.length).size).toBe(0);
  });

  it("refuses lists of different lengths", () => {
    expect(() => byLabel([1, 2], ["a"], () => 0)).toThrow(InvalidConfigError);
    expect(() => byLabel([1], ["a", "b"], () => 0)).toThrow("each of 1 items, received 2");
  });
});
