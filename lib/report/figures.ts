// Pictures of evaluations as SVG files that stand alone, drawn by the report's charts: for papers, pages and slides.
import { invalidField } from "../errors.js";
import type { CartographyFigures } from "../evaluate/evaluation.js";
import type { LabelCosine } from "../evaluate/label-cosine.js";
import { heatChart } from "./heat-chart.js";
import { type Axes, lineChart } from "./line-chart.js";
import { colour, datasetLine, glyph } from "./palette.js";
import { cartographyChart, mapChart } from "./scatter.js";
import { standalone } from "./standalone.js";

/** A named row of points, to be joined by a line. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/**
 * Lines with a legend.
 * @param title  printed above the plot; `x` and `y` beside the axes.
 * @returns a promise of the text of an SVG file.
 * @example
 * import { lineFigure } from "corrsynth/report";
 * const titles = { title: "Contrast", x: "token", y: "distance" };
 * const svg = await lineFigure([{ name: "Cross", points: [[0, 4], [1, 3]] }], titles);
 * console.log(svg.startsWith("<svg")); // true
 */
export async function lineFigure(
  series: readonly Series[],
  { title, ...axes }: Axes & { readonly title: string },
): Promise<string> {
  const curves = series.map(({ name, points }, i) => ({ line: datasetLine(name, i), points }));
  const drawn = await lineChart(curves, axes, title);
  return standalone(
    drawn,
    title,
    curves.map(({ line }) => line),
  );
}

/**
 * Labels by labels as shaded cells with their values.
 * @param domain  the least and the largest value of the shades, one scale for all pictures that are to be compared.
 * @returns a promise of the text of an SVG file.
 * @example
 * import { heatFigure } from "corrsynth/report";
 * const cosines = { labels: ["cat", "dog"], matrix: [[1, 0.2], [0.2, 0.9]] };
 * const svg = await heatFigure(cosines, { title: "Similarity of labels", domain: [0, 1] });
 * console.log(svg.includes("0.20")); // true
 */
export async function heatFigure(
  { labels, matrix }: LabelCosine,
  { title, domain }: { readonly title: string; readonly domain: readonly [number, number] },
): Promise<string> {
  return standalone(await heatChart(labels, matrix, { label: title, domain }), title);
}

/**
 * The 2-D map of texts, coloured by label.
 * @param points  as `umap` gives them, one for each of `labels`.
 * @param names  all labels, in the order of their colours; default those of `labels`, sorted.
 * @returns a promise of the text of an SVG file.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there are not as many points as labels.
 * @example
 * import { mapFigure } from "corrsynth/report";
 * console.log((await mapFigure([[0, 1], [2, 0]], ["cat", "dog"], { title: "Map" })).length);
 */
export async function mapFigure(
  points: readonly (readonly [x: number, y: number])[],
  labels: readonly string[],
  { title, names = [...new Set(labels)].sort() }: { readonly title: string; readonly names?: readonly string[] },
): Promise<string> {
  if (points.length !== labels.length) {
    throw invalidField("labels", `Expected one for each of ${points.length} points, received ${labels.length}`);
  }
  const number = new Map(names.map((name, i) => [name, i]));
  const marks = points.map((point, row) => ({ row, label: number.get(labels[row]!) ?? names.length, point }));
  const { markup } = await mapChart("map", marks, names.length);
  const legend = names.map((name, i) => ({ name, colour: colour(i), glyph: glyph(i) }));
  return standalone(markup, title, legend);
}

/**
 * The data map: confidence over variability, coloured by how often a row's label was predicted.
 * @returns a promise of the text of an SVG file.
 * @example
 * import { dataMapFigure } from "corrsynth/report";
 * const rows = { confidence: [0.9, 0.2], variability: [0.1, 0.3], correctness: [1, 0.2] };
 * console.log((await dataMapFigure(rows, { title: "Data map" })).length);
 */
export async function dataMapFigure(
  { confidence, variability, correctness }: Omit<CartographyFigures, "student" | "n">,
  { title }: { readonly title: string },
): Promise<string> {
  const points = confidence.map((value, row) => {
    return { row, confidence: value, variability: variability[row]!, correctness: correctness[row]! };
  });
  const { markup } = await cartographyChart("cartography", points);
  const regions = { easy: "●", hard: "■", mislabelled: "▲" };
  const legend = Object.entries(regions).map(([name, glyph]) => ({ name, glyph, colour: `var(--${name})` }));
  return standalone(markup, title, legend);
}
