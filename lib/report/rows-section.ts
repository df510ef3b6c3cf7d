// The rows themselves, first of all: a place for the script to search and show them in, and the first of them as plain
// markup for readers without it.

import type { Shown } from "./dataset.js";
import { type Html, html } from "./html.js";
import { hasDataMap, reasonsOf } from "./rows-data.js";
import { clip, count, section } from "./section.js";

/** How many rows a reader may have on the page at once; the first is what one has who asks for nothing. */
export const windowSizes = [20, 50, 100, 500] as const;

/** @param labels  all that rows have, the rejected ones included. */
export function rowsSection(datasets: readonly Shown[], labels: readonly string[]): Html {
  const options = (names: readonly string[]) => names.map((name, i) => html`<option value="${i}">${name}</option>`);
  const which =
    datasets.length < 2
      ? null
      : html`<select id="dataset" aria-label="Dataset"><option value="">all datasets</option>${options(datasets.map(({ name }) => name))}</select>`;
  const sizes = windowSizes.map((size) => html`<option value="${size}">${size} at a time</option>`);
  const accepted = datasets.flatMap(({ evaluated, numbers }) =>
    [...numbers.keys()].map((position) => evaluated[position]!),
  );
  const items = accepted.slice(0, windowSizes[0]).map(({ text, label }) => {
    return html`<li><div class="side"><bdi>${label}</bdi></div><div><span class="text" dir="auto">${clip(text)}</span></div></li>`;
  });
  const first =
    items.length === accepted.length
      ? rowsOf(accepted.length)
      : `The first ${count(items.length)} of ${rowsOf(accepted.length)}`;
  return section({
    id: "all-rows",
    title: "Rows",
    what: `Written by a language model: they can be wrong, biased, or copied.${leftOut(datasets)} Texts above 2,000 characters are cut.`,
    content: html`${rejectedLines(datasets)}<noscript><p class="missing">Searching, filtering and turning pages take JavaScript.</p></noscript>
<div class="controls" id="controls" hidden><input id="query" type="search" placeholder="Search the rows" aria-label="Search the rows">
<select id="label" aria-label="Label"><option value="">all labels</option>${options(labels)}</select>
<select id="state" aria-label="Which rows">${stateOptions(datasets)}</select>${which}${hasDataMap(datasets) ? order : null}
<select id="size" aria-label="Rows at a time">${sizes}</select></div>
<p class="what" id="count" role="status">${first}</p><p class="printed" id="chosen" hidden></p>
<ul class="rows" id="rows" aria-label="Rows">${items}</ul>
<div class="pager" id="pager" hidden><button id="before" type="button">Previous</button><span id="place"></span><button id="after" type="button">Next</button></div>
<details class="keys" id="keys" hidden><summary>Keys</summary><p class="what">In the rows: <kbd>j</kbd> or <kbd>↓</kbd> next row, <kbd>k</kbd> or <kbd>↑</kbd> row before, <kbd>n</kbd> or <kbd>→</kbd> next rows, <kbd>p</kbd> or <kbd>←</kbd> rows before, <kbd>Home</kbd> and <kbd>End</kbd> first and last row, <kbd>/</kbd> search. In the search: <kbd>Enter</kbd> goes to the rows, <kbd>Esc</kbd> empties it.</p></details>`,
  });
}

// What the data map shows to those who see it and have a pointer.
const order = html`<select id="order" aria-label="Order"><option value="">as written</option><option value="confidence">least learnt first</option></select>`;

const rowsOf = (rows: number) => `${count(rows)} row${rows === 1 ? "" : "s"}`;
const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

function stateOptions(datasets: readonly Shown[]): Html[] {
  const held = total(datasets.map(({ numbers }) => numbers.size));
  const alike = total(
    datasets.map(({ alike, numbers }) => [...alike.keys()].filter((position) => numbers.has(position)).length),
  );
  const rejected = datasets.flatMap(({ held }) => held);
  const reasons = reasonsOf(datasets).map((reason, i): [string, string, number] => {
    return [String(i), `rejected: ${reason}`, rejected.filter((row) => row.reason === reason).length];
  });
  const all: (readonly [value: string, name: string, rows: number])[] = [
    ["accepted", "accepted", held],
    ["alike", "near duplicates", alike],
    ...(rejected.length === 0
      ? []
      : ([
          ["rejected", "rejected", rejected.length],
          ...reasons,
          ["all", "accepted and rejected", held + rejected.length],
        ] as const)),
  ];
  return all.map(([value, name, rows]) => html`<option value="${value}">${name} (${count(rows)})</option>`);
}

// What the page has no room for.
function leftOut(datasets: readonly Shown[]): string {
  const accepted = total(datasets.map(({ evaluated }) => evaluated.length));
  const held = total(datasets.map(({ numbers }) => numbers.size));
  const rejected = total(datasets.map(({ rejected }) => rejected?.rows.length ?? 0));
  const heldRejected = total(datasets.map(({ held }) => held.length));
  const parts = [
    ...(held < accepted ? [`${count(held)} of the ${count(accepted)} rows`] : []),
    ...(heldRejected < rejected ? [`${count(heldRejected)} of the ${count(rejected)} rejected rows`] : []),
  ];
  return parts.length === 0 ? "" : ` The page holds ${parts.join(" and ")}, evenly spread over them.`;
}

// Of a run without rejected rows to show, why; a line each.
function rejectedLines(datasets: readonly Shown[]): Html[] {
  return datasets.flatMap(({ title, rejected }) => {
    const said = rejected?.lacking ?? (rejected?.rows.length === 0 ? "none" : null);
    if (said === null) return [];
    return [
      html`<p class="what">${title === null ? null : html`<bdi>${title}</bdi>: `}<b>Rejected rows</b>: ${said}.</p>`,
    ];
  });
}
