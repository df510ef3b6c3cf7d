// Curves of settings between two scores that are traded for each other, each point with its intervals and the name of
// its setting.
import { largest, least } from "../numbers/extremes.js";
import { chart } from "./chart.js";
import { lineEncoding } from "./line-chart.js";
import { datasetLine } from "./palette.js";
import { placeLabels, type Segment } from "./place-labels.js";
import { standalone } from "./standalone.js";

/** A setting: where it lies, its intervals if there are any, and what is written beside it. */
export interface FrontierPoint {
  /** Above 0. */
  readonly x: number;
  readonly y: number;
  /** Lower and upper end in each direction; null without. */
  readonly xs: readonly [number, number] | null;
  readonly ys: readonly [number, number] | null;
  readonly text: string;
}

/** Settings of one method, in the order of their strength. */
export interface FrontierCurve {
  readonly name: string;
  readonly points: readonly FrontierPoint[];
}

const plot = { width: 640, height: 400 };

/**
 * Curves of points with intervals in both directions, named by their settings; the x axis is logarithmic.
 * @param title  printed above the plot; `x` and `y` beside the axes.
 * @returns a promise of the text of an SVG file.
 * @example
 * import { frontierFigure } from "corrsynth/report";
 * const points = [{ x: 20, y: 61, xs: null, ys: null, text: "0.7" }, { x: 9, y: 58, xs: null, ys: null, text: "1" }];
 * const titles = { title: "Accuracy against Self-BLEU", x: "Self-BLEU", y: "accuracy, %" };
 * console.log((await frontierFigure([{ name: "FewGen", points }], titles)).length);
 */
export async function frontierFigure(
  curves: readonly FrontierCurve[],
  { title, x, y }: { readonly title: string; readonly x: string; readonly y: string },
): Promise<string> {
  const values = curves.flatMap(({ points }, c) =>
    points.map((point, order) => ({
      ...{ x: point.x, y: point.y, c, order, text: point.text },
      ...{ xlow: point.xs?.[0] ?? point.x, xhigh: point.xs?.[1] ?? point.x },
      ...{ ylow: point.ys?.[0] ?? point.y, yhigh: point.ys?.[1] ?? point.y },
    })),
  );
  const across = scaleOver(
    values.flatMap(({ xlow, xhigh }) => [xlow, xhigh]),
    plot.width,
    [Math.log, Math.exp],
  );
  const up = scaleOver(
    values.flatMap(({ ylow, yhigh }) => [ylow, yhigh]),
    plot.height,
  );
  const lines = curves.map(({ name }, i) => datasetLine(name, i));
  const shared = lineEncoding(lines);
  const { color } = shared;
  const ticks = niceTicks.filter((tick) => tick >= across.domain[0] && tick <= across.domain[1]);
  const onX = (field: string) => ({
    ...{ field, type: "quantitative", title: x, axis: { values: ticks, format: "~g" } },
    scale: { type: "log", domain: across.domain, nice: false },
  });
  const onY = (field: string) => ({
    ...{ field, type: "quantitative", title: y, axis: { tickCount: 6 } },
    scale: { zero: false, domain: up.domain, nice: false },
  });
  const at = { x: onX("x"), y: onY("y") };
  const { labels, leaders } = labelled(values, across, up);
  const interval = { type: "rule", opacity: 0.3 };
  const leader = { type: "rule", strokeWidth: 0.7 };
  const name = { type: "text", fontSize: 10, align: "center", baseline: "middle" };
  const layer = [
    part(values, interval, { x: onX("x"), y: onY("ylow"), y2: { field: "yhigh" }, color }),
    part(values, interval, { x: onX("xlow"), x2: { field: "xhigh" }, y: onY("y"), color }),
    part(values, { type: "line", strokeWidth: 1.8 }, { ...at, order: { field: "order" }, ...shared }),
    part(values, { type: "point", filled: true, size: 30, opacity: 1 }, { ...at, color }),
    part(leaders, leader, { x: onX("x"), x2: { field: "tox" }, y: onY("y"), y2: { field: "toy" }, color }),
    part(labels, name, { ...at, text: { field: "text" }, color }),
  ];
  return standalone(await chart({ layer }, { label: title, ...plot }), title, lines);
}

const niceTicks = [0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40];

const part = (values: readonly object[], mark: object, encoding: object) => ({ data: { values }, mark, encoding });

interface Scale {
  readonly domain: readonly [number, number];
  pixel(value: number): number;
  value(pixel: number): number;
}

type Mapping = (value: number) => number;
const same: Mapping = (value) => value;

// A scale over the values with a margin: to pixels, and back.
function scaleOver(
  values: readonly number[],
  length: number,
  [scale, inverse]: readonly [Mapping, Mapping] = [same, same],
): Scale {
  const [low, high] = [scale(least(values)), scale(largest(values))];
  const margin = 0.04 * (high - low || 1);
  const [from, to] = [low - margin, high + margin];
  return {
    domain: [inverse(from), inverse(to)],
    pixel: (value) => (length * (scale(value) - from)) / (to - from),
    value: (pixel) => inverse(from + (pixel / length) * (to - from)),
  };
}

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly c: number;
  readonly text: string;
}

// Labels where they do not overlap, and a line to the point from those that had to go farther away.
function labelled(values: readonly Placed[], across: Scale, up: Scale) {
  const points = values.map(({ x, y, text }) => ({ x: across.pixel(x), y: plot.height - up.pixel(y), text }));
  const lines = points.flatMap((a, i): Segment[] => {
    const b = values[i + 1]?.c === values[i]!.c ? points[i + 1]! : undefined;
    return b === undefined ? [] : [[a.x, a.y, b.x, b.y]];
  });
  const boxes = placeLabels(points, plot, lines);
  const back = ({ x, y }: { readonly x: number; readonly y: number }) => {
    return { x: across.value(x), y: up.value(plot.height - y) };
  };
  const labels = values.map(({ c, text }, i) => ({ c, text, ...back(boxes[i]!) }));
  const leaders = values.flatMap(({ c, x, y }, i) => {
    const { x: left, y: top, width, height } = boxes[i]!;
    const point = points[i]!;
    const nearest = {
      x: Math.max(left - width / 2, Math.min(left + width / 2, point.x)),
      y: Math.max(top - height / 2, Math.min(top + height / 2, point.y)),
    };
    if (Math.hypot(nearest.x - point.x, nearest.y - point.y) < 10) return [];
    const to = back(nearest);
    return [{ c, x, y, tox: to.x, toy: to.y }];
  });
  return { labels, leaders };
}
