// What `evaluate` and `compare` print: every metric, the students, and why a figure is missing.
import { type Evaluation, metrics, print, type YardstickSet, yardstickSets, yardstickText } from "../evaluate/index.js";
import { reasonCounts } from "../index.js";
import type { Dataset } from "./dataset.js";
import { clip, grouped, printable, table } from "./terminal.js";

/** A dataset with its evaluation. */
export interface Evaluated {
  readonly dataset: Dataset;
  readonly evaluation: Evaluation;
}

/** Every metric in a line, every dataset and gold, if there is any, in a column. */
export function scoreTable(evaluated: readonly Evaluated[]): string {
  const { gold } = evaluated[0]!.evaluation;
  const rows = metrics.map((metric) => {
    const text = (value: number | null | undefined) =>
      value === null || value === undefined ? "-" : `${print(metric, value)}${metric.unit === "%" ? " %" : ""}`;
    const way = metric.better === null ? "" : metric.better === "lower" ? " ↓" : " ↑";
    const own = evaluated.map(({ evaluation }) => text(metric.of(evaluation).value));
    return [metric.name + way, ...own, ...(gold === null ? [] : [text(metric.gold?.(evaluated[0]!.evaluation).value)])];
  });
  const sizes = [
    "rows",
    ...evaluated.map(({ evaluation }) => String(evaluation.rows.n)),
    ...(gold === null ? [] : [String(gold.n)]),
  ];
  const names = evaluated.map(({ dataset }) => clip(printable(dataset.name), 24));
  const heads = ["", ...names, ...(gold === null ? [] : ["gold"])];
  const { n } = evaluated[0]!.evaluation.sample;
  const note = `↓ lower is better, ↑ higher. Diversity is that of ${n} rows of each set; the report has intervals and definitions.`;
  return `${table(heads, [sizes, ...rows])}\n${note}\n${reasonLines(evaluated)}`;
}

/** Why a figure is "-", each reason once for all the figures that it is true of. */
function reasonLines(evaluated: readonly Evaluated[]): string {
  const named = new Map<string, string[]>();
  for (const { dataset, evaluation } of evaluated) {
    for (const metric of metrics) {
      const { value, reason } = metric.of(evaluation);
      if (value !== null || reason === undefined) continue;
      const whose = evaluated.length > 1 ? `${printable(dataset.name)}: ` : "";
      named.set(whose + printable(reason), [...(named.get(whose + printable(reason)) ?? []), metric.name]);
    }
  }
  return [...named].map(([reason, names]) => `- ${names.join(", ")}: ${reason}\n`).join("");
}

/** What students come to on gold by what they learnt from, a table for each kind of student; "" without gold. */
export function yardstickTables(evaluated: readonly Evaluated[]): string {
  const tables = (["proxy", "logistic"] as const).flatMap((kind) => {
    const known = evaluated.flatMap(({ dataset, evaluation }) => {
      const { value } = evaluation.yardsticks[kind];
      return value === null ? [] : [{ name: clip(printable(dataset.name), 24), value }];
    });
    if (known.length === 0) return [];
    const sets = Object.keys(yardstickSets) as YardstickSet[];
    const rows = sets
      .filter((set) => known.some(({ value }) => value.sets[set].value !== null))
      .map((set) => [yardstickSets[set], ...known.map(({ value }) => yardstickText(value.sets[set]))]);
    const heads = [`${kind} student of`, ...known.map(({ name }) => name)];
    const absent = sets.filter((set) => known.every(({ value }) => value.sets[set].value === null));
    const reasons = new Map<string, string[]>();
    for (const set of absent) {
      const own = known[0]!.value.sets[set];
      if (own.value === null) reasons.set(own.reason, [...(reasons.get(own.reason) ?? []), yardstickSets[set]]);
    }
    const { testRows } = known[0]!.value;
    const note = `Accuracy on ${grouped(testRows)} gold rows, %, with the 95 % interval over what was learnt from, by five students of a half each.`;
    const missing = [...reasons].map(([reason, names]) => `- ${names.join("; ")}: ${reason}\n`).join("");
    return [`\n${table(heads, rows)}\n${note}\n${missing}`];
  });
  return tables.join("");
}

/** What the label check of a run took its rows for, a line for each label; "" of one without. */
export function labelCheckTable({ labelCheck }: Dataset): string {
  if (labelCheck === undefined) return "";
  const rows = Object.entries(labelCheck).map(([label, takenFor]) => {
    const { [label]: own = 0, ...others } = takenFor;
    return [label, grouped(own), reasonCounts(others)].map((cell) => printable(cell));
  });
  return `\n${table(["the run's label check", "taken for it", "for another"], rows)}\nOf all rows that it judged, those that it rejected included.\n`;
}
