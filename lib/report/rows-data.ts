// The data block of a page, as its script reads it: rows and rejected rows as short lists, since there may be thousands.
import type { Alike } from "./alike.js";
import type { Shown } from "./dataset.js";
import { type Html, html, inlineJson } from "./html.js";
import type { Scatter } from "./scatter.js";
import { clip } from "./section.js";
import { dataMapOf } from "./training-sections.js";

/** A row: numbers of its dataset and label in the lists of the page, its text, its number in the dataset from 1. */
export type RowData = readonly [dataset: number, label: number, text: string, number: number, alike?: AlikeData];

/** The row most like it: its number, per cent in common or null of an equal one, its set, its text where the page lacks it. */
export type AlikeData = readonly [number: number, percent: number | null, set: number, text?: string];

/** A rejected row: as above, the number of its reason, and the label that it was taken for. */
export type RejectedData = readonly [dataset: number, label: number, text: string, reason: number, takenFor?: string];

/** What the script reads. */
export interface PageData {
  readonly datasets: readonly string[];
  readonly labels: readonly string[];
  readonly reasons: readonly string[];
  readonly rows: readonly RowData[];
  readonly rejected: readonly RejectedData[];
  /** Confidence of each of the rows in the data map, in per cent; null of one without. Empty where no row has any. */
  readonly confidence: readonly (number | null)[];
  /** The row behind each point of a chart, by the chart's id. */
  readonly points: Readonly<Record<string, readonly number[]>>;
}

/** Why rows were rejected: what most were rejected for comes first. */
export function reasonsOf(datasets: readonly Pick<Shown, "held">[]): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of datasets.flatMap(({ held }) => held)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([reason]) => reason);
}

/** The labels that some row has, rejected or not: those of `labels`, then the others, sorted. */
export function rowLabels(datasets: readonly Pick<Shown, "held">[], labels: readonly string[]): string[] {
  const others = new Set(datasets.flatMap(({ held }) => held.map(({ label }) => label)));
  for (const label of labels) others.delete(label);
  return [...labels, ...[...others].sort()];
}

/** @param labels  those of {@link rowLabels}. */
export function pageData(
  datasets: readonly Shown[],
  labels: readonly string[],
  scatters: readonly Scatter[],
): PageData {
  const reasons = reasonsOf(datasets);
  const [labelNumbers, reasonNumbers] = [numbered(labels), numbered(reasons)];
  return {
    ...{ datasets: datasets.map(({ name }) => name), labels, reasons },
    rows: datasets.flatMap((dataset, d) =>
      [...dataset.numbers.keys()].map((position): RowData => {
        const { text, label } = dataset.evaluated[position]!;
        const row = [d, labelNumbers.get(label)!, clip(text), position + 1] as const;
        const alike = dataset.alike.get(position);
        return alike === undefined ? row : [...row, alikeData(dataset, alike)];
      }),
    ),
    rejected: datasets.flatMap(({ held }, d) =>
      held.map(({ text, label, reason, takenFor }): RejectedData => {
        const row = [d, labelNumbers.get(label)!, clip(text), reasonNumbers.get(reason)!] as const;
        return takenFor === undefined ? row : [...row, takenFor];
      }),
    ),
    confidence: hasDataMap(datasets) ? datasets.flatMap(confidences) : [],
    points: Object.fromEntries(scatters.map(({ id, rows }) => [id, rows])),
  };
}

/** Whether some dataset has a data map, by which rows can be put in order. */
export function hasDataMap(datasets: readonly Pick<Shown, "evaluation">[]): boolean {
  return datasets.some(({ evaluation }) => dataMapOf(evaluation) !== null);
}

function confidences({ evaluation, numbers }: Shown): (number | null)[] {
  const map = dataMapOf(evaluation);
  return [...numbers.keys()].map((position) => {
    const confidence = map?.confidence[position];
    return confidence === undefined ? null : Math.round(100 * confidence);
  });
}

function alikeData({ evaluated, numbers }: Shown, { other, similarity, set }: Alike): AlikeData {
  const percent = similarity === null ? null : Math.round(100 * similarity);
  const data = [other + 1, percent, set] as const;
  return numbers.has(other) ? data : [...data, clip(evaluated[other]!.text)];
}

const numbered = (names: readonly string[]) => new Map(names.map((name, i) => [name, i]));

/** The data as an element. */
export function dataElement(data: PageData): Html {
  return html`<script type="application/json" id="data">${inlineJson(data)}</script>`;
}
