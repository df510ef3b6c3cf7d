// From scores to a judgement: what calibration takes off, whom a row is taken for, and which rows stay.
import { expect, it } from "vitest";
import { decide, meanScores } from "../../../lib/label-check/decide.js";

const none = [0, 0, 0];

it("takes a row for the label with the highest score less its constant, and for its own where that is as high", () => {
  const table: [scores: number[], constants: number[], label: number, takenFor: number][] = [
    [[-3, -1, -2], none, 0, 1],
    [[-3, -1, -2], [-5, -1, -1], 0, 0], // 2, 0, -1
    [[-1, -1, -2], none, 1, 1],
    [[-1, -1, -2], none, 2, 0],
    [[-2000, -2010, -2020], none, 1, 0], // far below what exp() knows
  ];
  for (const [scores, constants, label, takenFor] of table) {
    expect(decide(scores, constants, label, "agree").takenFor).toBe(takenFor);
  }
});

it("gives probabilities that sum to 1, whatever constant all scores have in common", () => {
  const [half, quarter] = [Math.log(0.5), Math.log(0.25)];
  for (const shift of [0, -5000, 700]) {
    const scores = [half, quarter, quarter].map((score) => score + shift);
    const { probabilities } = decide(scores, none, 0, "agree");
    expect(probabilities.map((p) => Number(p.toFixed(9)))).toEqual([0.5, 0.25, 0.25]);
  }
});

it("keeps rows by agreement, by a margin in nats, or by a probability; margin 0 is agreement", () => {
  type Keep = Parameters<typeof decide>[3];
  const scores = [Math.log(0.6), Math.log(0.3), Math.log(0.1)]; // ln 2 = 0.693 between the first two
  const table: [keep: Keep, label: number, isKept: boolean][] = [
    ["agree", 0, true],
    ["agree", 1, false],
    [{ margin: 0 }, 0, true],
    [{ margin: 0 }, 1, false],
    [{ margin: 0.69 }, 0, true],
    [{ margin: 0.7 }, 0, false],
    [0.5, 0, true],
    [0.61, 0, false],
    [0.29, 1, true], // it need not be the most likely
  ];
  for (const [keep, label, isKept] of table) expect(decide(scores, none, label, keep).isKept).toBe(isKept);
  for (const label of [0, 1]) {
    const tied = [-1, -1, -4];
    expect(decide(tied, none, label, { margin: 0 }).isKept).toBe(decide(tied, none, label, "agree").isKept);
  }
});

it("less the mean scores, no label is favoured on the whole, and labels with more texts count no more", () => {
  const scores = [
    [-1, -3, -9],
    [-3, -1, -9],
    [-9, -7, -1],
  ];
  const labels = [0, 0, 2]; // two texts of the first label, one of the third
  const means = meanScores(scores, labels);
  expect(means).toEqual([(-2 + -9) / 2, (-2 + -7) / 2, (-9 + -1) / 2]);
  const left = meanScores(
    scores.map((text) => text.map((score, k) => score - means[k]!)),
    labels,
  );
  expect(left).toEqual([0, 0, 0]);
});
