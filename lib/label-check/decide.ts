/** From the scores of the labels to what a row is taken for, and whether it stays. */
import type { LabelCheckSpec } from "../task/spec.js";

/** What a check says of a row. */
export interface Judgement {
  /** The label that it suits best; its own where no other suits it better. */
  readonly takenFor: number;
  /** Of each label, in their order; sum 1. */
  readonly probabilities: readonly number[];
  readonly isKept: boolean;
}

/**
 * @param scores  ln of something proportional to each label's probability, but for a constant per label; finite.
 * @param constants  those constants.
 * @param label  what the row was written for.
 */
export function decide(
  scores: readonly number[],
  constants: readonly number[],
  label: number,
  keep: LabelCheckSpec["keep"],
): Judgement {
  const calibrated = scores.map((score, k) => score - constants[k]!);
  const highest = Math.max(...calibrated);
  const own = calibrated[label]!;
  const takenFor = own === highest ? label : calibrated.indexOf(highest);
  const weights = calibrated.map((score) => Math.exp(score - highest));
  const sum = weights.reduce((a, b) => a + b, 0);
  const probabilities = weights.map((weight) => weight / sum);
  return { takenFor, probabilities, isKept: isKept() };

  function isKept(): boolean {
    if (keep === "agree") return takenFor === label;
    if (typeof keep === "number") return probabilities[label]! >= keep;
    return own - Math.max(...calibrated.filter((_, k) => k !== label)) >= keep.margin;
  }
}

/**
 * The mean score of each label over texts of all labels, every label counting the same however many texts it has: less
 * these, no label is favoured on the whole.
 * @param scores  of each text, by label.
 * @param labels  of the texts.
 */
export function meanScores(scores: readonly (readonly number[])[], labels: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const means = scores[0]!.map(() => 0);
  for (const [i, text] of scores.entries()) {
    const weight = 1 / counts.get(labels[i]!)! / counts.size;
    for (const [k, score] of text.entries()) means[k]! += weight * score;
  }
  return means;
}
