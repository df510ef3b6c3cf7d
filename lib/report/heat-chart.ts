// A matrix of labels by labels as a chart; in the page it is a table, see heat-map.ts.
import { chart } from "./chart.js";
import type { Html } from "./html.js";

/**
 * Shaded cells with their values.
 * @param options.label  what a reader hears who does not see it.
 * @param options.domain  the least and the largest value of the shades.
 */
export async function heatChart(
  labels: readonly string[],
  matrix: readonly (readonly (number | null)[])[],
  { label, domain }: { readonly label: string; readonly domain: readonly [number, number] },
): Promise<Html> {
  const values = matrix.flatMap((row, r) =>
    row.flatMap((value, c) => (value === null ? [] : [{ row: labels[r], column: labels[c], value }])),
  );
  const axis = { grid: false, labelFontSize: 9.5 };
  const cells = {
    x: { field: "column", type: "nominal", title: null, sort: labels, axis: { ...axis, labelAngle: -40 } },
    y: { field: "row", type: "nominal", title: null, sort: labels, axis },
  };
  const shade = { field: "value", type: "quantitative", title: null, scale: { domain, range: [0.04, 1] } };
  const layer = [
    { mark: { type: "rect", fill: "var(--heat)" }, encoding: { ...cells, fillOpacity: shade } },
    {
      mark: { type: "text", fontSize: 9, fill: "currentColor" },
      encoding: { ...cells, text: { field: "value", type: "quantitative", title: null, format: ".2f" } },
    },
  ];
  return chart({ data: { values }, layer }, { label, height: 260 });
}
