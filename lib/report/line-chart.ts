// Lines in one plot, told apart by colour and dash.
import { chart } from "./chart.js";
import type { Html } from "./html.js";
import type { Line } from "./palette.js";

/** A line and the points that it joins, in their order. */
export interface Curve {
  readonly line: Line;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What the axes of a plot say. */
export interface Axes {
  /** Titles. */
  readonly x: string;
  readonly y: string;
  /** Of both axes; default what the data needs, from 0. */
  readonly domain?: readonly [number, number];
  /** Whether y is printed in percent; default false. */
  readonly percent?: boolean;
}

/** @param label  what a reader hears who does not see it. */
export async function lineChart(curves: readonly Curve[], axes: Axes, label: string): Promise<Html> {
  const { x, y, domain, percent = false } = axes;
  const values = curves.flatMap(({ points }, c) => points.map(([px, py], order) => ({ x: px, y: py, c, order })));
  const scale = domain === undefined ? {} : { scale: { domain } };
  const spec = {
    data: { values },
    mark: { type: "line", strokeWidth: 2, strokeJoin: "round" },
    encoding: {
      x: { field: "x", type: "quantitative", title: x, axis: { grid: false, tickCount: 6 }, ...scale },
      y: {
        field: "y",
        type: "quantitative",
        title: y,
        axis: { tickCount: 5, ...(percent ? { format: "~%" } : {}) },
        ...scale,
      },
      order: { field: "order" },
      ...lineEncoding(curves.map(({ line }) => line)),
    },
  };
  return chart(spec, { label });
}

/** Colour and dash of the lines by the field "c", which numbers them. */
export function lineEncoding(lines: readonly Line[]): { readonly color: object; readonly strokeDash: object } {
  const domain = lines.map((_, c) => c);
  const by = (range: readonly unknown[]) => ({ field: "c", type: "nominal", scale: { domain, range } });
  return { color: by(lines.map(({ colour }) => colour)), strokeDash: by(lines.map(({ dash }) => dash)) };
}
