// The last layer of a student: softmax regression with an L2 penalty on vectors of length 1, whose loss is convex, with
// what it takes to ask how its minimum moves when rows count for more or less.
import { conjugateGradients } from "../numbers/conjugate-gradients.js";
import { minimise } from "./lbfgs.js";
import { softmax } from "./softmax.js";
import type { SparseVector } from "./text-features.js";

/** A row by number. */
export interface LayerRow {
  readonly vector: SparseVector;
  /** Number of its label. */
  readonly target: number;
}

/** How a layer is trained and asked. */
export interface LayerOptions {
  /** Labels there are. */
  readonly labels: number;
  /** Columns of the vectors. */
  readonly dims: number;
  /** Inverse strength of the penalty, as the logistic student has it. */
  readonly c: number;
  /** Largest part of the mean loss's gradient at which training stops; default 1e-7. */
  readonly tolerance?: number | undefined;
  /** Where training begins; default 0. */
  readonly start?: Float64Array | undefined;
}

/** Added to the diagonal of the Hessian, which is singular without: a number added to all biases changes nothing. */
const damping = 0.01;
/** What log 0 stands for in the reverse cross-entropy (Wang et al. 2019). */
const logOfZero = -4;

/** W has a row of `labels` weights for each column, and the biases last: `values[column * labels + k]`. */
export class LastLayer {
  readonly values: Float64Array;
  readonly #rows: readonly LayerRow[];
  readonly #weights: Float64Array;
  readonly #options: LayerOptions;
  /** Of each row, the probability of each label. */
  readonly #probabilities: readonly Float64Array[];

  /**
   * Trains: Σ weight · −ln p + ‖W‖² / (2 c) is least, the biases free.
   * @param weights  how much each row counts, from 0; one at least above 0.
   */
  constructor(rows: readonly LayerRow[], weights: Float64Array, options: LayerOptions) {
    const { labels, dims, c, tolerance = 1e-7, start = new Float64Array(labels * (dims + 1)) } = options;
    this.#rows = rows;
    this.#weights = weights;
    this.#options = options;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.values = minimise(
      (w, gradient) => {
        let loss = penalise(w, gradient, labels * dims, c);
        for (const [r, { vector, target }] of rows.entries()) {
          if (weights[r] === 0) continue;
          const scores = scoresOf(w, vector, labels, dims);
          const own = scores[target]!;
          loss += weights[r]! * (softmax(scores) - own);
          scores[target]! -= 1;
          addOuter(gradient, vector, scores, weights[r]!, dims);
        }
        return loss;
      },
      start,
      { tolerance: tolerance * total, maxSteps: 500 },
    );
    this.#probabilities = rows.map(({ vector }) => this.probabilities(vector));
  }

  probabilities(vector: SparseVector): Float64Array {
    const { labels, dims } = this.#options;
    const scores = scoresOf(this.values, vector, labels, dims);
    softmax(scores);
    return scores;
  }

  /** The mean reverse cross-entropy of rows, 4 (1 − p of the label): bounded, so that no wrong label weighs much. */
  reverseLoss(held: readonly LayerRow[]): number {
    const losses = held.map(({ vector, target }) => -logOfZero * (1 - this.probabilities(vector)[target]!));
    return losses.reduce((sum, loss) => sum + loss, 0) / held.length;
  }

  /**
   * For each row of the training how the reverse loss of `held` changes with its weight, dL / dw: −∇Lᵀ H⁻¹ ∇ℓ (Koh & Liang
   * 2017), with the damped Hessian's inverse by conjugate gradients.
   */
  slopes(held: readonly LayerRow[]): Float64Array {
    const { labels, dims, tolerance = 1e-7 } = this.#options;
    const gradient = new Float64Array(this.values.length);
    for (const { vector, target } of held) {
      const p = this.probabilities(vector);
      const own = p[target]!;
      const ofScores = p.map((other, k) => (logOfZero * own * ((k === target ? 1 : 0) - other)) / held.length);
      addOuter(gradient, vector, ofScores, 1, dims);
    }
    const solved = conjugateGradients((x, out) => this.#hessianTimes(x, out), gradient, {
      tolerance: Math.max(1e-6, 10 * tolerance),
      maxSteps: 200,
    });
    return Float64Array.from(this.#rows, ({ vector, target }, r) => {
      const image = scoresOf(solved, vector, labels, dims);
      const p = this.#probabilities[r]!;
      return -image.reduce((sum, part, k) => sum + part * (p[k]! - (k === target ? 1 : 0)), 0);
    });
  }

  // Σ w x ⊗ (diag p − p pᵀ)(xᵀ V) + V / c of all but the biases + damping · V.
  #hessianTimes(v: Float64Array, out: Float64Array): void {
    const { labels, dims, c } = this.#options;
    for (let i = 0; i < v.length; i++) out[i] = v[i]! * (damping + (i < labels * dims ? 1 / c : 0));
    for (const [r, { vector }] of this.#rows.entries()) {
      if (this.#weights[r] === 0) continue;
      const p = this.#probabilities[r]!;
      const image = scoresOf(v, vector, labels, dims);
      const mean = image.reduce((sum, part, k) => sum + part * p[k]!, 0);
      for (let k = 0; k < labels; k++) image[k] = p[k]! * (image[k]! - mean);
      addOuter(out, vector, image, this.#weights[r]!, dims);
    }
  }
}

// ‖W‖² / 2c over the first `count` numbers, those of no bias; its gradient replaces what was there.
function penalise(w: Float64Array, gradient: Float64Array, count: number, c: number): number {
  let loss = 0;
  gradient.fill(0);
  for (let i = 0; i < count; i++) {
    loss += w[i]! ** 2 / (2 * c);
    gradient[i] = w[i]! / c;
  }
  return loss;
}

function scoresOf(w: Float64Array, { columns, values }: SparseVector, labels: number, dims: number): Float64Array {
  const scores = w.slice(dims * labels);
  for (let i = 0; i < columns.length; i++) {
    const start = columns[i]! * labels;
    for (let k = 0; k < labels; k++) scores[k]! += values[i]! * w[start + k]!;
  }
  return scores;
}

// to += times · (vector, 1) ⊗ ofScores
function addOuter(
  to: Float64Array,
  { columns, values }: SparseVector,
  ofScores: Float64Array,
  times: number,
  dims: number,
): void {
  const labels = ofScores.length;
  for (let i = 0; i < columns.length; i++) {
    const start = columns[i]! * labels;
    for (let k = 0; k < labels; k++) to[start + k]! += times * values[i]! * ofScores[k]!;
  }
  for (let k = 0; k < labels; k++) to[dims * labels + k]! += times * ofScores[k]!;
}
