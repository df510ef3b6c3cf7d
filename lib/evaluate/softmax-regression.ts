// Multinomial softmax regression on sparse vectors, learnt one row at a time with Adagrad (Duchi et al., JMLR 2011).
import { featureColumns, type SparseVector } from "./text-features.js";

/** A classifier over `labels` classes. All weights begin at 0, so only the order of the rows tells two trainings apart. */
export class SoftmaxRegression {
  readonly #labels: number;
  readonly #rate: number;
  // [column][label], the last column is the bias; and the sum of squared gradients of each weight
  readonly #weights: Float32Array;
  readonly #squares: Float32Array;

  /** @param rate  Adagrad's learning rate. */
  constructor(labels: number, rate: number) {
    this.#labels = labels;
    this.#rate = rate;
    this.#weights = new Float32Array((featureColumns + 1) * labels);
    this.#squares = new Float32Array((featureColumns + 1) * labels);
  }

  /** Probability of each label. */
  probabilities({ columns, values }: SparseVector): Float64Array {
    const scores = new Float64Array(this.#labels);
    for (let k = 0; k < this.#labels; k++) scores[k] = this.#weights[featureColumns * this.#labels + k]!;
    for (let i = 0; i < columns.length; i++) {
      const start = columns[i]! * this.#labels;
      for (let k = 0; k < this.#labels; k++) scores[k]! += values[i]! * this.#weights[start + k]!;
    }
    const highest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (let k = 0; k < this.#labels; k++) {
      scores[k] = Math.exp(scores[k]! - highest);
      sum += scores[k]!;
    }
    return scores.map((score) => score / sum);
  }

  /** One step down the gradient of −ln of the label's probability. */
  learn(row: SparseVector, label: number): void {
    const errors = this.probabilities(row);
    errors[label]! -= 1;
    for (let i = 0; i < row.columns.length; i++) this.#step(row.columns[i]!, row.values[i]!, errors);
    this.#step(featureColumns, 1, errors);
  }

  #step(column: number, value: number, errors: Float64Array): void {
    for (let k = 0; k < this.#labels; k++) {
      const at = column * this.#labels + k;
      const gradient = value * errors[k]!;
      this.#squares[at]! += gradient * gradient;
      if (gradient !== 0) this.#weights[at]! -= (this.#rate * gradient) / (Math.sqrt(this.#squares[at]!) + 1e-8);
    }
  }
}
