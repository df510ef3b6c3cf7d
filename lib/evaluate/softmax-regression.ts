// Multinomial softmax regression on sparse vectors, learnt one row at a time with Adagrad (Duchi et al., JMLR 2011).
import { featureColumns, type SparseVector } from "./text-features.js";

/**
 * A classifier over `labels` classes. All weights begin at 0, so only the order of the rows tells two trainings apart.
 */
export class SoftmaxRegression {
  readonly #labels: number;
  readonly #rate: number;
  // [column][label] weights, then [label] sums of their squared gradients, so that both lie in one line of the cache;
  // the last column is the bias
  readonly #state: Float32Array;

  /** @param rate  Adagrad's learning rate. */
  constructor(labels: number, rate: number) {
    this.#labels = labels;
    this.#rate = rate;
    this.#state = new Float32Array((featureColumns + 1) * 2 * labels);
  }

  /** Probability of each label. */
  probabilities({ columns, values }: SparseVector): Float64Array {
    const labels = this.#labels;
    const state = this.#state;
    const scores = new Float64Array(labels);
    for (let k = 0; k < labels; k++) scores[k] = state[featureColumns * 2 * labels + k]!;
    for (let i = 0; i < columns.length; i++) {
      const start = columns[i]! * 2 * labels;
      const value = values[i]!;
      for (let k = 0; k < labels; k++) scores[k]! += value * state[start + k]!;
    }
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < labels; k++) highest = Math.max(highest, scores[k]!);
    let sum = 0;
    for (let k = 0; k < labels; k++) {
      scores[k] = Math.exp(scores[k]! - highest);
      sum += scores[k]!;
    }
    for (let k = 0; k < labels; k++) scores[k]! /= sum;
    return scores;
  }

  /** One step down the gradient of −ln of the label's probability. */
  learn(row: SparseVector, label: number): void {
    const errors = this.probabilities(row);
    errors[label]! -= 1;
    for (let i = 0; i < row.columns.length; i++) this.#step(row.columns[i]!, row.values[i]!, errors);
    this.#step(featureColumns, 1, errors);
  }

  #step(column: number, value: number, errors: Float64Array): void {
    const labels = this.#labels;
    const state = this.#state;
    const start = column * 2 * labels;
    for (let k = 0; k < labels; k++) {
      const gradient = value * errors[k]!;
      if (gradient === 0) continue;
      const square = start + labels + k;
      state[square]! += gradient * gradient;
      state[start + k]! -= (this.#rate * gradient) / (Math.sqrt(state[square]!) + 1e-8);
    }
  }
}
