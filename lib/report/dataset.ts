// What a report is made of: an evaluation, its rows, and what is to be said of them.
import type { Evaluation } from "../evaluate/evaluation.js";
import { evaluatedRows } from "../evaluate/evaluation-input.js";
import type { LabelledText } from "../students/student.js";
import { type Alike, alikeRows } from "./alike.js";

/** A row that is not in the dataset, and why. */
export interface RejectedText extends LabelledText {
  /** The filter that refused it, or what a person did. */
  readonly reason: string;
  /** The label that the run's check took it for. */
  readonly takenFor?: string | undefined;
}

/** The rows of a run that are not in the dataset. */
export interface RejectedRows {
  readonly rows: readonly RejectedText[];
  /** Why others are not among them: one sentence for people, without a full stop. */
  readonly lacking?: string | undefined;
}

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
  /** What was made and left out, to be looked at beside the rows; absent where nobody knows of any. */
  readonly rejected?: RejectedRows | undefined;
}

/** A dataset with what all sections share. */
export interface Shown extends NamedEvaluation {
  /** The rows that the evaluation numbers. */
  readonly evaluated: readonly LabelledText[];
  /** Null where it is the only dataset, which needs no name. */
  readonly title: string | null;
  /** Positions of the rows that the page holds, ascending, and of each its number on the page. */
  readonly numbers: ReadonlyMap<number, number>;
  /** Of the rows that nearly repeat another, by their positions: the one most like it. */
  readonly alike: ReadonlyMap<number, Alike>;
  /** The rejected rows that the page holds. */
  readonly held: readonly RejectedText[];
}

/** @param maxRows  most rows that the page holds, over all datasets; and as many rejected ones. */
export function shownDatasets(datasets: readonly NamedEvaluation[], maxRows: number): Shown[] {
  const each = Math.floor(maxRows / datasets.length);
  let next = 0;
  return datasets.map((dataset) => {
    const evaluated = evaluatedRows(dataset.rows);
    const numbers = new Map(spread(evaluated.length, each).map((position) => [position, next++]));
    const rejected = dataset.rejected?.rows ?? [];
    return {
      ...{ ...dataset, evaluated, numbers, title: datasets.length > 1 ? dataset.name : null },
      alike: alikeRows(evaluated, dataset.evaluation.duplicates),
      held: spread(rejected.length, each).map((position) => rejected[position]!),
    };
  });
}

// At most so many positions of a list, evenly over all of it: a run goes label by label, group by group.
function spread(length: number, most: number): number[] {
  const kept = Math.min(most, length);
  return Array.from({ length: kept }, (_, i) => Math.floor((i * length) / kept));
}

/** All labels of the datasets, sorted: one colour for each throughout. */
export function allLabels(datasets: readonly NamedEvaluation[]): string[] {
  return [...new Set(datasets.flatMap(({ evaluation }) => Object.keys(evaluation.rows.labels)))].sort();
}
