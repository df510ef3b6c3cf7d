// Sections on closeness to gold: lengths, MAUVE, the heat map of labels and the 2-D map.
import { largest, least } from "../numbers/extremes.js";
import { contrastChart, divergenceChart, lengthChart } from "./curves.js";
import type { Shown } from "./dataset.js";
import { heatMap } from "./heat-map.js";
import { type Html, html } from "./html.js";
import { pointLegend } from "./palette.js";
import { type MapPoint, mapChart, type Scatter } from "./scatter.js";
import { count, figure, grid, plainTable, section } from "./section.js";

export async function lengthSection(datasets: readonly Shown[]): Promise<Html> {
  const { gold } = datasets[0]!.evaluation.lengths;
  const sets = [
    ...datasets.map(({ name, evaluation: { lengths } }) => ({ name, own: lengths.rows, distance: lengths.distance })),
    ...(gold === null ? [] : [{ name: "gold", own: gold, distance: null }]),
  ];
  const number = (value: number | null | undefined) => (value === null || value === undefined ? "–" : value.toFixed(1));
  const table = plainTable(
    "Lengths in tokens",
    ["tokens", "n", "mean", "median", "5 – 95 %", "distance"],
    sets.map(({ name, own: { texts, mean, quantiles }, distance }) => [
      name,
      count(texts),
      number(mean),
      number(quantiles?.median),
      quantiles === null ? "–" : `${number(quantiles.p5)} – ${number(quantiles.p95)}`,
      number(distance?.wasserstein),
    ]),
  );
  const { tokenizer, wordRule } = datasets[0]!.evaluation;
  const tokens = `Tokens of ${tokenizer}${wordRule === null ? "" : `; ${wordRule}`}.`;
  return section({
    id: "lengths",
    title: "Lengths",
    what:
      "How long the texts are beside gold's. The distance is the mean change of length that would make them equal; " +
      "lower is closer.",
    content: grid([figure(null, await lengthChart(datasets), tokens), table]),
  });
}

export async function mauveSection(datasets: readonly Shown[]): Promise<Html | null> {
  const curve = await divergenceChart(datasets);
  if (curve === null) return null;
  const notes = datasets.flatMap(({ name, evaluation: { mauve } }) => {
    if (mauve.value === null) return [];
    const { score, n, features, scaling, buckets } = mauve.value;
    const settings = `features: ${features}; c = ${scaling}, k = ${buckets}, n = ${count(n)} of each`;
    return [html`<li><b><bdi>${name}</bdi></b>: ${(100 * score).toFixed(1)} (${settings})</li>`];
  });
  return section({
    id: "mauve",
    title: "MAUVE",
    what:
      "How close the distribution of the rows is to gold's, as the area under the curve; higher is closer, 100 is " +
      "equal, and at c = 1 " +
      "two sets with nothing in common score 50. The number depends on the model behind the features, on c, k and n: " +
      "never compare " +
      "across them. Another seed moves it by about 1; its authors advise thousands of texts.",
    content: html`${figure(null, curve, "A curve nearer to the upper right corner is closer to gold.")}<ul class="what">${notes}</ul>`,
  });
}

export function labelSection(datasets: readonly Shown[]): Html | null {
  // One scale for all, from the least to the most: a model's vectors often share a direction, and their cosines lie
  // close together.
  const values = datasets.flatMap(({ evaluation }) => evaluation.labelCosine.value?.matrix.flat() ?? []);
  const known = values.filter((value) => value !== null);
  const [lowest, highest] = [least(known), largest(known)];
  const shade = (value: number | null) =>
    value !== null && highest > lowest ? (value - lowest) / (highest - lowest) : 0;
  const figures = datasets.flatMap(({ title, evaluation: { labelCosine } }) => {
    if (labelCosine.value === null) return [];
    const { labels, matrix, features, n } = labelCosine.value;
    const map = heatMap({
      caption: "Mean cosine similarity of labels",
      corner: "",
      labels,
      shades: matrix.map((row) => row.map(shade)),
      texts: matrix.map((row) => row.map((value) => (value === null ? "–" : value.toFixed(2)))),
    });
    const scale = `Shades run from ${lowest.toFixed(2)} to ${highest.toFixed(2)}.`;
    return [figure(title, map, `n = ${count(n)}; features: ${features}. ${scale}`)];
  });
  if (figures.length === 0) return null;
  return section({
    id: "labels",
    title: "Similarity of labels",
    what:
      "Mean cosine similarity of the texts of two labels. On the diagonal, lower means a label's texts differ more; " +
      "off it, lower means " +
      "labels are further apart.",
    content: grid(figures),
  });
}

const mostPoints = 1500; // in one picture: each is an element of the page

export async function mapSection(datasets: readonly Shown[], labels: readonly string[]) {
  const scatters: Scatter[] = [];
  const figures: Html[] = [];
  for (const [d, { title, evaluated, evaluation, numbers }] of datasets.entries()) {
    const { value } = evaluation.map;
    if (value === null) continue;
    const points = value.positions.flatMap((position, i): MapPoint[] => {
      const row = numbers.get(position);
      const label = labels.indexOf(evaluated[position]!.label);
      return row === undefined ? [] : [{ row, label, point: value.points[i]! }];
    });
    const scatter = await mapChart(`map-${d}`, thin(points, mostPoints), labels.length);
    scatters.push(scatter);
    const drawn =
      scatter.rows.length < value.n
        ? `${count(scatter.rows.length)} of ${count(value.n)} points drawn`
        : `n = ${count(value.n)}`;
    figures.push(figure(title, scatter.markup, `${drawn}; UMAP of features: ${value.features}.`));
  }
  const content = html`${grid(figures)}${pointLegend(labels)}`;
  const what =
    "Rows with similar features lie together; each point is a row, shown when you point at it. Distances between far " +
    "points, axes " +
    "and orientation mean nothing, and maps of two datasets do not overlay.";
  const markup = figures.length === 0 ? null : section({ id: "map", title: "Map of the rows", what, content });
  return { scatters, markup };
}

/** At most `most` of them, evenly over the list. */
export function thin<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]!);
}

export async function contrastSection(datasets: readonly Shown[]): Promise<Html | null> {
  const drawn = await contrastChart(datasets);
  if (drawn === null) return null;
  const notes = datasets.flatMap(({ name, evaluation: { contrast } }) => {
    if (contrast.value === null) return [];
    const { n, beta } = contrast.value;
    return html`<li><bdi>${name}</bdi>: mean of ${count(n)} rows, smoothed with β = ${beta}; late tokens stand on few rows</li>`;
  });
  return section({
    id: "contrast",
    title: "Contrast",
    what:
      "How far the logits of a row and those it is contrasted with are apart, token by token: the largest difference " +
      "over the " +
      "vocabulary. A curve that stays high keeps something to contrast; one that falls to 0 has become plain sampling.",
    content: html`${figure(null, drawn, null)}<ul class="what">${notes}</ul>`,
  });
}
