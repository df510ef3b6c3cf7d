// Which rows an evaluation compares, trains students on and embeds: drawn before anything is read of them.
import { checkInteger } from "../checks/option.js";
import { invalidField } from "../errors.js";
import type { LabelledText } from "../students/student.js";
import type { EvaluateOptions, EvaluationRow } from "./evaluate-options.js";
import { type Accepted, accept, checkGoldLabels, namedLabels, withLabelNames } from "./evaluation-input.js";
import type { NamedLabel } from "./label-words.js";
import { largestSample, sampleRows } from "./sample.js";
import { type Chosen, studyRows, usualGoldRowsOf } from "./study-choice.js";

/** What an evaluation works on; positions are those of `data.rows` and of `gold.rows`, ascending. */
export interface ChosenRows {
  readonly data: Accepted<EvaluationRow>;
  readonly gold: Accepted<LabelledText> | null;
  readonly labels: readonly NamedLabel[];
  /** As many of both, which are compared. */
  readonly sample: readonly number[];
  readonly goldSample: readonly number[];
  /** What students learn from and are tested on. */
  readonly study: Chosen;
  /** Of gold, where there is an embedder. */
  readonly goldEmbedded: readonly number[];
}

/**
 * The largest `sampleSize` for all these datasets: one that they and gold, where it is given, have enough rows for.
 * Scores of different datasets compare when each was evaluated with the same one. Blank rows do not count.
 * @example
 * import { comparableRows } from "corrsynth/evaluate";
 * const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ text: `text ${i}`, label: "a" }));
 * console.log(comparableRows([rows(300), rows(200)], rows(250))); // 200
 */
export function comparableRows(
  datasets: readonly (readonly LabelledText[])[],
  gold?: readonly LabelledText[],
  options: { readonly matchLabels?: boolean | undefined } = {},
): number {
  const labelsOf = (rows: readonly LabelledText[]) => accept(rows).rows.map(({ label }) => label);
  const mix = options.matchLabels && gold !== undefined ? labelsOf(gold) : undefined;
  const sets = gold === undefined ? datasets : [...datasets, gold];
  return Math.min(...sets.map((rows) => largestSample(labelsOf(rows), mix)));
}

/** The options that say which rows. */
export type ChoiceOptions = Pick<
  EvaluateOptions,
  | "gold"
  | "goldTrain"
  | "labels"
  | "skipUnknownLabels"
  | "seeds"
  | "embedStudents"
  | "sampleSize"
  | "matchLabels"
  | "goldRows"
  | "seed"
>;

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `evaluate`. */
export function chooseRows(rows: readonly EvaluationRow[], options: ChoiceOptions): ChosenRows {
  const { seed = 0, matchLabels = false, embedStudents = true } = options;
  const data = accept(withLabelNames(rows));
  const given = options.gold && withLabelNames(options.gold);
  const labels = namedLabels(options.labels ?? [], Object.keys(data.counts.labels));
  const known = new Set(labels.map(({ name }) => name));
  if (matchLabels && options.gold === undefined) {
    throw invalidField("matchLabels", "Expected gold rows, whose labels it takes over");
  }
  const { goldRows = usualGoldRowsOf([data.rows.length], labels.length) } = options;
  checkInteger("goldRows", goldRows, 1);
  const goldTrain = options.goldTrain && withLabelNames(options.goldTrain);
  if (options.skipUnknownLabels !== true) {
    if (given !== undefined) checkGoldLabels(given, known);
    if (goldTrain !== undefined) checkGoldLabels(goldTrain, known, "goldTrain");
  }
  const gold = given === undefined ? null : accept(given, known);
  const n = options.sampleSize ?? comparableRows([data.rows], gold?.rows, { matchLabels });
  const mix = matchLabels ? gold?.rows.map(({ label }) => label) : undefined;
  const sampled = ({ rows }: Accepted<LabelledText>) => {
    const labels = rows.map(({ label }) => label);
    return sampleRows(labels, n, { mix, seed });
  };
  const goldSample = gold === null ? [] : sampled(gold);
  const from = { rows: data.rows, gold: gold?.rows, goldTrain, seeds: options.seeds };
  const study = studyRows(from, known, { seed, goldRows });
  const tests = embedStudents ? study.vectorTests : [];
  const goldEmbedded = [...new Set([...goldSample, ...tests])].sort((a, b) => a - b);
  return { data, gold, labels, sample: sampled(data), goldSample, study, goldEmbedded };
}

/**
 * The texts that {@link evaluate} has its embedders embed with the same rows and options, each once: for a word on how long
 * that takes, before it begins.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `evaluate`.
 * @example
 * import { textsToEmbed } from "corrsynth/evaluate";
 * const rows = ["red apple", "green leaf"].map((text, i) => ({ text, label: String(i) }));
 * console.log(textsToEmbed(rows, { seeds: [{ text: "red rose", label: "0" }] })); // all three
 */
export function textsToEmbed(rows: readonly EvaluationRow[], options: ChoiceOptions = {}): string[] {
  const { data, gold, study, goldEmbedded } = chooseRows(rows, options);
  if (data.rows.length === 0) return [];
  const beside = goldEmbedded.map((r) => gold!.rows[r]!);
  const forStudents = [...(study.seeds ?? []), ...study.vectorTrain.map((r) => study.goldTrain![r]!)];
  const read = [...data.rows, ...beside, ...(options.embedStudents === false ? [] : forStudents)];
  return [...new Set(read.map(({ text }) => text))];
}
