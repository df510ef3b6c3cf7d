// The rows of the summary table: what each metric is, which way is better, and where its number stands in an
// evaluation.
import { type Interval, wilsonInterval } from "../numbers/statistics.js";
import type { Diversity } from "./diversity.js";
import type { CopyFigures, Evaluation, StudentFigures } from "./evaluation.js";
import { noGold, type OrMissing } from "./evaluation.js";

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

const withoutGold: Score = { value: null, n: 0, reason: noGold };
const percent = { times: 100, digits: 1, unit: "%" };

function sampled(pick: (diversity: Diversity) => number | null): Pick<Metric, "of" | "gold"> {
  const score = ({ n }: Diversity, value: number | null): Score =>
    value === null ? { value, n, reason: "too few texts, or too short ones" } : { value, n };
  return {
    of: ({ sample, tokenizer }) => ({ ...score(sample.rows, pick(sample.rows)), by: `${sample.n} ${tokenizer}` }),
    gold: ({ sample: { gold } }) => (gold === null ? withoutGold : score(gold, pick(gold))),
  };
}

function repeats(pick: (diversity: Diversity) => number | null): Pick<Metric, "of" | "gold"> {
  const score = ({ n }: Diversity, value: number | null): Score =>
    value === null
      ? { value, n, reason: "no texts" }
      : { value, n, intervals: [{ over: "texts", interval: wilsonInterval(value, n) }] };
  return {
    of: ({ sample }) => ({ ...score(sample.rows, pick(sample.rows)), by: String(sample.n) }),
    gold: ({ sample: { gold } }) => (gold === null ? withoutGold : score(gold, pick(gold))),
  };
}

function copied(figures: OrMissing<CopyFigures>): Score {
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

function taught(figures: OrMissing<StudentFigures>, rows: string): Score {
  if (figures.value === null) return { value: null, n: 0, reason: figures.reason };
  const { accuracy, testRows, interval, rowsInterval, student } = figures.value;
  const intervals = [{ over: rows, interval: rowsInterval }];
  if (interval !== null) intervals.unshift({ over: "students", interval });
  return { value: accuracy, n: testRows, intervals, by: student };
}

/** In the order of the table. */
export const metrics: readonly Metric[] = [
  {
    name: "Self-BLEU-5",
    group: "Diversity",
    better: "lower",
    ...percent,
    unit: "",
    what:
      "How well each text is predicted by all the others; low is diverse. It rises with n, and any hot temperature " +
      "lowers it.",
    ...sampled(({ selfBleu }) => selfBleu[5]),
  },
  {
    name: "Distinct-2",
    group: "Diversity",
    better: "higher",
    times: 1,
    digits: 3,
    unit: "",
    what: "Share of distinct word pairs among all word pairs. It falls as n grows.",
    ...sampled(({ distinct }) => distinct[2]),
  },
  {
    name: "Entity entropy",
    group: "Diversity",
    better: "higher",
    times: 1,
    digits: 2,
    unit: "bits",
    what: "How evenly mentions spread over names, places, dates …; mean over the types. It depends on the recogniser.",
    of: ({ sample, entities }) =>
      entities.value === null
        ? { value: null, n: sample.n, reason: entities.reason }
        : sample.rows.entityEntropy === null
          ? { value: null, n: sample.n, reason: "no entity was found" }
          : { value: sample.rows.entityEntropy, n: sample.n, by: `${sample.n} ${entities.value.recogniser}` },
    gold: ({ sample: { gold, n } }) =>
      gold === null ? withoutGold : { value: gold.entityEntropy, n, reason: "no entity, or no recogniser" },
  },
  {
    name: "Exact duplicates",
    group: "Diversity",
    better: "lower",
    ...percent,
    what: "Texts that repeat an earlier one up to case and spacing.",
    ...repeats(({ exactDuplicates }) => exactDuplicates),
  },
  {
    name: "Near duplicates",
    group: "Diversity",
    better: "lower",
    ...percent,
    what: "Texts too many when of each set of near-equal ones (7 in 10 word triples shared) one is kept.",
    ...repeats(({ nearDuplicates }) => nearDuplicates),
  },
  {
    name: "MAUVE",
    group: "Closeness to gold",
    better: "higher",
    ...percent,
    unit: "",
    what: "How close the distribution of the texts is to gold's: 100 is equal, 50 nothing in common (c = 1).",
    of: ({ mauve }) => {
      if (mauve.value === null) return { value: null, n: 0, reason: mauve.reason };
      const { score, n, features, scaling, buckets } = mauve.value;
      // another seed of k-means moves the score by about 0.01
      return { value: score, n, margin: 0.01, by: `${n} ${features} ${scaling} ${buckets}` };
    },
  },
  {
    name: "Length distance",
    group: "Closeness to gold",
    better: "lower",
    times: 1,
    digits: 1,
    unit: "tokens",
    what: "By how many tokens the length of a text would have to change, on average, to get gold's lengths.",
    of: ({ lengths, rows, gold, tokenizer }) =>
      lengths.distance === null
        ? { value: null, n: rows.n, reason: gold === null ? noGold : "no texts" }
        : { value: lengths.distance.wasserstein, n: rows.n, by: tokenizer },
  },
  {
    name: "Mean length",
    group: "Closeness to gold",
    better: null,
    times: 1,
    digits: 1,
    unit: "tokens",
    what: "Mean number of tokens of a text.",
    of: ({ lengths: { rows } }) => ({ value: rows.mean, n: rows.texts, reason: "no texts" }),
    gold: ({ lengths: { gold } }) =>
      gold === null ? withoutGold : { value: gold.mean, n: gold.texts, reason: "no texts" },
  },
  {
    name: "Copied from the examples",
    group: "Closeness to gold",
    better: "lower",
    ...percent,
    what: "Texts that equal an in-context example, nearly equal it, or were made from it: a letter changed, more behind.",
    of: ({ copiesOfSeeds }) => copied(copiesOfSeeds),
  },
  {
    name: "Copied from gold",
    group: "Closeness to gold",
    better: "lower",
    ...percent,
    what:
      "Texts that equal a gold text, nearly equal it, or were made from it: the model has seen it, and tests on gold " +
      "flatter.",
    of: ({ copiesOfGold }) => copied(copiesOfGold),
  },
  {
    name: "Label's words in the text",
    group: "Use for training",
    better: null,
    ...percent,
    what: "Rows that hold a word of their label's verbalization: more than in gold is a shortcut for the student.",
    of: ({ labelWords }) =>
      labelWords.value === null
        ? { value: null, n: 0, reason: labelWords.reason }
        : { value: labelWords.value.share, n: labelWords.value.n },
    gold: ({ labelWords, gold }) => {
      const beside = labelWords.value?.beside ?? null;
      if (beside?.of === "gold") return { value: beside.share, n: beside.n };
      return gold === null ? withoutGold : { value: null, n: 0, reason: "no gold row of these labels" };
    },
  },
  {
    name: "Proxy student accuracy",
    group: "Use for training",
    better: "higher",
    ...percent,
    what: "A small linear classifier trained on the rows, tested on gold. Not to be compared with DistilBERT's.",
    of: ({ student }) => taught(student, "gold rows"),
  },
  {
    name: "Label agreement",
    group: "Use for training",
    better: "higher",
    ...percent,
    what:
      "Share of the rows whose label a proxy student trained on gold would give, too. Its own mistakes count as " +
      "disagreement.",
    of: ({ labelAgreement }) => taught(labelAgreement, "rows"),
  },
  {
    name: "Student of your own",
    group: "Use for training",
    better: "higher",
    ...percent,
    what: "What student.json says, DistilBERT by the recipe in scripts/student: trained on the rows, tested on gold.",
    of: ({ ownStudent }) => taught(ownStudent, "gold rows"),
  },
];

/**
 * A number as a metric prints it, without its unit.
 * @example
 * import { print } from "corrsynth/evaluate";
 * console.log(print({ times: 100, digits: 1 }, 0.1234)); // 12.3
 */
export function print({ times, digits }: Pick<Metric, "times" | "digits">, value: number): string {
  return (value * times).toFixed(digits);
}
