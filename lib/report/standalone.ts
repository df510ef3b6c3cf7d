// A chart as an SVG file that stands alone: with the page's colours for light and dark, a title above and a legend
// below.
import { colourVariables } from "./colours.js";
import { escapeHtml, type Html } from "./html.js";
import type { Line } from "./palette.js";

/** An entry of a legend: a line, or the glyph that points are drawn as. */
export type LegendEntry = Pick<Line, "name" | "colour"> &
  ({ readonly dash: readonly number[] } | { readonly glyph: string });

const lineHeight = 17;

/**
 * @param drawn  what `chart` gave.
 * @param title  printed above the plot.
 */
export function standalone(drawn: Html, title: string, legend: readonly LegendEntry[] = []): string {
  const [, open = "", body = ""] = /<svg([^>]*)>([\s\S]*)<\/svg>/.exec(drawn.text) ?? [];
  const [width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(open) ?? []).slice(1).map(Number);
  const longest = legend.reduce((most, { name }) => Math.max(most, name.length), 0);
  const columns = Math.max(1, Math.min(3, Math.floor(width / (30 + 5.5 * longest))));
  const entries = legend.map((entry, i) => {
    const x = 14 + (i % columns) * ((width - 14) / columns);
    const y = height + 30 + Math.floor(i / columns) * lineHeight;
    return `${mark(entry, x, y)}<text x="${x + 20}" y="${y}">${escapeHtml(entry.name)}</text>`;
  });
  const below = legend.length === 0 ? 6 : Math.ceil(legend.length / columns) * lineHeight + 14;
  const whole = height + 22 + below;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" role="img">
<title>${escapeHtml(title)}</title>
<style>${colourVariables("svg")}svg { color: var(--ink); font: 11px sans-serif; } text:not([fill^=var]) { fill: currentColor; }</style>
<rect width="100%" height="100%" fill="var(--card)"/>
<text x="8" y="15" style="font-size: 12px; font-weight: 600">${escapeHtml(title)}</text>
<g transform="translate(0 18)">${body}</g>
<g>${entries.join("")}</g>
</svg>
`;
}

function mark(entry: LegendEntry, x: number, y: number): string {
  if ("glyph" in entry) return `<text x="${x}" y="${y}" style="fill: ${entry.colour}">${entry.glyph}</text>`;
  const dashes = ` stroke-dasharray="${entry.dash.join(" ")}"`;
  return `<path d="M${x} ${y - 4}h15" stroke="${entry.colour}" stroke-width="2" fill="none"${dashes}/>`;
}
