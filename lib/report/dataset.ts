// What a report is made of: an evaluation, its rows, and what is to be said of them.
import type { Evaluation } from "../evaluate/evaluation.js";
import { evaluatedRows } from "../evaluate/evaluation-input.js";
import type { LabelledText } from "../students/student.js";

/** One dataset of a report. */
export interface NamedEvaluation {
  /** As people call it: the directory, or the method. */
  readonly name: string;
  readonly evaluation: Evaluation;
  /** The rows that were evaluated, blank ones included. */
  readonly rows: readonly LabelledText[];
  /** What readers must know, e.g. that a line was skipped; shown at the top. */
  readonly notes?: readonly string[];
  /** Where it comes from: method, model, seed …, as pairs of a name and a value. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
  /** What the run's label check took its rows for: `[label][label it was taken for]`, rejected rows included. */
  readonly labelCheck?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
}

/** A dataset with what all sections share. */
export interface Shown extends NamedEvaluation {
  /** The rows that the evaluation numbers. */
  readonly evaluated: readonly LabelledText[];
  /** Null where it is the only dataset, which needs no name. */
  readonly title: string | null;
  /** Positions of the rows that the page holds, ascending, and of each its number on the page. */
  readonly numbers: ReadonlyMap<number, number>;
}

/** @param maxRows  most rows that the page holds, over all datasets. */
export function shownDatasets(datasets: readonly NamedEvaluation[], maxRows: number): Shown[] {
  const each = Math.floor(maxRows / datasets.length);
  let next = 0;
  return datasets.map((dataset) => {
    const evaluated = evaluatedRows(dataset.rows);
    const kept = Math.min(each, evaluated.length);
    // Evenly over the whole dataset: a run goes label by label, group by group.
    const positions = Array.from({ length: kept }, (_, i) => Math.floor((i * evaluated.length) / kept));
    const numbers = new Map(positions.map((position) => [position, next++]));
    return { ...dataset, evaluated, title: datasets.length > 1 ? dataset.name : null, numbers };
  });
}

/** All labels of the datasets, sorted: one colour for each throughout. */
export function allLabels(datasets: readonly NamedEvaluation[]): string[] {
  return [...new Set(datasets.flatMap(({ evaluation }) => Object.keys(evaluation.rows.labels)))].sort();
}
