// Charts of the report as SVG files that stand alone: with its colours for light and dark pages, and a legend below.
import { chart } from "../../dist/report/chart.js";
import { escapeHtml } from "../../dist/report/html.js";
import { style } from "../../dist/report/style.js";
import { placeLabels } from "./labels.mjs";

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
<style>${colours}svg { color: var(--ink); font: 11px sans-serif; } text:not([fill^=var]) { fill: currentColor; }</style>
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

const plot = { width: 640, height: 400 };

/**
 * Curves of points with intervals in both directions, named by their settings; the x axis is logarithmic.
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
  const across = axis(
    values.flatMap(({ xlow, xhigh }) => [xlow, xhigh]),
    plot.width,
    Math.log,
    Math.exp,
  );
  const up = axis(
    values.flatMap(({ ylow, yhigh }) => [ylow, yhigh]),
    plot.height,
  );
  const shared = seriesColours(curves.length);
  const { color } = shared;
  const ticks = [2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40].filter(
    (tick) => tick >= across.domain[0] && tick <= across.domain[1],
  );
  const scaleX = { type: "log", domain: across.domain, nice: false };
  const onX = (field) => quantitative(field, x, { scale: scaleX, axis: { values: ticks, format: "~g" } });
  const onY = (field) =>
    quantitative(field, y, { scale: { zero: false, domain: up.domain, nice: false }, axis: { tickCount: 6 } });
  const { labels, leaders } = labelled(values, across, up);
  const markup = await chart(
    {
      layer: [
        layer(values, { type: "rule", opacity: 0.3 }, { x: onX("x"), y: onY("ylow"), y2: { field: "yhigh" }, color }),
        layer(values, { type: "rule", opacity: 0.3 }, { x: onX("xlow"), x2: { field: "xhigh" }, y: onY("y"), color }),
        layer(
          values,
          { type: "line", strokeWidth: 1.8 },
          { x: onX("x"), y: onY("y"), order: { field: "order" }, ...shared },
        ),
        layer(values, { type: "point", filled: true, size: 30, opacity: 1 }, { x: onX("x"), y: onY("y"), color }),
        layer(
          leaders,
          { type: "rule", strokeWidth: 0.7 },
          { x: onX("x"), x2: { field: "tox" }, y: onY("y"), y2: { field: "toy" }, color },
        ),
        layer(
          labels,
          { type: "text", fontSize: 10, align: "center", baseline: "middle" },
          { x: onX("x"), y: onY("y"), text: { field: "text" }, color },
        ),
      ],
    },
    { label: title, ...plot },
  );
  return standalone(markup, { title, legend: curves.map(({ name }, i) => legendOf(name, i)) });
}

const layer = (values, mark, encoding) => ({ data: { values }, mark, encoding });

// A scale over the values with a margin: to pixels, and back.
function axis(values, length, scale = (value) => value, inverse = (value) => value) {
  const [low, high] = [scale(Math.min(...values)), scale(Math.max(...values))];
  const margin = 0.04 * (high - low || 1);
  const [from, to] = [low - margin, high + margin];
  return {
    domain: [inverse(from), inverse(to)],
    pixel: (value) => (length * (scale(value) - from)) / (to - from),
    value: (pixel) => inverse(from + (pixel / length) * (to - from)),
  };
}

// Labels where they do not overlap, and a line to the point from those that had to go farther away.
function labelled(values, across, up) {
  const points = values.map(({ x, y, text }) => ({ x: across.pixel(x), y: plot.height - up.pixel(y), text }));
  const isNext = (i) => values[i + 1]?.c === values[i].c;
  const lines = points.flatMap((a, i) => (isNext(i) ? [[a.x, a.y, points[i + 1].x, points[i + 1].y]] : []));
  const boxes = placeLabels(points, plot, lines);
  const back = ({ x, y }) => ({ x: across.value(x), y: up.value(plot.height - y) });
  const labels = values.map(({ c, text }, i) => ({ c, text, ...back(boxes[i]) }));
  const leaders = values.flatMap(({ c, x, y }, i) => {
    const { x: left, y: top, width, height } = boxes[i];
    const nearest = {
      x: Math.max(left - width / 2, Math.min(left + width / 2, points[i].x)),
      y: Math.max(top - height / 2, Math.min(top + height / 2, points[i].y)),
    };
    if (Math.hypot(nearest.x - points[i].x, nearest.y - points[i].y) < 10) return [];
    const to = back(nearest);
    return [{ c, x, y, tox: to.x, toy: to.y }];
  });
  return { labels, leaders };
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
