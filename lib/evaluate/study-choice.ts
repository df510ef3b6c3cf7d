// Which rows students learn from and are tested on.
import type { LabelledText } from "../students/student.js";
import { normalise } from "../text/normalise.js";
import { evaluatedRows, type Seed, withLabelNames } from "./evaluation-input.js";
import { sampleRows } from "./sample.js";
import { mostStudyRows } from "./study-rows.js";

/** What there is to choose from: no blank rows among `rows` and `gold`. */
interface Given {
  readonly rows: readonly LabelledText[];
  readonly gold: readonly LabelledText[] | undefined;
  readonly goldTrain: readonly LabelledText[] | undefined;
  readonly seeds: readonly Seed[] | undefined;
}

/** The rows chosen, or their positions. */
export interface Chosen {
  /** Positions of the dataset's rows that students learn from, ascending. */
  readonly studied: readonly number[];
  /** Positions of gold's rows that they are tested on, ascending. */
  readonly tests: readonly number[];
  /** Seeds with a known label, and human rows to train on whose text gold lacks; null where none were given. */
  readonly seeds: readonly LabelledText[] | null;
  readonly goldTrain: readonly LabelledText[] | null;
}

/** At most {@link mostStudyRows} of each, drawn where there are more. */
export function studyRows({ rows, gold, goldTrain, seeds }: Given, known: ReadonlySet<string>, seed: number): Chosen {
  const draw = (from: readonly LabelledText[]) => {
    const labels = from.map(({ label }) => label);
    return sampleRows(labels, Math.min(from.length, mostStudyRows), { seed });
  };
  const pick = (from: readonly LabelledText[]) => draw(from).map((r) => from[r]!);
  const ofKnown = (some: readonly LabelledText[]) => evaluatedRows(some).filter(({ label }) => known.has(label));
  const tested = new Set(gold?.map(({ text }) => normalise(text)));
  const labelled = seeds?.flatMap(({ text, label }) => (label === undefined ? [] : [{ text, label }]));
  const seedRows = labelled && ofKnown(withLabelNames(labelled));
  const unseen = goldTrain && ofKnown(goldTrain).filter(({ text }) => !tested.has(normalise(text)));
  return {
    studied: draw(rows),
    tests: gold === undefined ? [] : draw(gold),
    seeds: seedRows === undefined || seedRows.length === 0 ? null : pick(seedRows),
    goldTrain: unseen === undefined || unseen.length === 0 ? null : pick(unseen),
  };
}
