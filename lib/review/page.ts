// The page of a review: an empty frame, which its script fills with rows as text.
import { createHash } from "node:crypto";
import { html, trusted } from "../report/html.js";
import { style } from "../report/style.js";
import { script } from "./script.js";

const own = `
.rows li { grid-template-columns: minmax(6rem, 11rem) 1fr auto; align-items: start; padding: 0.6rem 0.5rem; border-radius: 8px; }
.rows li:focus { outline: 2px solid var(--accent); outline-offset: -2px; background: var(--tint); }
.rows li.rejected .text { text-decoration: line-through; color: var(--soft); }
.rows textarea { width: 100%; min-height: 6rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--rule); border-radius: 9px; padding: 0.5rem; }
.rows select, .rows button { min-height: 2.2rem; padding: 0.2rem 0.6rem; font-size: 0.86rem; }
.rows select { width: 100%; }
.tools { display: flex; flex-wrap: wrap; gap: 0.3rem; justify-content: flex-end; }
.was { color: var(--soft); font-size: 0.82rem; display: block; margin-top: 0.3rem; overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: isolate; }
.replay { grid-column: 1 / -1; overflow-x: auto; }
.replay table { border-collapse: collapse; font-size: 0.84rem; }
.replay th, .replay td { text-align: right; padding: 0.1rem 0.7rem 0.1rem 0; font-variant-numeric: tabular-nums; }
.replay th:first-child, .replay td:first-child, .replay td:last-child { text-align: left; }
.replay td:first-child { font-family: ui-monospace, monospace; white-space: pre; unicode-bidi: isolate; }
.controls { position: sticky; top: 0; z-index: 2; background: var(--card); padding: 0.5rem 0; }
#trouble { background: var(--warn-tint); color: var(--warn); padding: 0.7rem 1rem; border-radius: 10px; }
.keys { columns: 2 16rem; padding-left: 0; list-style: none; font-size: 0.92rem; }
@media (max-width: 40rem) { .rows li { grid-template-columns: 1fr; } .tools { justify-content: flex-start; } .controls { position: static; } }
`;

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const styles = style + own;

/** Nothing but this page's own script and styles runs, it asks this server alone, and stands in no frame. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy":
    `default-src 'none'; script-src ${hash(script)}; style-src ${hash(styles)}; connect-src 'self'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

const keys = [
  ["j ↓, k ↑", "next row, row before"],
  ["x", "reject the row, or take it back"],
  ["1 … 9", "give it the first, second, … label"],
  ["e", "edit its text; Ctrl Enter saves, Esc leaves it"],
  ["t", "make it again, beside the same prompt without contrast, and show what the contrast did to its tokens"],
  ["u", "undo what this page decided last"],
  ["/", "search"],
] as const;

/** @param name  of the run, for title and heading. */
export function reviewPage(name: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Review of ${name}</title>
<style>${trusted(styles)}</style>
</head>
<body>
<header><h1>Review of <bdi>${name}</bdi></h1>
<p class="lead" id="state" role="status">Reading rows …</p>
<p id="trouble" role="alert" hidden></p>
<details><summary>Keys</summary><ul class="keys">${keys.map(([key, what]) => html`<li><kbd>${key}</kbd> ${what}</li>`)}</ul></details>
</header>
<main><section aria-labelledby="rows-title"><h2 id="rows-title">Rows</h2>
<p class="what">Written by a language model: they can be wrong, biased, or copied. What you decide is saved at once, in review.jsonl; export and evaluate go by it.</p>
<div class="controls"><input id="query" type="search" placeholder="Search the rows" aria-label="Search the rows">
<select id="label" aria-label="Label"><option value="">all labels</option></select>
<select id="which" aria-label="Which rows"><option value="">all rows</option><option value="open">not rejected</option><option value="rejected">rejected by you</option><option value="changed">relabelled or edited</option><option value="refused">refused by the filters</option></select>
<button id="undo" type="button" disabled>Undo</button></div>
<p class="what" id="count" role="status"></p>
<ul class="rows" id="rows"></ul>
<p><button id="more" type="button" hidden>Show more</button></p></section></main>
<script>${trusted(script)}</script>
</body>
</html>
`.text;
}
