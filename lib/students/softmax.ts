// Scores into probabilities.

/** Replaces scores by their probabilities exp(s) / Σ exp(s), and returns ln Σ exp(s). */
export function softmax(scores: Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < scores.length; k++) highest = Math.max(highest, scores[k]!);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = Math.exp(scores[k]! - highest);
    sum += scores[k]!;
  }
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
  return highest + Math.log(sum);
}
