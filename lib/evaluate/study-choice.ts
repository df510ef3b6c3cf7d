// Which rows students learn from and are tested on.
import type { LabelledText } from "../students/student.js";
import { normalise } from "../text/normalise.js";
import { evaluatedRows, type Seed, withLabelNames } from "./evaluation-input.js";
import { leastGoldPerLabel } from "./least-rows.js";
import { sampleRows } from "./sample.js";
import { mostStudyRows } from "./study-rows.js";

/** What there is to choose from: no blank rows among `rows` and `gold`. */
interface Given {
  readonly rows: readonly LabelledText[];
  readonly gold: readonly LabelledText[] | undefined;
  readonly goldTrain: readonly LabelledText[] | undefined;
  readonly seeds: readonly Seed[] | undefined;
}

/** The rows chosen, or their positions, ascending. */
export interface Chosen {
  /** Of the dataset's rows that students learn from. */
  readonly studied: readonly number[];
  /** Of gold's rows that they are tested on; students of vectors on so many as are worth to be embedded for it. */
  readonly tests: readonly number[];
  readonly vectorTests: readonly number[];
  /** Seeds with a known label, and human rows to train on whose text gold lacks; null where none were given. */
  readonly seeds: readonly LabelledText[] | null;
  readonly goldTrain: readonly LabelledText[] | null;
  /** Of `goldTrain`, those that students of vectors learn from. */
  readonly vectorTrain: readonly number[];
}

/** Human rows from which on more of them hardly change what students come to, beside what else leaves it open. */
const usualGoldRows = 2000;

/**
 * How many rows of gold, and of gold to train on, are worth to be embedded for students of these datasets: 2,000, which
 * leave an accuracy open by 2.2 points at most; as many as the largest dataset has, which costs as much; 10 for each label;
 * but no more than 5,000. Datasets compare when each was evaluated with the same number.
 * @example
 * import { usualGoldRowsOf } from "corrsynth/evaluate";
 * console.log(usualGoldRowsOf([320, 3200], 4)); // 3200
 */
export function usualGoldRowsOf(rows: readonly number[], labels: number): number {
  return Math.min(mostStudyRows, Math.max(usualGoldRows, leastGoldPerLabel * labels, ...rows));
}

/**
 * At most {@link mostStudyRows} of each, drawn where there are more.
 * @param goldRows  most rows of gold and of gold to train on for students of vectors, in gold's own proportions; a larger
 * number holds for other students, too.
 */
export function studyRows(
  { rows, gold, goldTrain, seeds }: Given,
  known: ReadonlySet<string>,
  { seed, goldRows }: { readonly seed: number; readonly goldRows: number },
): Chosen {
  const draw = (from: readonly LabelledText[], most = mostStudyRows) => {
    const labels = from.map(({ label }) => label);
    return sampleRows(labels, Math.min(from.length, most), { seed });
  };
  const drawVectors = (from: readonly LabelledText[]) => {
    const labels = from.map(({ label }) => label);
    return sampleRows(labels, Math.min(from.length, goldRows), { mix: labels, seed });
  };
  const pick = (from: readonly LabelledText[], most?: number) => draw(from, most).map((r) => from[r]!);
  const ofKnown = (some: readonly LabelledText[]) => evaluatedRows(some).filter(({ label }) => known.has(label));
  const tested = new Set(gold?.map(({ text }) => normalise(text)));
  const labelled = seeds?.flatMap(({ text, label }) => (label === undefined ? [] : [{ text, label }]));
  const seedRows = labelled && ofKnown(withLabelNames(labelled));
  const unseen = goldTrain && ofKnown(goldTrain).filter(({ text }) => !tested.has(normalise(text)));
  const mostGold = Math.max(mostStudyRows, goldRows);
  const train = unseen === undefined || unseen.length === 0 ? null : pick(unseen, mostGold);
  return {
    studied: draw(rows),
    tests: gold === undefined ? [] : draw(gold, mostGold),
    vectorTests: gold === undefined ? [] : drawVectors(gold),
    seeds: seedRows === undefined || seedRows.length === 0 ? null : pick(seedRows),
    goldTrain: train,
    vectorTrain: train === null ? [] : drawVectors(train),
  };
}
