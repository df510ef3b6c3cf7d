// Matrices as tables with shaded cells: they can be read, copied, heard and printed, and take the page's colours.
import { type Html, html } from "./html.js";

export interface HeatMap {
  /** What rows and columns are, for the corner and for readers who hear it. */
  readonly caption: string;
  readonly corner: string;
  readonly labels: readonly string[];
  /** Shade of each cell, 0..1. */
  readonly shades: readonly (readonly number[])[];
  /** What stands in it. */
  readonly texts: readonly (readonly string[])[];
}

/** A heat map of labels by labels. Column heads are numbered where there are many. */
export function heatMap({ caption, corner, labels, shades, texts }: HeatMap): Html {
  const numbered = labels.length > 6;
  const heads = labels.map((label, c) => {
    return html`<th scope="col" title="${label}">${numbered ? html`<abbr title="${label}">${c + 1}</abbr>` : html`<bdi>${label}</bdi>`}</th>`;
  });
  const rows = labels.map((label, r) => {
    const cells = labels.map((other, c) => {
      const shade = Math.min(1, Math.max(0, shades[r]![c]!));
      const style = `--v:${Math.round(shade * 100)}%`;
      return html`<td style="${style}" title="${label} × ${other}">${texts[r]![c]!}</td>`;
    });
    return html`<tr><th scope="row">${numbered ? html`<span class="no">${r + 1}</span> ` : null}<bdi>${label}</bdi></th>${cells}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table class="heat"><caption class="hidden">${caption}</caption>
<thead><tr><th scope="col">${corner}</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
