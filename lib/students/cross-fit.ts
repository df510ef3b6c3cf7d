// What students think of the rows that they learn from: each row is judged by a student that never saw it.
import { checkInteger } from "../checks/option.js";
import { invalidField } from "../errors.js";
import { type ProgressOptions, partOf, unwatched } from "../numbers/progress.js";
import { evaluationRandom } from "../random.js";
import type { LogisticOptions } from "./logistic.js";
import type { ProxyOptions } from "./proxy.js";
import { lessonOf, type StudentRow, type TextRow, type VectorRow } from "./student.js";
import { trainStudent } from "./train.js";

/** How rows are parted. */
export interface FoldOptions {
  /** Parts that the rows are dealt into, an integer from 2; default 5, and no more than there are rows. */
  readonly folds?: number | undefined;
}

/** What students that had not seen it say of each row. */
export interface CrossFitted {
  /** In the order of the probabilities. */
  readonly labels: readonly string[];
  /** The probability of each label, one array a row, in the rows' order. */
  readonly probabilities: readonly Float64Array[];
}

/**
 * Probabilities of each row by a student that was trained on the other folds. Rows of each label are dealt evenly over
 * the folds, in a random order of `options.seed`. Where a label has one row, that row's own label has probability 0, since no
 * other fold has it; a text that stands there twice is known to the student, so leave duplicates out.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `trainStudent`, for fewer than two rows of a weight above 0,
 * and for folds that are no integer from 2.
 * @example
 * import { crossFit } from "corrsynth/evaluate";
 * const rows = ["red apple", "green apple", "old saw", "new saw"].map((text, i) => ({ text, label: i < 2 ? "a" : "b" }));
 * const { probabilities } = crossFit(rows, { kind: "proxy", folds: 2, seed: 7 });
 * console.log(probabilities.length); // 4
 */
export function crossFit(rows: readonly TextRow[], options: ProxyOptions & FoldOptions): CrossFitted;
export function crossFit(
  rows: readonly VectorRow[],
  options: LogisticOptions & FoldOptions & { readonly seed?: number | undefined },
): CrossFitted;
export function crossFit(
  rows: readonly TextRow[] | readonly VectorRow[],
  options: (ProxyOptions | (LogisticOptions & { readonly seed?: number | undefined })) & FoldOptions,
): CrossFitted {
  if (options.kind === "proxy") {
    return crossFitWith(rows as readonly TextRow[], options, (learnt, watched) => {
      const student = trainStudent(learnt, { ...options, ...watched });
      return (held) => student.probabilities(held.map(({ text }) => text));
    });
  }
  return crossFitWith(rows as readonly VectorRow[], options, (learnt, watched) => {
    const student = trainStudent(learnt, { ...options, ...watched });
    return (held) => student.probabilities(held.map(({ vector }) => vector));
  });
}

/** Trains on rows, and gives a function that judges others. */
type Learn<Row> = (
  rows: readonly Row[],
  options: ProgressOptions & { readonly labels: readonly string[] },
) => (rows: readonly Row[]) => Float64Array[];

/** The same by students of any kind. */
export function crossFitWith<Row extends StudentRow>(
  rows: readonly Row[],
  options: FoldOptions &
    ProgressOptions & { readonly labels?: readonly string[] | undefined; readonly seed?: number | undefined },
  learn: Learn<Row>,
): CrossFitted {
  const { onProgress = unwatched, seed = 0, folds = 5 } = options;
  checkInteger("folds", folds, 2);
  const { labels, rows: counting } = lessonOf(rows, options.labels);
  if (counting.length < 2) {
    throw invalidField(
      "rows",
      "Expected two rows of a weight above 0, to learn from one and judge the other, received 1",
    );
  }
  const parts = Math.min(folds, counting.length);
  const foldOf = dealt(rows, parts, seed);
  const probabilities: Float64Array[] = [];
  for (let fold = 0; fold < parts; fold++) {
    const watched = { onProgress: partOf(onProgress, fold / parts, (fold + 1) / parts), labels };
    const judge = learn(
      rows.filter((_, r) => foldOf[r] !== fold),
      watched,
    );
    const held = [...rows.keys()].filter((r) => foldOf[r] === fold);
    for (const [i, own] of judge(held.map((r) => rows[r]!)).entries()) probabilities[held[i]!] = own;
  }
  return { labels, probabilities };
}

// The fold of each row: rows of a label, shuffled, go to folds in turn; the next label begins where the last one ended.
// Rows that do not count are dealt apart, so that each fold has rows that do.
function dealt(rows: readonly StudentRow[], folds: number, seed: number): number[] {
  const random = evaluationRandom(seed, "folds");
  const foldOf = new Array<number>(rows.length).fill(0);
  const groups = new Map<string, number[]>();
  for (const [r, { label, weight = 1 }] of rows.entries()) {
    const group = `${weight > 0 ? 0 : 1} ${label}`;
    const own = groups.get(group);
    if (own === undefined) groups.set(group, [r]);
    else own.push(r);
  }
  let turn = 0;
  for (const group of [...groups.keys()].sort()) {
    const own = groups.get(group)!;
    for (const i of random.sample(own.length, own.length)) foldOf[own[i]!] = turn++ % folds;
  }
  return foldOf;
}
