// Point clouds with a row behind each point: the 2-D map and the data map.
import { correctnessBucket } from "../evaluate/cartography.js";
import { chart } from "./chart.js";
import { type Html, html } from "./html.js";
import { colour, shape } from "./palette.js";

/** A point cloud; the script shows the row's text for the point under the pointer. */
export interface Scatter {
  /** Of its element. */
  readonly id: string;
  readonly markup: Html;
  /** The row behind each point, in the order of drawing. */
  readonly rows: readonly number[];
}

/** A point of the 2-D map. */
export interface MapPoint {
  readonly row: number;
  readonly label: number;
  readonly point: readonly [x: number, y: number];
}

/**
 * The 2-D map, coloured by label.
 * @param id  of the element, for the script.
 * @param labels  how many labels there are.
 */
export async function mapChart(id: string, points: readonly MapPoint[], labels: number): Promise<Scatter> {
  const values = points.map(({ label, point: [x, y] }) => ({ x, y, label }));
  const domain = Array.from({ length: labels }, (_, i) => i);
  const axis = { scale: { zero: false, nice: false, padding: 6 }, axis: null };
  const drawn = await chart(
    {
      data: { values },
      mark: { type: "point", filled: true, size: 22, opacity: 0.75 },
      encoding: {
        x: { field: "x", type: "quantitative", ...axis },
        y: { field: "y", type: "quantitative", ...axis },
        color: { field: "label", type: "nominal", scale: { domain, range: domain.map(colour) } },
        shape: { field: "label", type: "nominal", scale: { domain, range: domain.map(shape) } },
      },
    },
    { label: `Map of ${points.length} rows in two dimensions, coloured by label`, height: 270 },
  );
  return { id, markup: html`<div class="scatter" id="${id}">${drawn}</div>`, rows: points.map(({ row }) => row) };
}

/** A point of the data map. */
export interface CartographyPoint {
  readonly row: number;
  readonly confidence: number;
  readonly variability: number;
  readonly correctness: number;
}

/** The data map: confidence over variability, coloured by correctness. */
export async function cartographyChart(id: string, points: readonly CartographyPoint[]): Promise<Scatter> {
  const values = points.map(({ confidence, variability, correctness }) => {
    const { region } = correctnessBucket(correctness);
    return { confidence, variability, region };
  });
  const regions = ["mislabelled", "hard", "easy"];
  const drawn = await chart(
    {
      data: { values },
      mark: { type: "point", filled: true, size: 22, opacity: 0.6 },
      encoding: {
        x: {
          field: "variability",
          type: "quantitative",
          title: "variability",
          scale: { domain: [0, 0.5] },
          axis: { tickCount: 5 },
        },
        y: {
          field: "confidence",
          type: "quantitative",
          title: "confidence",
          scale: { domain: [0, 1] },
          axis: { tickCount: 5 },
        },
        color: {
          field: "region",
          type: "nominal",
          scale: { domain: regions, range: regions.map((name) => `var(--${name})`) },
        },
        shape: {
          field: "region",
          type: "nominal",
          scale: { domain: regions, range: ["triangle-up", "square", "circle"] },
        },
      },
    },
    { label: `Data map of ${points.length} rows: confidence over variability`, height: 270 },
  );
  return { id, markup: html`<div class="scatter" id="${id}">${drawn}</div>`, rows: points.map(({ row }) => row) };
}
