// An arena as one HTML page: who won and what that costs, both tables, the frontier, rows to read, and the task to go on with.
import { frontierFigure } from "../report/frontier.js";
import { type Html, html, trusted } from "../report/html.js";
import { page } from "../report/page.js";
import { count, figure, grid, plainTable, section } from "../report/section.js";
import type { LabelledText } from "../students/student.js";
import { frontierCurves } from "./frontier.js";
import { type ArenaRecord, samplesPerArm } from "./record.js";
import { columnNotes, labelCells, labelNote, tableCells, tableTitles } from "./summary.js";
import { sweepCurves } from "./sweeps.js";
import type { EqualBy } from "./tables.js";

/** What the page shows beside the figures. */
export interface PageParts {
  /** Rows of each arm to read, by its name. */
  readonly samples: ReadonlyMap<string, readonly LabelledText[]>;
  /** The task file to go on with. */
  readonly task: string;
  /** Printed at the foot. */
  readonly made: string;
}

/** Texts, names and reasons are escaped wherever they stand; the page has no script. */
export async function arenaPage(record: ArenaRecord, { samples, task, made }: PageParts): Promise<string> {
  const { words, winner, arms } = record;
  const [lead = "", ...rest] = words;
  const sections = [
    tableSection(
      record,
      "tokens",
      "Each run's first rows, as many as the tokens of the cheapest arm of its seed pay for.",
    ),
    tableSection(record, "rows", "Of each label as many rows, the first of each run."),
    await frontierSection(record),
    ...(await sweepSection(record)),
    ...labelSection(record),
    rowsSection(record, samples),
    section({
      id: "task",
      title: winner === null ? "The task" : `The task with ${winner.arm}`,
      what: winner === null ? "As it was: no arm won." : "Ready to run; the same text is in task.yaml.",
      content: html`<pre class="text">${task}</pre>`,
    }),
    section({
      id: "made",
      title: "How this was made",
      what: columnNotes(record),
      content: html`<dl class="definitions">${arms.map(({ name, why, fields }) => {
        return html`<dt><bdi>${name}</bdi></dt><dd>${why === "" ? null : `${why}: `}<code>${JSON.stringify(fields)}</code></dd>`;
      })}</dl>${notes(record)}`,
    }),
  ];
  const body = html`<header><h1>Arena</h1><p class="lead">${lead}</p>${rest.map((text) => html`<p>${text}</p>`)}</header>
<main>
${sections.map(
  (one) => html`${one}
`,
)}</main>
<footer><p>${made}</p></footer>`;
  return page("Arena", body, null);
}

function tableSection(record: ArenaRecord, equal: EqualBy, what: string): Html {
  const { heads, rows } = tableCells(record, record.tables[equal]);
  const title = tableTitles[equal];
  return section({ id: equal, title, what, content: plainTable(title, heads, rows) });
}

async function frontierSection(record: ArenaRecord): Promise<Html> {
  const what = "To the left is more varied, above is more accurate. Bars are 95 % intervals over seeds.";
  const curves = frontierCurves(record);
  const titles = {
    title: "Accuracy against Self-BLEU-5, at equal rows",
    x: "Self-BLEU-5, %",
    y: `accuracy, %, ${record.primary.trainedOn === "alone" ? "rows alone" : "rows and seeds"}`,
  };
  const content =
    curves.length === 0
      ? html`<p class="missing">There is no arm with both figures.</p>`
      : html`<div class="chart">${trusted(await frontierFigure(curves, titles))}</div>`;
  return section({ id: "frontier", title: "Diversity and accuracy", what, content });
}

// Nothing where no method has two strengths.
async function sweepSection(record: ArenaRecord): Promise<Html[]> {
  const curves = sweepCurves(record);
  if (curves.length === 0) return [];
  const titles = {
    title: "Accuracy by strength, at equal tokens",
    x: "total contrast",
    y: `accuracy, %, ${record.primary.trainedOn === "alone" ? "rows alone" : "rows and seeds"}`,
  };
  const content = html`<div class="chart">${trusted(await frontierFigure(curves, titles))}</div>`;
  const what = "Each method by how much its partners take of a row in all. Bars are 95 % intervals over seeds.";
  return [section({ id: "sweeps", title: "Strength", what, content })];
}

function labelSection(record: ArenaRecord): Html[] {
  const table = labelCells(record);
  if (table === null) return [];
  const content = plainTable("By label", table.heads, table.rows);
  return [section({ id: "labels", title: "By label", what: labelNote, content })];
}

const longest = 400; // characters of a text

function rowsSection({ arms }: ArenaRecord, samples: PageParts["samples"]): Html {
  const figures = arms.flatMap(({ name, why }) => {
    const rows = samples.get(name) ?? [];
    if (rows.length === 0) return [];
    const items = rows.map(({ label, text }) => {
      const shown = text.length <= longest ? text : `${text.slice(0, longest)}…`;
      return html`<li><small>${label}</small><span class="text" dir="auto">${shown}</span></li>`;
    });
    return [figure(name, html`<ul class="rows">${items}</ul>`, why)];
  });
  return section({
    id: "rows-of-arms",
    title: "Rows to read",
    what: `${count(samplesPerArm)} rows of each arm, drawn by seed from its first run. Written by a language model: they can be wrong, biased, or copied.`,
    content: figures.length === 0 ? html`<p class="missing">There are no rows.</p>` : grid(figures),
  });
}

function notes({ failed, leftOut }: ArenaRecord): Html | null {
  const items = [
    ...failed.map(({ arm, reason }) => html`<li><b>${arm}</b> could not be run: ${reason}</li>`),
    ...leftOut.map(({ name, reason }) => html`<li><b>${name}</b> was left out: ${reason}</li>`),
  ];
  return items.length === 0 ? null : html`<ul class="what">${items}</ul>`;
}
