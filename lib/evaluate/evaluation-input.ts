// The rows that an evaluation works on: those with a text and a known label.
import { suggestion } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { LabelledText } from "../students/student.js";
import { nameOf } from "../text/names.js";
import { byLabel } from "./by-label.js";
import type { RowCounts } from "./evaluation.js";
import type { NamedLabel } from "./label-words.js";

/** An in-context example; its label, where it has one, is looked at where there is no gold. */
export interface Seed {
  readonly text: string;
  readonly label?: string | undefined;
}

/**
 * The rows whose text is not blank: those that an evaluation numbers.
 * @example
 * import { evaluatedRows } from "corrsynth/evaluate";
 * console.log(evaluatedRows([{ text: "a fox", label: "x" }, { text: " ", label: "x" }]).length); // 1
 */
export function evaluatedRows<Row extends LabelledText>(rows: readonly Row[]): Row[] {
  return rows.filter(({ text }) => text.trim() !== "");
}

/** The rows with the names of their labels in the form in which names are compared. */
export function withLabelNames<Row extends LabelledText>(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row, label: nameOf(row.label) }));
}

export interface Accepted<Row> {
  readonly rows: readonly Row[];
  readonly counts: RowCounts;
}

/** @param known  labels that rows may have; others are left out. Default all. */
export function accept<Row extends LabelledText>(rows: readonly Row[], known?: ReadonlySet<string>): Accepted<Row> {
  const written = evaluatedRows(rows);
  const accepted = known === undefined ? written : written.filter(({ label }) => known.has(label));
  const labels = accepted.map(({ label }) => label);
  const counts = {
    n: accepted.length,
    blank: rows.length - written.length,
    unknownLabel: written.length - accepted.length,
    labels: Object.fromEntries(byLabel(labels, labels, (own) => own.length)),
  };
  return { rows: accepted, counts };
}

/**
 * Refuses gold rows of labels that the dataset does not know: they may be spelt another way.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each of the labels, how many rows it has, and the nearest
 * known one.
 * @example
 * import { checkGoldLabels } from "corrsynth/evaluate";
 * try {
 *   checkGoldLabels([{ text: "a fox", label: "animals" }], new Set(["animal", "plant"]));
 * } catch (error) {
 *   console.log((error as Error).message); // Unknown label "animals" of 1 row, did you mean "animal"? …
 * }
 */
export function checkGoldLabels(gold: readonly LabelledText[], known: ReadonlySet<string>, path = "gold"): void {
  const labels = gold.map(({ label }) => label);
  const issues: ConfigIssue[] = [];
  for (const [label, rows] of byLabel(labels, labels, (own) => own.length)) {
    if (known.has(label)) continue;
    const message = `Unknown label ${JSON.stringify(label)} of ${rows} row${rows === 1 ? "" : "s"}${suggestion(label, known)}`;
    issues.push({ path, message });
  }
  if (issues.length === 0) return;
  const [named, rest] = [issues.slice(0, 10), issues.length - 10];
  const isNumber = (label: string) => /^\d+$/.test(label);
  const areNumbers = labels.every(isNumber) && ![...known].some(isNumber);
  const rename = areNumbers ? "name their classes in order (--gold-names a,b,c)" : "rename them";
  const hint = `Expected the labels of the dataset: ${rename}, or leave these rows out with "skipUnknownLabels" (--skip-unknown-labels)`;
  if (rest > 0) named.push({ path, message: `and ${rest} more unknown labels` });
  throw new InvalidConfigError([...named, { path, message: hint }]);
}

/** Labels in the order given, then those that only rows have. */
export function namedLabels(given: readonly (string | NamedLabel)[], ofRows: readonly string[]): NamedLabel[] {
  const named = new Map<string, NamedLabel>();
  for (const label of [...given, ...ofRows]) {
    const own = typeof label === "string" ? { name: label, verbalization: label } : label;
    const name = nameOf(own.name);
    if (!named.has(name)) named.set(name, { name, verbalization: own.verbalization });
  }
  return [...named.values()];
}
