// What students think of the rows that they learn from: each row is judged by a student that never saw it.
import { checkInteger } from "../checks/option.js";
import { invalidField } from "../errors.js";
import { partOf, unwatched } from "../numbers/progress.js";
import { evaluationRandom } from "../random.js";
import type { LogisticOptions } from "./logistic.js";
import type { ProxyOptions } from "./proxy.js";
import { lessonOf, type Student, type StudentRow, type TextRow, type VectorRow } from "./student.js";
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
  const { onProgress = unwatched, seed = 0 } = options;
  const { labels, rows: counting } = lessonOf<StudentRow>(rows, options.labels);
  if (counting.length < 2) {
    throw invalidField(
      "rows",
      "Expected two rows of a weight above 0, to learn from one and judge the other, received 1",
    );
  }
  const folds = Math.min(options.folds ?? 5, counting.length);
  checkInteger("folds", options.folds ?? 5, 2);
  const foldOf = dealt(rows, folds, seed);
  const probabilities: Float64Array[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const watched = { onProgress: partOf(onProgress, fold / folds, (fold + 1) / folds), labels };
    const isHeldOut = (_: unknown, r: number) => foldOf[r] === fold;
    const isLearnt = (_: unknown, r: number) => foldOf[r] !== fold;
    const judged =
      options.kind === "proxy"
        ? judge(
            trainStudent((rows as readonly TextRow[]).filter(isLearnt), { ...options, ...watched }),
            (rows as readonly TextRow[]).filter(isHeldOut).map(({ text }) => text),
          )
        : judge(
            trainStudent((rows as readonly VectorRow[]).filter(isLearnt), { ...options, ...watched }),
            (rows as readonly VectorRow[]).filter(isHeldOut).map(({ vector }) => vector),
          );
    for (const [r, own] of foldOf.entries()) if (own === fold) probabilities[r] = judged.shift()!;
  }
  return { labels, probabilities };
}

function judge<Input>(student: Student<Input>, inputs: readonly Input[]): Float64Array[] {
  return student.probabilities(inputs);
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
