// What a metric is, and how figures of an evaluation become its scores.
import { type Interval, wilsonInterval } from "../numbers/statistics.js";
import type { Diversity } from "./diversity.js";
import type { CopyFigures, Evaluation } from "./evaluation.js";
import { noGold, type OrMissing } from "./or-missing.js";
import type { LabelFidelity, StudentFigures, Yardsticks } from "./student-figures.js";

/** A number with what it takes to judge it; `value` null where it could not be computed. */
export interface Score {
  readonly value: number | null;
  /** Texts that it stands on. */
  readonly n: number;
  /** 95 % intervals, each with what it leaves open. */
  readonly intervals?: readonly { readonly over: string; readonly interval: Interval }[];
  /** Why there is no value. */
  readonly reason?: string;
  /** Differences up to this are no differences, where chance has no interval; default 0. */
  readonly margin?: number;
  /** What else the number depends on: scores compare only where it is the same. */
  readonly by?: string;
}

/** A row of the summary table: what a metric is, which way is better, and where its number stands. */
export interface Metric {
  readonly name: string;
  readonly group: "Diversity" | "Closeness to gold" | "Use for training";
  readonly better: "lower" | "higher" | null;
  /** Numbers are printed times this, with so many digits. */
  readonly times: number;
  readonly digits: number;
  readonly unit: string;
  /** One line: what is this. */
  readonly what: string;
  /** The number of a dataset. */
  of(evaluation: Evaluation): Score;
  /** The same of the gold rows, where that means something. */
  gold?(evaluation: Evaluation): Score;
}

export const withoutGold: Score = { value: null, n: 0, reason: noGold };
export const percent = { times: 100, digits: 1, unit: "%" };

export function sampled(pick: (diversity: Diversity) => number | null): Pick<Metric, "of" | "gold"> {
  const score = ({ n }: Diversity, value: number | null): Score =>
    value === null ? { value, n, reason: "too few texts, or too short ones" } : { value, n };
  return {
    of: ({ sample, tokenizer }) => ({ ...score(sample.rows, pick(sample.rows)), by: `${sample.n} ${tokenizer}` }),
    gold: ({ sample: { gold } }) => (gold === null ? withoutGold : score(gold, pick(gold))),
  };
}

export function repeats(pick: (diversity: Diversity) => number | null): Pick<Metric, "of" | "gold"> {
  const score = ({ n }: Diversity, value: number | null): Score =>
    value === null
      ? { value, n, reason: "no texts" }
      : { value, n, intervals: [{ over: "texts", interval: wilsonInterval(value, n) }] };
  return {
    of: ({ sample }) => ({ ...score(sample.rows, pick(sample.rows)), by: String(sample.n) }),
    gold: ({ sample: { gold } }) => (gold === null ? withoutGold : score(gold, pick(gold))),
  };
}

export function copied(figures: OrMissing<CopyFigures>): Score {
  if (figures.value === null) return { value: null, n: 0, reason: figures.reason };
  const { n, copiedRate, sources } = figures.value;
  if (copiedRate === null) return { value: null, n, reason: "no texts" };
  return {
    value: copiedRate,
    n,
    intervals: [{ over: "texts", interval: wilsonInterval(copiedRate, n) }],
    by: String(sources),
  };
}

export function taught(figures: OrMissing<StudentFigures>, rows: string): Score {
  if (figures.value === null) return { value: null, n: 0, reason: figures.reason };
  const { accuracy, testRows, interval, rowsInterval, student } = figures.value;
  const intervals = [{ over: rows, interval: rowsInterval }];
  if (interval !== null) intervals.unshift({ over: "students", interval });
  return { value: accuracy, n: testRows, intervals, by: student };
}

/** Of students of the synthetic rows. */
export function measured(figures: OrMissing<Yardsticks>): Score {
  if (figures.value === null) return { value: null, n: 0, reason: figures.reason };
  const { student, testRows, rowsInterval, sets } = figures.value;
  const { accuracy, interval } = sets.synthetic.value!;
  const intervals = [
    { over: "draws", interval },
    { over: "gold rows", interval: rowsInterval },
  ];
  return { value: accuracy, n: testRows, intervals, by: student };
}

/** Of the judge of labels: comparable by judges that learnt from the same rows. */
export function judged(figures: OrMissing<LabelFidelity>): Score {
  if (figures.value === null) return { value: null, n: 0, reason: figures.reason };
  const { judge, trainRows, student } = figures.value;
  return { ...taught(figures, "rows"), by: `${student} ${judge} ${trainRows}` };
}
