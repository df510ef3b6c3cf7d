// Charts of the report as SVG files that stand alone: with its colours for light and dark pages, and a legend below.
import { chart } from "../../dist/report/chart.js";
import { escapeHtml } from "../../dist/report/html.js";
import { style } from "../../dist/report/style.js";

const colours = style.slice(0, style.indexOf("* {")).replaceAll(":root", "svg");
const line = 17;

/**
 * @param markup  what chart, mapChart or cartographyChart gave.
 * @param legend  { name, colour, dash or glyph } of what is drawn.
 */
export function standalone(markup, { title, legend = [] }) {
  const [, open, body] = /<svg([^>]*)>([\s\S]*)<\/svg>/.exec(markup.text);
  const [width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(open).slice(1).map(Number);
  const longest = Math.max(0, ...legend.map(({ name }) => name.length));
  const columns = Math.max(1, Math.min(3, Math.floor(width / (30 + 5.5 * longest))));
  const entries = legend.map((entry, i) => {
    const x = 14 + (i % columns) * ((width - 14) / columns);
    const y = height + 30 + Math.floor(i / columns) * line;
    return `${mark(entry, x, y)}<text x="${x + 20}" y="${y}">${escapeHtml(entry.name)}</text>`;
  });
  const whole = height + 22 + (legend.length === 0 ? 6 : Math.ceil(legend.length / columns) * line + 14);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" role="img">
<title>${escapeHtml(title)}</title>
<style>${colours}svg { color: var(--ink); font: 11px sans-serif; } text { fill: currentColor; }</style>
<rect width="100%" height="100%" fill="var(--card)"/>
<text x="8" y="15" style="font-size: 12px; font-weight: 600">${escapeHtml(title)}</text>
<g transform="translate(0 18)">${body}</g>
<g>${entries.join("")}</g>
</svg>
`;
}

function mark({ colour, dash, glyph }, x, y) {
  if (glyph !== undefined) return `<text x="${x}" y="${y}" style="fill: ${colour}">${glyph}</text>`;
  const dashes = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
  return `<path d="M${x} ${y - 4}h15" stroke="${colour}" stroke-width="2" fill="none"${dashes}/>`;
}

const quantitative = (field, title, extra = {}) => ({ field, type: "quantitative", title, ...extra });
const range = (n) => Array.from({ length: n }, (_, i) => i);
const colour = (i) => `var(--c${i % 8})`;
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 2, 2, 2],
  [4, 1],
];

/** Lines, one a series of [x, y] points. */
export async function lines(series, { title, x, y, zero = true }) {
  const values = series.flatMap(({ points }, c) => points.map(([px, py], order) => ({ x: px, y: py, c, order })));
  const markup = await chart(
    {
      data: { values },
      mark: { type: "line", strokeWidth: 2, strokeJoin: "round" },
      encoding: {
        x: quantitative("x", x, { axis: { grid: false, tickCount: 6 } }),
        y: quantitative("y", y, { axis: { tickCount: 5 }, scale: { zero } }),
        order: { field: "order" },
        ...seriesColours(series.length),
      },
    },
    { label: title },
  );
  return standalone(markup, { title, legend: series.map(({ name }, i) => legendOf(name, i)) });
}

/**
 * Curves of points with intervals in both directions, named by their settings.
 * @param curves  { name, points: [{ x, y, xs, ys, text }] }: xs and ys are intervals or null.
 */
export async function frontier(curves, { title, x, y }) {
  const values = curves.flatMap(({ points }, c) =>
    points.map((point, order) => ({
      ...{ x: point.x, y: point.y, c, order, text: point.text },
      ...{ xlow: point.xs?.[0] ?? point.x, xhigh: point.xs?.[1] ?? point.x },
      ...{ ylow: point.ys?.[0] ?? point.y, yhigh: point.ys?.[1] ?? point.y },
    })),
  );
  const shared = seriesColours(curves.length);
  const px = quantitative("x", x, { scale: { zero: false }, axis: { tickCount: 6 } });
  const py = quantitative("y", y, { scale: { zero: false }, axis: { tickCount: 6 } });
  const { color } = shared;
  const markup = await chart(
    {
      data: { values },
      layer: [
        {
          mark: { type: "rule", opacity: 0.35 },
          encoding: { x: px, y: quantitative("ylow", y, { scale: { zero: false } }), y2: { field: "yhigh" }, color },
        },
        {
          mark: { type: "rule", opacity: 0.35 },
          encoding: { x: quantitative("xlow", x, { scale: { zero: false } }), x2: { field: "xhigh" }, y: py, color },
        },
        { mark: { type: "line", strokeWidth: 1.8 }, encoding: { x: px, y: py, order: { field: "order" }, ...shared } },
        { mark: { type: "point", filled: true, size: 26, opacity: 1 }, encoding: { x: px, y: py, color } },
        {
          mark: { type: "text", fontSize: 8, dx: 4, dy: -6, align: "left" },
          encoding: { x: px, y: py, text: { field: "text" }, color },
        },
      ],
    },
    { label: title, height: 300 },
  );
  return standalone(markup, { title, legend: curves.map(({ name }, i) => legendOf(name, i)) });
}

/** A square of shaded cells. */
export async function heatMap(labels, matrix, { title, domain }) {
  const values = matrix.flatMap((row, r) => row.map((value, c) => ({ row: labels[r], column: labels[c], value })));
  const axis = { grid: false, labelFontSize: 9.5 };
  const cells = {
    x: { field: "column", type: "nominal", title: null, sort: labels, axis: { ...axis, labelAngle: -40 } },
    y: { field: "row", type: "nominal", title: null, sort: labels, axis },
  };
  const markup = await chart(
    {
      data: { values },
      layer: [
        {
          mark: { type: "rect", fill: "var(--heat)" },
          encoding: {
            ...cells,
            fillOpacity: quantitative("value", null, { scale: { domain, range: [0.04, 1] } }),
          },
        },
        {
          mark: { type: "text", fontSize: 9, fill: "currentColor" },
          encoding: { ...cells, text: quantitative("value", null, { format: ".2f" }) },
        },
      ],
    },
    { label: title, height: 260 },
  );
  return standalone(markup, { title });
}

function seriesColours(n) {
  const scale = (values) => ({ domain: range(n), range: range(n).map(values) });
  return {
    color: { field: "c", type: "nominal", scale: scale(colour) },
    strokeDash: { field: "c", type: "nominal", scale: scale((i) => dashes[i % dashes.length]) },
  };
}

function legendOf(name, i) {
  return { name, colour: colour(i), dash: dashes[i % dashes.length].join(" ") };
}
