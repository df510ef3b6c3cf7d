// Sections on what the rows are worth for training: the students' confusion, and the data map.
import { correctnessBucket, type Region } from "../evaluate/cartography.js";
import type { CartographyFigures, Evaluation } from "../evaluate/evaluation.js";
import type { OrMissing } from "../evaluate/or-missing.js";
import type { LabelFidelity, StudentFigures } from "../evaluate/student-figures.js";
import type { Interval } from "../numbers/statistics.js";
import { sum } from "../numbers/sum.js";
import type { Shown } from "./dataset.js";
import { thin } from "./gold-sections.js";
import { heatMap } from "./heat-map.js";
import { type Html, html } from "./html.js";
import { type CartographyPoint, cartographyChart, type Scatter } from "./scatter.js";
import { count, figure, grid, section } from "./section.js";

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const range = ([low, high]: Interval) => `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)}`;

export function studentSection(datasets: readonly Shown[]): Html | null {
  const figures = datasets.flatMap(({ title, labelCheck, evaluation: { student, ownStudent, labelFidelity } }) => {
    return [
      checkFigure(title, labelCheck),
      confusion(title, ownStudent, "gold label", "tested on gold"),
      confusion(title, student, "gold label", "trained on the rows, tested on gold"),
      confusion(title, labelFidelity, "row's label", fidelityHow(labelFidelity), judgeNote(labelFidelity)),
    ].flat();
  });
  if (figures.length === 0) return null;
  return section({
    id: "students",
    title: "Students",
    what:
      "What classifiers make of the rows: of each label in a row of the table, the share that was predicted as each " +
      "label in its columns. " +
      "A dark diagonal is good. The proxy student is a linear classifier on words and word pairs: use it to compare " +
      "datasets, and " +
      "not beside DistilBERT's numbers.",
    content: grid(figures),
  });
}

function confusion(
  title: string | null,
  outcome: OrMissing<StudentFigures>,
  corner: string,
  how: string,
  note = "",
): Html[] {
  if (outcome.value === null) return [];
  const name = title === null ? how : `${title}: ${how}`;
  const { student, labels, confusion, accuracy, interval, rowsInterval, trainRows, testRows, perRun, unseenLabels } =
    outcome.value;
  const map = sharesMap(how, corner, labels, confusion);
  const students =
    interval === null || interval[0] === interval[1] ? "" : `${range(interval)} over ${perRun.length} students, `;
  const unseen =
    unseenLabels.length === 0 ? null : html` Never seen in training, so always wrong: ${unseenLabels.join(", ")}.`;
  const caption = html`${percent(accuracy)} (95 %: ${students}${range(rowsInterval)} over ${count(testRows)} rows). ${student}; ${count(trainRows)} rows to learn from.${note}${unseen}`;
  return [figure(name, map, caption)];
}

// Each row of the matrix in per cent of its sum.
function sharesMap(how: string, corner: string, labels: readonly string[], counts: readonly (readonly number[])[]) {
  const shares = counts.map((row) => {
    const total = sum(row);
    return row.map((cell) => (total === 0 ? 0 : cell / total));
  });
  const texts = shares.map((row) => row.map((share) => (share === 0 ? "·" : (100 * share).toFixed(0))));
  return heatMap({ caption: `Confusion matrix, ${how}`, corner, labels, shades: shares, texts });
}

// Of the rows that the run judged, also those that it rejected: which label asks for another label's texts.
function checkFigure(title: string | null, check: Shown["labelCheck"]): Html[] {
  if (check === undefined) return [];
  const labels = Object.keys(check);
  const counts = labels.map((label) => labels.map((other) => check[label]![other] ?? 0));
  const how = "the run's label check: what the rows that were written were taken for";
  const judged = sum(counts.flat());
  const agreed = sum(counts.map((row, label) => row[label]!));
  const caption = html`${percent(judged === 0 ? 0 : agreed / judged)} of ${count(judged)} rows were taken for their label, those that were then rejected included.`;
  return [figure(title === null ? how : `${title}: ${how}`, sharesMap(how, "row's label", labels, counts), caption)];
}

function fidelityHow({ value }: OrMissing<LabelFidelity>): string {
  return `label fidelity: trained on ${value?.judge ?? "human rows"}, what the rows are taken for`;
}

function judgeNote({ value }: OrMissing<LabelFidelity>): string {
  if (value === null || value.judgeAccuracy === null) return "";
  const { judge, judgeAccuracy } = value;
  return ` Of ${judge} itself, cross-fitted, it gives ${percent(judgeAccuracy)} their label.`;
}

/** The data map by a student of one's own, else by the proxy student. */
export function dataMapOf({ ownStudent, rows, cartography }: Evaluation): CartographyFigures | null {
  const own = ownStudent.value?.cartography ?? null;
  const fitting = own !== null && own.n === rows.n ? own : null; // else its rows are not these
  return fitting ?? cartography.value;
}

const mostPoints = 1500;

export async function cartographySection(
  datasets: readonly Shown[],
): Promise<{ scatters: Scatter[]; markup: Html | null }> {
  const scatters: Scatter[] = [];
  const figures: Html[] = [];
  for (const [d, { title, evaluation, numbers }] of datasets.entries()) {
    const value = dataMapOf(evaluation);
    if (value === null) continue;
    const points = value.confidence.flatMap((confidence, position): CartographyPoint[] => {
      const row = numbers.get(position);
      if (row === undefined) return [];
      return [
        { row, confidence, variability: value.variability[position]!, correctness: value.correctness[position]! },
      ];
    });
    const scatter = await cartographyChart(`cartography-${d}`, thin(points, mostPoints));
    scatters.push(scatter);
    const drawn =
      scatter.rows.length < value.n
        ? `${count(scatter.rows.length)} of ${count(value.n)} points drawn`
        : `n = ${count(value.n)}`;
    figures.push(figure(title, html`${scatter.markup}${regions(value)}`, `${drawn}; ${value.student}.`));
  }
  const what =
    "How a student sees each row while it learns. Confidence: mean probability of the row's label over the epochs; " +
    "variability: its " +
    "spread; colour: how often the label was predicted. Rows at the lower left were never learnt: mislabelled, " +
    "often: the order \u201cleast learnt first\u201d of the rows lists them. Many hard and " +
    "varied rows teach more than easy ones alone.";
  const content = grid(figures);
  return {
    scatters,
    markup: figures.length === 0 ? null : section({ id: "cartography", title: "Data map", what, content }),
  };
}

const glyphs: Record<Region, string> = { mislabelled: "▲", hard: "■", easy: "●" };
const bounds: Record<Region, string> = { mislabelled: "under 35", hard: "35 to 65", easy: "over 65" };

function regions({ correctness, n }: CartographyFigures): Html {
  const counts = { mislabelled: 0, hard: 0, easy: 0 };
  for (const value of correctness) counts[correctnessBucket(value).region]++;
  const entries = (["easy", "hard", "mislabelled"] as const).map((region) => {
    const share = n === 0 ? "–" : percent(counts[region] / n);
    const name = region === "mislabelled" ? "rarely learnt" : region;
    return html`<li><span class="${region}" aria-hidden="true">${glyphs[region]}</span> ${name} ${share} <span class="over">(right in ${bounds[region]} % of the epochs)</span></li>`;
  });
  return html`<ul class="legend">${entries}</ul>`;
}
