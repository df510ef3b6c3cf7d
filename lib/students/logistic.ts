// The logistic student: multinomial logistic regression with an L2 penalty on embeddings of length 1.
import { checkOption } from "../checks/option.js";
import { invalidField } from "../errors.js";
import { type ProgressOptions, progressEvery, unwatched } from "../numbers/progress.js";
import { sum } from "../numbers/sum.js";
import { unitVectors, type Vectors } from "../numbers/vectors.js";
import { minimise } from "./lbfgs.js";
import { saveLogistic, type TrainedLogistic } from "./saved-logistic.js";
import { softmax } from "./softmax.js";
import { type Lesson, lessonOf, type Student, spread, type VectorRow } from "./student.js";

/** Name of the student, to print beside its accuracy with that of the embedder. */
export const logisticStudentName = "logistic student: softmax regression on embeddings";

/** A logistic student, for `trainStudent`. Nothing is drawn: the same rows give the same student. */
export interface LogisticOptions extends ProgressOptions {
  readonly kind: "logistic";
  /** What to tell apart, in the order of the probabilities; default the labels of the rows, sorted. */
  readonly labels?: readonly string[] | undefined;
  /**
   * Inverse strength of the penalty, above 0, as in scikit-learn: Σ weight · −ln p + ‖W‖² / (2 c) is least; the biases
   * are free. Default 10.
   */
  readonly c?: number | undefined;
}

const maxSteps = 300;

/**
 * As `trainStudent` says.
 * @param tolerance  largest part of the mean loss's gradient at which training stops; 1e-4 is scikit-learn's default.
 */
export function trainLogistic(
  rows: readonly VectorRow[],
  options: LogisticOptions,
  tolerance = 1e-6,
): Student<Float32Array> {
  const { c = 10, onProgress: progress = unwatched } = options;
  checkOption("c", c, "a number above 0", c > 0 && Number.isFinite(c));
  const lesson = lessonOf(rows, options.labels);
  const inputs = unitVectors(
    lesson.rows.map(({ vector }) => vector),
    "vectors",
  );
  const { dims } = inputs;
  const labels = lesson.seen.length;
  // W, a row of dims + 1 numbers for each label, the bias last
  const weights = minimise(
    (w, gradient) => penalisedLoss(w, gradient, inputs, lesson, c),
    new Float64Array(labels * (dims + 1)),
    {
      tolerance: tolerance * sum(lesson.weights),
      maxSteps,
      onStep: (step) => progress(step / maxSteps),
    },
  );
  return logisticOf({ labels: lesson.labels, seen: lesson.seen, dims, weights });
}

/** A logistic student from what it has learnt, now or before. */
export function logisticOf(trained: TrainedLogistic): Student<Float32Array> {
  const { labels, seen, dims, weights } = trained;
  return {
    kind: "logistic",
    labels,
    probabilities(vectors, { onProgress = unwatched } = {}) {
      const read = unitVectors(vectors, "vectors");
      if (read.rows > 0 && read.dims !== dims) {
        const message = `Expected vectors of ${dims} numbers, as those of the training, received ${read.dims}`;
        throw invalidField("vectors", message);
      }
      return vectors.map((_, r) => {
        if (r % progressEvery === 0) onProgress(r / vectors.length);
        const scores = new Float64Array(seen.length);
        score(scores, weights, read, r);
        softmax(scores);
        return spread(scores, trained);
      });
    },
    save: (path) => saveLogistic(path, trained),
  };
}

function score(scores: Float64Array, weights: Float64Array, { values, dims }: Vectors, row: number): void {
  const at = row * dims;
  for (let k = 0; k < scores.length; k++) {
    const start = k * (dims + 1);
    let s0 = 0; // four sums side by side, since each would wait for its last addition
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let d = 0;
    for (; d + 3 < dims; d += 4) {
      s0 += weights[start + d]! * values[at + d]!;
      s1 += weights[start + d + 1]! * values[at + d + 1]!;
      s2 += weights[start + d + 2]! * values[at + d + 2]!;
      s3 += weights[start + d + 3]! * values[at + d + 3]!;
    }
    for (; d < dims; d++) s0 += weights[start + d]! * values[at + d]!;
    scores[k] = weights[start + dims]! + s0 + s1 + s2 + s3;
  }
}

// Σ w_i (ln Σ_k exp(s_ik) − s_iy) + ‖W‖² / 2c, and its gradient: w_i (p_ik − [k = y]) x_i + W / c.
function penalisedLoss(
  weights: Float64Array,
  gradient: Float64Array,
  inputs: Vectors,
  lesson: Lesson<unknown>,
  c: number,
): number {
  const { values, rows, dims } = inputs;
  const scores = new Float64Array(lesson.seen.length);
  let loss = 0;
  gradient.fill(0);
  for (let r = 0; r < rows; r++) {
    score(scores, weights, inputs, r);
    const target = lesson.targets[r]!;
    const own = scores[target]!;
    loss += lesson.weights[r]! * (softmax(scores) - own);
    scores[target]! -= 1;
    for (let k = 0; k < scores.length; k++) {
      const error = lesson.weights[r]! * scores[k]!;
      const start = k * (dims + 1);
      for (let d = 0; d < dims; d++) gradient[start + d]! += error * values[r * dims + d]!;
      gradient[start + dims]! += error;
    }
  }
  for (let i = 0; i < weights.length; i++) {
    if (i % (dims + 1) === dims) continue; // a bias
    loss += weights[i]! ** 2 / (2 * c);
    gradient[i]! += weights[i]! / c;
  }
  return loss;
}
