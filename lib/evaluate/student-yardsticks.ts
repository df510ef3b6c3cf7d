// The figures of students for which rows are compared with seeds and gold: yardsticks and label fidelity.
import type { Progress } from "../numbers/progress.js";
import type { TextRow } from "../students/student.js";
import type { Evaluation } from "./evaluation.js";
import { labelFidelity } from "./label-fidelity.js";
import { missing } from "./or-missing.js";
import { type ReadRows, vectorsByRow } from "./read-rows.js";
import { logisticStudy, proxyStudy, type RowRead, type StudyParts } from "./study-rows.js";
import { yardsticks } from "./yardsticks.js";

/** Rows with what was read of them. */
interface StudentInput {
  readonly data: ReadRows;
  readonly gold: ReadRows | null;
  readonly seedRows: ReadRows | null;
  readonly goldTrain: ReadRows | null;
  readonly studied: readonly number[];
  readonly tests: readonly number[];
  readonly vectorTests: readonly number[];
  /** Name of the embedder, where students are to read its vectors. */
  readonly studentEmbedder: string | null;
  readonly seed: number;
}

const noVectors = "no embedder was given for students (--embedder MODEL)";

/** @param stage  the progress of a stage, by its name. */
export function studentYardsticks(
  { data, gold, seedRows, goldTrain, studied, tests, vectorTests, studentEmbedder, seed }: StudentInput,
  stage: (name: string) => Progress,
): Pick<Evaluation, "yardsticks" | "labelFidelity"> {
  const all: StudyParts<RowRead> = {
    data: rowsRead(data, [...data.rows.keys()]),
    seeds: seedRows && rowsRead(seedRows, [...seedRows.rows.keys()]),
    goldTrain: goldTrain && rowsRead(goldTrain, [...goldTrain.rows.keys()]),
    gold: gold && rowsRead(gold, tests),
  };
  const embedded: StudyParts<RowRead> = {
    ...all,
    goldTrain: goldTrain && rowsRead(goldTrain, goldTrain.embedded),
    gold: gold && rowsRead(gold, vectorTests),
  };
  const labels = [...new Set(Object.values(all).flatMap((rows) => labelsOf(rows ?? [])))].sort();
  const options = { labels, seed };
  const proxy = proxyStudy(all, stage("words for students"));
  const logistic = studentEmbedder === null ? null : logisticStudy(embedded, studentEmbedder);
  const learnt = <Row>(parts: StudyParts<Row>) => ({ ...parts, data: studied.map((r) => parts.data[r]!) });
  const ofLogistic =
    logistic === null ? missing(noVectors) : yardsticks({ ...logistic, parts: learnt(logistic.parts) }, options, stage);
  return {
    yardsticks: { proxy: yardsticks({ ...proxy, parts: learnt(proxy.parts) }, options, stage), logistic: ofLogistic },
    labelFidelity: labelFidelity(logistic ?? proxy, options, stage),
  };
}

function rowsRead(read: ReadRows, positions: readonly number[]): RowRead[] {
  const vectors = vectorsByRow(read);
  return positions.map((r) => ({ ...read.rows[r]!, vector: vectors.get(r) }));
}

function labelsOf(rows: readonly TextRow[]): string[] {
  return rows.map(({ label }) => label);
}
