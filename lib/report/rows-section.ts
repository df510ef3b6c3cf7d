// The rows themselves: as data for the script to search, and the first of them as plain markup for readers without it.
import type { Shown } from "./dataset.js";
import { clip } from "./diversity-sections.js";
import { type Html, html, inlineJson } from "./html.js";
import type { Scatter } from "./scatter.js";
import { count, section } from "./section.js";

const withoutScript = 20;

export function rowsSection(datasets: readonly Shown[], labels: readonly string[]): Html {
  const all = datasets.reduce((sum, { evaluated }) => sum + evaluated.length, 0);
  const held = datasets.reduce((sum, { numbers }) => sum + numbers.size, 0);
  const options = (names: readonly string[]) => names.map((name, i) => html`<option value="${i}">${name}</option>`);
  const which =
    datasets.length < 2
      ? null
      : html`<select id="dataset" aria-label="Dataset"><option value="">all datasets</option>${options(datasets.map(({ name }) => name))}</select>`;
  const first = datasets.flatMap(({ evaluated, numbers }) =>
    [...numbers.keys()].map((position) => evaluated[position]!),
  );
  const items = first.slice(0, withoutScript).map(({ text, label }) => {
    return html`<li><small>${label}</small><span class="text" dir="auto">${clip(text)}</span></li>`;
  });
  const bound = held < all ? ` The page holds ${count(held)} of the ${count(all)} rows, evenly spread over them.` : "";
  return section({
    id: "all-rows",
    title: "Rows",
    what: `Written by a language model: they can be wrong, biased, or copied.${bound} Texts above 2,000 characters are cut.`,
    content: html`<div class="controls" hidden><input id="query" type="search" placeholder="Search the rows" aria-label="Search the rows">
<select id="label" aria-label="Label"><option value="">all labels</option>${options(labels)}</select>${which}</div>
<p class="what" id="count" role="status">The first ${count(items.length)} rows</p><ul class="rows" id="rows">${items}</ul><p><button id="more" type="button" hidden>Show more</button></p>`,
  });
}

/** The data block that the script reads. */
export function rowsData(
  datasets: readonly Shown[],
  labels: readonly string[],
  scatters: readonly [id: string, Scatter][],
): Html {
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const rows = datasets.flatMap(({ evaluated, numbers: held }, d) =>
    [...held.keys()].map((position) => {
      const { text, label } = evaluated[position]!;
      return [d, numbers.get(label)!, clip(text)];
    }),
  );
  const data = {
    datasets: datasets.map(({ name }) => name),
    labels,
    rows,
    points: Object.fromEntries(scatters.map(([id, scatter]) => [id, scatter.rows])),
  };
  return html`<script type="application/json" id="data">${inlineJson(data)}</script>`;
}
