// The rows of the summary table: what each metric is, which way is better, and where its number stands in an
// evaluation.
import { noGold } from "./or-missing.js";
import { copied, judged, type Metric, measured, percent, repeats, sampled, taught, withoutGold } from "./score.js";

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
    name: "Logistic student accuracy",
    group: "Use for training",
    better: "higher",
    ...percent,
    what: "The same by logistic regression on an embedder's vectors (--embedder).",
    of: ({ yardsticks }) => measured(yardsticks.logistic),
  },
  {
    name: "Label fidelity",
    group: "Use for training",
    better: "higher",
    ...percent,
    what:
      "Share of the rows whose label a student of human rows (gold, or else the seeds) would give, too. Its own mistakes " +
      "count as disagreement.",
    of: ({ labelFidelity }) => judged(labelFidelity),
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
