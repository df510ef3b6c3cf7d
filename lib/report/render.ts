// The report: one HTML file that shows evaluations side by side, asks nothing of any network, and runs one script of
// its own.
import { createHash } from "node:crypto";
import { InvalidConfigError } from "../errors.js";
import { metrics } from "../evaluate/metrics.js";
import { allLabels, type NamedEvaluation, type Shown, shownDatasets } from "./dataset.js";
import { diversitySection, duplicatesSection, entitySection, rowFacts } from "./diversity-sections.js";
import { contrastSection, labelSection, lengthSection, mapSection, mauveSection } from "./gold-sections.js";
import { type Html, html, trusted } from "./html.js";
import { rowsData, rowsSection } from "./rows-section.js";
import { script } from "./script.js";
import { count, section } from "./section.js";
import { style } from "./style.js";
import { summaryTable } from "./summary.js";
import { cartographySection, studentSection } from "./training-sections.js";

/** What a report says of itself, and how much it holds. */
export interface ReportOptions {
  /** Heading of the page; default the name of the dataset, or "Comparison of n datasets". */
  readonly title?: string;
  /** Printed at the foot, e.g. the program with its version, and the date. */
  readonly made?: string;
  /** Most rows that the page holds, over all datasets, an integer from 0; default 3000. */
  readonly maxRows?: number;
}

/**
 * A self-contained HTML page of one or several evaluations. Texts, labels and names are escaped wherever they stand; a
 * content security policy forbids all but its own script and styles. Several evaluations compare where they have one
 * `sample.n`.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG without an evaluation.
 */
export async function renderReport(datasets: readonly NamedEvaluation[], options: ReportOptions = {}): Promise<string> {
  if (datasets.length === 0) {
    throw new InvalidConfigError([{ path: "datasets", message: "Expected at least one evaluation, received none" }]);
  }
  const shown = shownDatasets(datasets, options.maxRows ?? 3000);
  const labels = allLabels(datasets);
  const map = await mapSection(shown, labels);
  const cartography = await cartographySection(shown);
  const scatters = [...map.scatters, ...cartography.scatters];
  const title = options.title ?? (shown.length === 1 ? shown[0]!.name : `Comparison of ${shown.length} datasets`);
  const body = html`${header(shown, title)}
<main>
${section({ id: "summary", title: "Summary", what: summaryText(shown), content: summaryTable(shown) })}
${studentSection(shown)}
${cartography.markup}
${diversitySection(shown)}
${duplicatesSection(shown)}
${await mauveSection(shown)}
${labelSection(shown)}
${map.markup}
${await lengthSection(shown)}
${entitySection(shown)}
${await contrastSection(shown)}
${rowsSection(shown, labels)}
${definitions(shown)}
</main>
<footer><p>${options.made ?? null}</p></footer>
${rowsData(
  shown,
  labels,
  scatters.map((scatter) => [scatter.id, scatter]),
)}`;
  return `${document(title, body)}\n`;
}

function document(title: string, body: Html): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
${body}
<script>${trusted(script)}</script>
</body>
</html>`.text;
}

function header(datasets: readonly Shown[], title: string): Html {
  const notes = datasets.flatMap(({ name, title, notes = [] }) =>
    notes.map((note) => html`<li>${title === null ? null : html`<bdi>${name}</bdi>: `}${note}</li>`),
  );
  const links = [
    ["summary", "Summary"],
    ["students", "Students"],
    ["cartography", "Data map"],
    ["diversity", "Diversity"],
    ["duplicates", "Duplicates"],
    ["mauve", "MAUVE"],
    ["labels", "Labels"],
    ["map", "Map"],
    ["lengths", "Lengths"],
    ["entities", "Entities"],
    ["contrast", "Contrast"],
    ["all-rows", "Rows"],
    ["definitions", "Definitions"],
  ].map(([id, name]) => html`<a href="#${id}">${name}</a>`);
  const sizes = datasets.map(({ name, title, evaluation }) => {
    const { rows, gold } = rowFacts(evaluation);
    const labels = count(Object.keys(evaluation.rows.labels).length);
    const whose = title === null ? null : html`<bdi>${name}</bdi>: `;
    const beside = gold === null ? "without gold" : `beside ${gold} gold rows`;
    return html`<p class="lead">${whose}${rows} rows of ${labels} labels, ${beside}</p>`;
  });
  return html`<header><h1><bdi>${title}</bdi></h1>${sizes}
${notes.length === 0 ? null : html`<ul class="notes">${notes}</ul>`}
${datasets.length === 1 ? headline(datasets[0]!) : null}
<nav aria-label="Sections">${links}</nav></header>`;
}

// The four numbers that a single dataset is judged by first.
function headline({ evaluation }: Shown): Html {
  const chosen = ["Proxy student accuracy", "Label agreement", "Self-BLEU-5", "MAUVE"];
  const cards = chosen.map((name) => {
    const metric = metrics.find((candidate) => candidate.name === name)!;
    const { value, reason } = metric.of(evaluation);
    const gold = metric.gold?.(evaluation).value;
    const print = (shown: number) =>
      `${(shown * metric.times).toFixed(metric.digits)}${metric.unit === "" ? "" : ` ${metric.unit}`}`;
    const beside = gold === undefined || gold === null ? null : html`<small>gold: ${print(gold)}</small>`;
    const way = metric.better === null || value === null ? null : html`<small>${metric.better} is better</small>`;
    return html`<div><dt>${name}</dt><dd>${value === null ? "–" : print(value)}${value === null ? html`<small>${reason}</small>` : null}${beside ?? way}</dd></div>`;
  });
  return html`<dl class="facts">${cards}</dl>`;
}

function summaryText(datasets: readonly Shown[]): string {
  const sizes = new Set(datasets.map(({ evaluation }) => evaluation.sample.n));
  const equal =
    sizes.size === 1
      ? `Diversity is that of ${count([...sizes][0]!)} rows of each set${datasets[0]!.evaluation.gold === null ? "" : " and of gold"}, since it depends on the number of rows.`
      : "The sets were evaluated on different numbers of rows, so their diversity does not compare and nothing is marked.";
  const marked =
    datasets.length < 2
      ? ""
      : " Best marks the best dataset of a line, tied those that may be as good: their 95 % intervals overlap. Where no interval is given, small differences may be chance.";
  return `${equal} Arrows say which way is better; ranges are 95 % intervals.${marked}`;
}

function definitions(datasets: readonly Shown[]): Html {
  const facts = datasets.flatMap(({ name, facts = [], evaluation }) => {
    const { entities, labelCosine, seed, tokenizer } = evaluation;
    const all = [
      ...facts,
      ["tokeniser", tokenizer],
      ["entities", entities.value?.recogniser ?? "none"],
      ["features", labelCosine.value?.features ?? "none"],
      ["seed of the evaluation", String(seed)],
    ];
    return html`<dt><bdi>${name}</bdi></dt><dd>${all.map(([key, value]) => `${key}: ${value}`).join("; ")}</dd>`;
  });
  const terms = metrics.map(({ name, what }) => html`<dt>${name}</dt><dd>${what}</dd>`);
  const intervals = html`<dt>Intervals</dt><dd>All at 95 %. Over students: Student's t of the mean over trainings that differ in the order of the rows alone, so it is narrow. Over rows: Wilson's interval of a share, for what so many test rows leave open.</dd>`;
  return section({
    id: "definitions",
    title: "How this was made",
    what: "What each number is, and what it was computed with.",
    content: html`<dl class="definitions">${facts}${terms}${intervals}</dl>`,
  });
}
