import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import {
  dataMapFigure,
  type FrontierCurve,
  frontierFigure,
  heatFigure,
  lineFigure,
  mapFigure,
} from "../../../lib/report/index.js";
import { attacks } from "./evil-datasets.js";
import { parseHtml } from "./parse.js";

const attack = attacks[2]!;
const paths = (svg: string, of: RegExp) => svg.match(of)?.length ?? 0;

/** An SVG file that stands alone: its own name space, colours and title, and no markup from the names. */
function checked(svg: string, title: string): string {
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="[\d.]+" height="[\d.]+" viewBox=/);
  expect(svg).toContain(`<title>${title}</title>`);
  expect(svg).toMatch(/svg \{\s+color-scheme: light;[\s\S]*prefers-color-scheme: dark/);
  expect(svg).not.toContain(attack);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  parseHtml(svg.replace(/<(\w+)([^<>]*)\/>/g, "<$1$2></$1>"));
  return svg;
}

describe("figures", () => {
  it("draw lines, each with its dash and an entry in the legend, from the least to the largest", async () => {
    const names = ["one", "two", "three", "four", "five", `six ${attack}`];
    const series = names.map((name, i) => ({ name, points: [0, 1, 2].map((x): [number, number] => [x, i]) }));
    const svg = checked(await lineFigure(series, { title: "Lines", x: "token", y: "distance" }), "Lines");
    for (const name of names.slice(0, 5)) expect(svg).toContain(`>${name}</text>`);
    expect(svg).toContain("&lt;img"); // the sixth name, as text
    for (const dash of ["6 3", "2 2", "8 2 2 2", "4 1"]) expect(svg).toContain(`stroke-dasharray="${dash}"`);
    expect(paths(svg, /h15"/g)).toBe(6);
  });

  it("draw a frontier with its intervals, the names of its settings and none of them on another", async () => {
    const curves: FrontierCurve[] = [
      {
        name: "FewGen (T)",
        points: [
          { x: 20, y: 60, xs: [18, 22], ys: [58, 62], text: "0.7" },
          { x: 10, y: 55, xs: [9, 11], ys: null, text: "1" },
        ],
      },
      { name: "Cross (δ)", points: [{ x: 10, y: 55, xs: null, ys: null, text: "0.9" }] },
    ];
    const svg = checked(await frontierFigure(curves, { title: "Frontier", x: "Self-BLEU", y: "accuracy" }), "Frontier");
    const at = ["0.7", "1", "0.9"].map((text) => {
      const found = new RegExp(`translate\\(([\\d.]+),([\\d.]+)\\)"[^>]*>${text}</text>`).exec(svg)!;
      return found.slice(1).map(Number);
    });
    expect(Math.hypot(at[1]![0]! - at[2]![0]!, at[1]![1]! - at[2]![1]!)).toBeGreaterThan(8); // one point, two names
    expect(svg).toMatch(/>10<\/text>/); // of the logarithmic axis: 8, 10, 15, 20
  });

  it("draw cells, maps and data maps, and refuse points without a label", async () => {
    const matrix = [
      [1, 0.25],
      [0.25, 0.5],
    ];
    const heat = await heatFigure({ labels: ["cat", "dog"], matrix }, { title: "Heat", domain: [0.25, 1] });
    expect(paths(checked(heat, "Heat"), />0\.25<\/text>/g)).toBe(2);
    const points = [0, 1, 2].map((i): [number, number] => [i, i * i]);
    const map = checked(await mapFigure(points, ["cat", "dog", "cat"], { title: "Map" }), "Map");
    expect(map).toMatch(/●<\/text>.*>cat<.*■<\/text>.*>dog</);
    await expect(mapFigure(points, ["cat"], { title: "Map" })).rejects.toThrow(InvalidConfigError);
    const dataMap = { confidence: [0.9, 0.5, 0.1], variability: [0.1, 0.4, 0.1], correctness: [1, 0.5, 0] };
    const svg = checked(await dataMapFigure(dataMap, { title: "Data map" }), "Data map");
    for (const region of ["easy", "hard", "mislabelled"]) expect(svg).toContain(`fill="var(--${region})"`);
  });
});
