// Charts: Vega-Lite specifications drawn to SVG here, so that a report needs no chart library of its own.
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { type Html, html, trusted } from "./html.js";

/** Width of a plot in CSS pixels; the page scales it to its column, so text keeps a readable size on a phone. */
export const chartWidth = 330;

// Colours are CSS variables or the text's own, so one picture serves a light and a dark page. Legends are HTML beside
// it.
const config = {
  background: "transparent",
  view: { stroke: null },
  font: "sans-serif",
  axis: {
    domain: false,
    ticks: false,
    grid: true,
    gridColor: "currentColor",
    gridOpacity: 0.13,
    labelColor: "currentColor",
    labelFontSize: 10.5,
    labelOpacity: 0.8,
    labelPadding: 6,
    titleColor: "currentColor",
    titleFontSize: 11,
    titleFontWeight: 500,
    titlePadding: 8,
  },
  legend: { disable: true },
} as const;

/**
 * A chart as an SVG element that fills its column.
 * @param spec  Vega-Lite, without width, height and config. Labels of the data belong into legends outside of it.
 * @param options.label  what a reader hears who does not see it.
 * @param options.width  of the plot without its axes, as `height` in CSS pixels; default {@link chartWidth}, and 220
 * high.
 */
export async function chart(
  spec: object,
  options: { readonly label: string; readonly width?: number; readonly height?: number },
): Promise<Html> {
  const whole = { width: options.width ?? chartWidth, height: options.height ?? 220, padding: 4, ...spec, config };
  const view = new View(parse(compile(whole as unknown as TopLevelSpec).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return html`<div class="chart" role="img" aria-label="${options.label}">${trusted(shorten(svg))}</div>`;
}

// Coordinates to a hundredth of a pixel, and no roles and labels on every group and mark: half the size, and nothing for a
// screen reader to stumble through behind the label.
function shorten(svg: string): string {
  return svg
    .replace(/(\.\d\d)\d+/g, "$1")
    .replace(/ (?:role|aria-label|aria-roledescription|aria-hidden)="[^"]*"/g, "")
    .replace(/ width="\d+(?:\.\d+)?" height="\d+(?:\.\d+)?" viewBox/, ' aria-hidden="true" viewBox');
}
