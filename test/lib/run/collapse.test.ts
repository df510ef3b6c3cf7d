// The figure of collapse is of 16 texts, whatever there is.
import { expect, test } from "vitest";
import { collapseOf } from "../../../lib/run/collapse.js";

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `word${i} other${i}`);

test("texts that share nothing do not repeat each other, equal ones do", () => {
  expect(collapseOf(numbered(16))).toEqual({ texts: 16, selfBleu: 0, distinct2: 1 });
  const same = collapseOf(Array.from({ length: 16 }, () => "one two three four five six"));
  expect(same).toMatchObject({ texts: 16, selfBleu: 1 });
  expect(same.distinct2).toBeCloseTo(5 / 80);
});

test("sixteen are taken from everywhere among those with text", () => {
  expect(collapseOf([...numbered(40), "", " "]).texts).toBe(16);
  const halves = [...Array.from({ length: 16 }, () => "a b"), ...numbered(16)];
  expect(collapseOf(halves).distinct2).toBeCloseTo(9 / 16); // eight are "a b", eight are of their own
});

test("of fewer than two texts there is no Self-BLEU, of none nothing", () => {
  expect(collapseOf(["a b"])).toEqual({ texts: 1, selfBleu: null, distinct2: 1 });
  expect(collapseOf(["", "\n"])).toEqual({ texts: 0, selfBleu: null, distinct2: null });
});
