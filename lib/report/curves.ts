// Line charts of one curve a dataset: lengths, contrast, MAUVE's divergence.
import type { Evaluation } from "../evaluate/evaluation.js";
import { type Html, html } from "./html.js";
import { type Axes, type Curve, lineChart } from "./line-chart.js";
import { datasetLine, goldLine, lineLegend } from "./palette.js";

async function curveChart(curves: readonly Curve[], axes: Axes, label: string): Promise<Html> {
  return html`${await lineChart(curves, axes, label)}${lineLegend(curves.map(({ line }) => line))}`;
}

/** A dataset as a chart names it. */
export interface Named {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** Share of texts by length in tokens. Bins of datasets differ in width, so heights are per token. */
export async function lengthChart(datasets: readonly Named[]): Promise<Html> {
  const curves = datasets.map(({ name, evaluation }, i) => ({
    line: datasetLine(name, i),
    points: density(evaluation.lengths.rows),
  }));
  const { gold } = datasets[0]!.evaluation.lengths;
  const beside = gold === null ? [] : [{ line: goldLine, points: density(gold) }];
  const names = [...curves, ...beside].map(({ line }) => line.name);
  const label = `Lengths of the texts in tokens, of ${names.join(", ")}`;
  return curveChart([...curves, ...beside], { x: "tokens", y: "share of the texts per token", percent: true }, label);
}

function density({ texts, histogram: { binWidth, counts } }: Evaluation["lengths"]["rows"]): [number, number][] {
  const points = counts.map((count, i): [number, number] => [(i + 0.5) * binWidth, count / texts / binWidth]);
  return points.length === 0 ? [] : [[0, 0], ...points, [(counts.length + 0.5) * binWidth, 0]];
}

/** Smoothed contrast at each token of the datasets that were traced. */
export async function contrastChart(datasets: readonly Named[]): Promise<Html | null> {
  const curves = datasets.flatMap(({ name, evaluation }, i) => {
    const { value } = evaluation.contrast;
    if (value === null) return [];
    return [{ line: datasetLine(name, i), points: value.smoothed.map((s, t): [number, number] => [t, s]) }];
  });
  if (curves.length === 0) return null;
  return curveChart(curves, { x: "token", y: "largest difference of logits" }, "Contrast at each token, smoothed");
}

/** MAUVE's divergence curves. */
export async function divergenceChart(datasets: readonly Named[]): Promise<Html | null> {
  const curves = datasets.flatMap(({ name, evaluation }, i) =>
    evaluation.mauve.value === null ? [] : [{ line: datasetLine(name, i), points: evaluation.mauve.value.curve }],
  );
  if (curves.length === 0) return null;
  const axes: Axes = { x: "gold is covered by the rows", y: "rows are covered by gold", domain: [0, 1] };
  return curveChart(curves, axes, "Divergence curves of MAUVE");
}
