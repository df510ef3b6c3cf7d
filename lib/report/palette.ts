// Colours and shapes that tell labels and datasets apart, also for readers who see few colours (after Okabe and Ito).
import { type Html, html } from "./html.js";

const colours = 8; // --c0 .. --c7 of the style sheet
const shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"] as const;
const glyphs = ["●", "■", "▲", "◆", "✚", "▼"] as const;

/** CSS colour of the i-th label or dataset. */
export function colour(i: number): string {
  return `var(--c${i % colours})`;
}

/** Class of the style sheet for text of that colour. */
export function colourClass(i: number): string {
  return `c${i % colours}`;
}

/** Shape of its points; with the colour it tells 48 labels apart, neighbours by both. */
export function shape(i: number): (typeof shapes)[number] {
  return shapes[shapeIndex(i)]!;
}

/** The same as a character, for legends. */
export function glyph(i: number): string {
  return glyphs[shapeIndex(i)]!;
}

function shapeIndex(i: number): number {
  return (i + Math.floor(i / colours)) % shapes.length;
}

/** What the points of a chart stand for. */
export function pointLegend(names: readonly string[]): Html {
  const entries = names.map(
    (name, i) =>
      html`<li><span class="${colourClass(i)}" aria-hidden="true">${glyph(i)}</span> <bdi>${name}</bdi></li>`,
  );
  return html`<ul class="legend">${entries}</ul>`;
}

/** What the lines of a chart stand for. */
export function lineLegend(lines: readonly Line[]): Html {
  const entries = lines.map(
    ({ name, style }) => html`<li><span class="line ${style}" aria-hidden="true"></span> <bdi>${name}</bdi></li>`,
  );
  return html`<ul class="legend">${entries}</ul>`;
}

/** A line of a chart. */
export interface Line {
  readonly name: string;
  /** Class of the style sheet: "gold", or "c0" to "c7". */
  readonly style: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 2, 2, 2],
  [4, 1],
] as const;

export function datasetLine(name: string, i: number): Line {
  return {
    name,
    style: `${colourClass(i)} d${i % dashes.length}`,
    colour: colour(i),
    dash: dashes[i % dashes.length]!,
  };
}

export const goldLine: Line = { name: "gold", style: "gold", colour: "currentColor", dash: [3, 3] };
