// Multinomial softmax regression on sparse vectors, learnt one row at a time with Adagrad (Duchi et al., JMLR 2011).
import { softmax } from "./softmax.js";
import { featureColumns, type SparseVector } from "./text-features.js";

/** What a regression has learnt. */
export interface Learnt {
  /** Columns that a training row had, ascending. */
  readonly columns: Int32Array;
  /** A weight for each of these and each label, `weights[c * labels + k]`. */
  readonly weights: Float32Array;
  /** One for each label. */
  readonly bias: Float32Array;
}

/**
 * A classifier over `labels` classes. All weights begin at 0, so only the order of the rows tells two trainings apart.
 */
export class SoftmaxRegression {
  readonly #labels: number;
  readonly #rate: number;
  // where a column's weights lie; -1 of a column that no training row has, whose weights would all be 0
  readonly #slots = new Int32Array(featureColumns).fill(-1);
  // [slot][label] weights, then [label] sums of their squared gradients, so that both lie in one line of the cache; the
  // last slot is the bias
  readonly #state: Float32Array;
  readonly #bias: number;

  /**
   * @param rate  Adagrad's learning rate.
   * @param rows  all rows that it will learn from, which memory is kept for.
   */
  constructor(labels: number, rate: number, rows: readonly SparseVector[]) {
    this.#labels = labels;
    this.#rate = rate;
    let slots = 0;
    for (const { columns } of rows) {
      for (const column of columns) if (this.#slots[column] === -1) this.#slots[column] = slots++;
    }
    this.#bias = slots;
    this.#state = new Float32Array((slots + 1) * 2 * labels);
  }

  /** One that was trained before. It can be asked, not taught on. */
  static of(labels: number, { columns, weights, bias }: Learnt): SoftmaxRegression {
    const made = new SoftmaxRegression(labels, 0, [{ columns, values: new Float32Array(columns.length) }]);
    for (let slot = 0; slot <= columns.length; slot++) {
      const own = slot === columns.length ? bias : weights.subarray(slot * labels, (slot + 1) * labels);
      made.#state.set(own, slot * 2 * labels);
    }
    return made;
  }

  /** What it has learnt so far. */
  learnt(): Learnt {
    const labels = this.#labels;
    const columns = Int32Array.from(this.#slots.keys()).filter((column) => this.#slots[column] !== -1);
    const weightsAt = (slot: number) => this.#state.subarray(slot * 2 * labels, (slot * 2 + 1) * labels);
    const weights = new Float32Array(columns.length * labels);
    columns.forEach((column, c) => {
      weights.set(weightsAt(this.#slots[column]!), c * labels);
    });
    return { columns, weights, bias: weightsAt(this.#bias).slice() };
  }

  /** Probability of each label. */
  probabilities({ columns, values }: SparseVector): Float64Array {
    const labels = this.#labels;
    const state = this.#state;
    const scores = new Float64Array(labels);
    for (let k = 0; k < labels; k++) scores[k] = state[this.#bias * 2 * labels + k]!;
    for (let i = 0; i < columns.length; i++) {
      const slot = this.#slots[columns[i]!]!;
      if (slot === -1) continue;
      const start = slot * 2 * labels;
      const value = values[i]!;
      for (let k = 0; k < labels; k++) scores[k]! += value * state[start + k]!;
    }
    softmax(scores);
    return scores;
  }

  /**
   * One step down the gradient of −ln of the label's probability.
   * @param weight  how many rows it counts for, above 0.
   */
  learn(row: SparseVector, label: number, weight = 1): void {
    const errors = this.probabilities(row);
    errors[label]! -= 1;
    for (let i = 0; i < row.columns.length; i++)
      this.#step(this.#slots[row.columns[i]!]!, row.values[i]!, errors, weight);
    this.#step(this.#bias, 1, errors, weight);
  }

  // As if the row came `weight` times at once: w g² joins the squares, and the step is rate · w g over their root.
  #step(slot: number, value: number, errors: Float64Array, weight: number): void {
    const labels = this.#labels;
    const state = this.#state;
    const start = slot * 2 * labels;
    for (let k = 0; k < labels; k++) {
      const gradient = value * errors[k]!;
      if (gradient === 0) continue;
      const square = start + labels + k;
      state[square]! += weight * gradient * gradient;
      state[start + k]! -= (this.#rate * weight * gradient) / (Math.sqrt(state[square]!) + 1e-8);
    }
  }
}
