// The frame of a section: a heading, one line that says what is shown and which way is better, and its figures.
import { type Content, type Html, html } from "./html.js";

export interface Section {
  readonly id: string;
  readonly title: string;
  /** What is this, in a line or two, with its direction and its caveats. */
  readonly what: string;
  readonly content: Content;
}

/** A section with its heading. */
export function section({ id, title, what, content }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p class="what">${what}</p>${content}</section>`;
}

/** Figures side by side where there is room. */
export function grid(figures: readonly Content[]): Html {
  return html`<div class="grid">${figures}</div>`;
}

/** A figure under the name of what it shows, left out where there is but one dataset. */
export function figure(name: string | null, picture: Content, caption: Content): Html {
  return html`<figure>${name === null ? null : html`<h3><bdi>${name}</bdi></h3>`}${picture}<figcaption>${caption}</figcaption></figure>`;
}

/** 1234 as "1,234". */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A plain table. The first column holds names, the others numbers. */
export function plainTable(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): Html {
  const head = heads.map((text) => html`<th scope="col"><bdi>${text}</bdi></th>`);
  const body = rows.map(([name = "", ...cells]) => {
    return html`<tr><th scope="row"><bdi>${name}</bdi></th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table class="plain">
<caption class="hidden">${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** A text of at most 2,000 UTF-16 units, no character cut in two; "…" stands for what is left out. */
export function clip(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}…`;
}

const longest = 2000;
