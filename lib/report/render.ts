// The report: one HTML file that shows evaluations side by side, asks nothing of any network, and runs one script of
// its own.
import { InvalidConfigError } from "../errors.js";
import { metrics } from "../evaluate/metrics.js";
import { allLabels, type NamedEvaluation, type Shown, shownDatasets } from "./dataset.js";
import { diversitySection, duplicatesSection, entitySection, rowFacts } from "./diversity-sections.js";
import { frontierSection } from "./frontier-section.js";
import { contrastSection, labelSection, lengthSection, mapSection, mauveSection } from "./gold-sections.js";
import { type Html, html } from "./html.js";
import { labelWordsSection } from "./label-words-section.js";
import { missingSection } from "./missing-section.js";
import { page } from "./page.js";
import { dataElement, pageData, rowLabels } from "./rows-data.js";
import { rowsSection } from "./rows-section.js";
import { script } from "./script.js";
import { count, section } from "./section.js";
import { headline, summarySection } from "./summary.js";
import { cartographySection, studentSection } from "./training-sections.js";
import { yardsticksSection } from "./yardsticks-section.js";

/** What a report says of itself, and how much it holds. */
export interface ReportOptions {
  /** Heading of the page; default the name of the dataset, or "Comparison of n datasets". */
  readonly title?: string;
  /** Printed at the foot, e.g. the program with its version, and the date. */
  readonly made?: string;
  /** Most rows that the page holds, over all datasets, and most rejected ones, an integer from 0; default 10000. */
  readonly maxRows?: number;
}

/**
 * A self-contained HTML page of one or several evaluations. Texts, labels and names are escaped wherever they stand; a
 * content security policy forbids all but its own script and styles. Several evaluations compare where they have one
 * `sample.n`.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG without an evaluation.
 * @example
 * import { evaluate } from "corrsynth/evaluate";
 * import { renderReport } from "corrsynth/report";
 * const rows = ["red apple", "green leaf"].map((text, i) => ({ text, label: String(i) }));
 * const page = await renderReport([{ name: "tiny", evaluation: await evaluate(rows), rows }]);
 * await writeFile("report.html", page);
 * console.log(page.includes("2 rows of 2 labels")); // true
 */
export async function renderReport(datasets: readonly NamedEvaluation[], options: ReportOptions = {}): Promise<string> {
  if (datasets.length === 0) {
    throw new InvalidConfigError([{ path: "datasets", message: "Expected at least one evaluation, received none" }]);
  }
  const shown = shownDatasets(datasets, options.maxRows ?? 10_000);
  const labels = allLabels(datasets);
  const map = await mapSection(shown, labels);
  const cartography = await cartographySection(shown);
  const scatters = [...map.scatters, ...cartography.scatters];
  const title = options.title ?? (shown.length === 1 ? shown[0]!.name : `Comparison of ${shown.length} datasets`);
  const labelsOfRows = rowLabels(shown, labels);
  const sections = [
    part("all-rows", "Rows", rowsSection(shown, labelsOfRows)),
    part("summary", "Summary", summarySection(shown)),
    part("yardsticks", "Yardsticks", yardsticksSection(shown)),
    part("frontier", "Frontier", await frontierSection(shown)),
    part("students", "Students", studentSection(shown)),
    part("cartography", "Data map", cartography.markup),
    part("diversity", "Diversity", diversitySection(shown)),
    part("duplicates", "Duplicates", duplicatesSection(shown)),
    part("label-words", "Label's words", labelWordsSection(shown)),
    part("mauve", "MAUVE", await mauveSection(shown)),
    part("labels", "Labels", labelSection(shown)),
    part("map", "Map", map.markup),
    part("lengths", "Lengths", await lengthSection(shown)),
    part("entities", "Entities", entitySection(shown)),
    part("contrast", "Contrast", await contrastSection(shown)),
    part("missing", "Not computed", missingSection(shown)),
    part("definitions", "Definitions", definitions(shown)),
  ].flat();
  const links = sections.map(({ id, name }) => html`<a href="#${id}">${name}</a>`);
  const body = html`${header(shown, title, links)}
<main>
${sections.map(
  ({ markup }) => html`${markup}
`,
)}</main>
<footer><p>${options.made ?? null}</p></footer>
${dataElement(pageData(shown, labelsOfRows, scatters))}`;
  return page(title, body, script);
}

interface Part {
  readonly id: string;
  readonly name: string;
  readonly markup: Html;
}

// A section with its name in the navigation; none where there is nothing to show.
function part(id: string, name: string, markup: Html | null): Part[] {
  return markup === null ? [] : [{ id, name, markup }];
}

function header(datasets: readonly Shown[], title: string, links: readonly Html[]): Html {
  const notes = datasets.flatMap(({ name, title, notes = [] }) =>
    notes.map((note) => html`<li>${title === null ? null : html`<bdi>${name}</bdi>: `}${note}</li>`),
  );
  const sizes = datasets.map(({ name, title, evaluation }) => {
    const { rows, gold } = rowFacts(evaluation);
    const labels = count(Object.keys(evaluation.rows.labels).length);
    const whose = title === null ? null : html`<bdi>${name}</bdi>: `;
    const beside = gold === null ? "without gold" : `beside ${gold} gold rows`;
    return html`<p class="lead">${whose}${rows} rows of ${labels} labels, ${beside}</p>`;
  });
  return html`<header><h1><bdi>${title}</bdi></h1>${sizes}
${notes.length === 0 ? null : html`<ul class="notes">${notes}</ul>`}
${datasets.length === 1 ? headline(datasets[0]!.evaluation) : null}
<nav aria-label="Sections">${links}</nav></header>`;
}

function definitions(datasets: readonly Shown[]): Html {
  const facts = datasets.flatMap(({ name, facts = [], evaluation }) => {
    const { entities, labelCosine, seed, tokenizer, wordRule } = evaluation;
    const all = [
      ...facts,
      ["tokeniser", wordRule === null ? tokenizer : `${tokenizer}; ${wordRule}`],
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
