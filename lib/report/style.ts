// The report's style sheet. Everything is drawn with the variables at its top; a printed page is always a light one.
import { colourVariables } from "./colours.js";

export const style = `${colourVariables(":root")}* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main, header, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 {
  font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 0.4rem;
  overflow-wrap: anywhere;
}
h2 { font-size: 1.25rem; letter-spacing: -0.01em; margin: 0 0 0.25rem; }
h3 { font-size: 0.95rem; margin: 0 0 0.5rem; overflow-wrap: anywhere; }
p { margin: 0 0 0.75rem; max-width: 46rem; }
a { color: var(--accent); text-underline-offset: 2px; }
small { font-size: 0.78rem; line-height: 1.4; color: var(--soft); }
.lead { color: var(--soft); font-size: 1.02rem; margin-bottom: 0.15rem; }
.what { color: var(--soft); font-size: 0.92rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; margin: 1rem 0 0; font-size: 0.92rem; }
nav a { padding: 0.2rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
section {
  background: var(--card); border: 1px solid var(--rule); border-radius: 14px; padding: 1.4rem 1.5rem;
  margin: 1.25rem 0; scroll-margin-top: 1rem;
}
.grid {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1.5rem 2rem;
  align-items: start;
}
.grid > * { min-width: 0; }
figure { margin: 0; max-width: 31rem; }
figure.broad { max-width: 46rem; }
figcaption ul { margin: 0.4rem 0 0; padding-left: 1.2rem; }
figcaption { color: var(--soft); font-size: 0.82rem; margin-top: 0.4rem; }
.facts {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: 0.75rem;
  margin: 1.25rem 0 0;
}
.facts div { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 0.8rem 1rem; }
.facts dt { color: var(--soft); font-size: 0.82rem; }
.facts dd {
  margin: 0; font-size: 1.5rem; font-weight: 620; letter-spacing: -0.02em; font-variant-numeric: tabular-nums;
  line-height: 1.3;
}
.facts small { display: block; letter-spacing: 0; font-weight: 400; }
.notes {
  list-style: none; margin: 1rem 0 0; padding: 0.7rem 1rem; background: var(--warn-tint); color: var(--warn);
  border-radius: 10px; font-size: 0.92rem;
}
.notes li { margin: 0.15rem 0; overflow-wrap: anywhere; }
.missing {
  color: var(--soft); background: var(--tint); border-radius: 10px; padding: 0.7rem 1rem; font-size: 0.92rem;
  max-width: none; margin: 0;
}
.scroll { overflow-x: auto; -webkit-overflow-scrolling: touch; border-radius: 6px; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
th { font-weight: 550; text-align: left; }
th, td { padding: 0.45rem 0.7rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th {
  font-size: 0.82rem; color: var(--soft); vertical-align: bottom; max-width: 14rem; overflow-wrap: break-word;
}
tbody:last-child tr:last-child > * { border-bottom: 0; }
td { text-align: right; }
td small, th small { display: block; font-weight: 400; }
.summary thead th { text-align: right; min-width: 6.5rem; }
.summary thead th:first-child { text-align: left; }
.summary tbody th { min-width: 9.5rem; }
.summary th small { max-width: 30rem; }
.summary tr > :first-child { position: sticky; left: 0; background: var(--card); padding-left: 0; z-index: 1; }
.summary .group th {
  color: var(--accent); font-size: 0.8rem; font-weight: 650; letter-spacing: 0.02em; padding-top: 1.3rem;
}
.summary .group span { position: sticky; left: 0; }
.summary td { min-width: 7.6rem; white-space: nowrap; }
.summary td small { white-space: normal; }
.summary b { font-size: 1.06rem; font-weight: 600; }
.summary .gold { color: var(--soft); }
.summary td.best { background: var(--accent-tint); }
.summary td.best b { color: var(--accent); font-weight: 700; }
.unit, .none { color: var(--soft); font-size: 0.85rem; }
.way { color: var(--accent); font-weight: 600; }
.mark {
  display: inline-block; font-size: 0.7rem; font-weight: 600; padding: 0 0.4rem; border-radius: 99px;
  margin-left: 0.4rem; vertical-align: 0.1em; border: 1px solid var(--accent); color: var(--accent);
}
.mark.best { background: var(--accent); color: var(--card); }
.plain td, .plain tbody th { font-size: 0.92rem; white-space: nowrap; }
.plain tbody th { max-width: 16rem; overflow: hidden; text-overflow: ellipsis; }
.plain th:first-child { padding-left: 0; }
.plain thead th:not(:first-child) { text-align: right; }
.heat { width: auto; min-width: 60%; border-collapse: separate; border-spacing: 2px; font-size: 0.82rem; }
.heat th {
  border: 0; font-weight: 500; max-width: 8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  padding: 0.25rem 0.5rem 0.25rem 0;
}
.heat thead th { text-align: center; padding: 0 0.2rem 0.2rem; max-width: 5rem; }
.heat thead th:first-child { text-align: left; font-weight: 400; }
.heat td {
  border: 0; border-radius: 4px; text-align: center; padding: 0.35rem 0.3rem; min-width: 2.5rem;
  background: var(--tint); background: color-mix(in oklab, var(--heat) var(--v), var(--tint));
}
.heat .no { color: var(--soft); }
abbr { text-decoration: none; }
.chart svg { display: block; width: 100%; height: auto; overflow: visible; }
.chart text { font-family: inherit; }
.scatter path { pointer-events: none; }
.scatter .role-mark path { pointer-events: all; stroke: transparent; stroke-width: 7px; cursor: default; }
.scatter .role-mark path:hover { stroke: var(--ink); stroke-width: 1.5px; }
.legend {
  list-style: none; display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; margin: 0.5rem 0 0; padding: 0;
  font-size: 0.82rem; color: var(--soft);
}
.legend bdi { overflow-wrap: anywhere; }
.line { display: inline-block; width: 1.6rem; border-top: 2px solid currentColor; vertical-align: middle; }
.line.d1 { border-top-style: dashed; }
.line.d2, .line.gold { border-top-style: dotted; }
.line.d3, .line.d4 { border-top-style: dashed; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
.c4 { color: var(--c4); } .c5 { color: var(--c5); } .c6 { color: var(--c6); } .c7 { color: var(--c7); }
.mislabelled { color: var(--mislabelled); } .hard { color: var(--hard); } .easy { color: var(--easy); }
.pairs { display: grid; gap: 0.7rem; margin: 0.75rem 0 0; padding: 0; list-style: none; }
.pairs li { border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
.pairs .head {
  display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; background: var(--tint);
  padding: 0.3rem 0.8rem; font-size: 0.8rem; color: var(--soft);
}
.pairs .sides { display: grid; grid-template-columns: 1fr 1fr; }
.pairs .sides > * { padding: 0.6rem 0.8rem; min-width: 0; }
.pairs .sides > * + * { border-left: 1px solid var(--rule); }
.text { overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: isolate; font-size: 0.92rem; display: block; }
details > summary { cursor: pointer; color: var(--accent); font-size: 0.92rem; margin: 0.5rem 0; }
.controls { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 0.75rem 0; }
input, select, button {
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--rule); border-radius: 9px;
  padding: 0.45rem 0.75rem; min-height: 2.75rem; max-width: 100%;
}
input { flex: 1 1 14rem; }
button { cursor: pointer; color: var(--accent); }
button:hover { background: var(--tint); }
input:focus-visible, select:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px;
}
.rows { list-style: none; margin: 0; padding: 0; }
.rows li {
  display: grid; grid-template-columns: minmax(6rem, 10rem) 1fr; gap: 0.2rem 1rem; padding: 0.5rem 0.4rem;
  border-bottom: 1px solid var(--rule); scroll-margin: 1rem 0 5rem;
}
.rows li:focus { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 8px; background: var(--tint); }
.rows li > * { min-width: 0; }
.rows small, .rows bdi { overflow-wrap: anywhere; }
.rows small { unicode-bidi: isolate; }
.rows .side { font-size: 0.86rem; line-height: 1.4; }
.rows .side small { display: block; }
.rows .rejected .state { color: var(--warn); }
.was {
  display: block; margin-top: 0.15rem; padding-left: 0.7rem; border-left: 3px solid var(--rule); color: var(--soft);
  font-size: 0.86rem; overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: isolate;
}
.pager {
  position: sticky; bottom: 0; display: flex; align-items: center; justify-content: space-between; gap: 0.5rem 1rem;
  padding: 0.5rem 0; background: var(--card); font-size: 0.92rem; color: var(--soft);
  font-variant-numeric: tabular-nums; text-align: center;
}
button:disabled, button[aria-disabled="true"] { color: var(--soft); cursor: default; background: none; border-style: dashed; }
kbd {
  font: 0.8rem ui-monospace, monospace; border: 1px solid var(--rule); border-radius: 5px; padding: 0 0.35rem;
  background: var(--tint);
}
.printed { display: none; }
.wide { min-width: 34rem; }
.yardsticks .plot { min-width: 8rem; width: 45%; padding-left: 0; padding-right: 0; }
.yardsticks tbody th { font-weight: 500; font-size: 0.92rem; }
.yardsticks thead th:last-child { text-align: right; }
.yardsticks th small { display: block; }
.yardsticks tbody td:last-child { white-space: nowrap; font-size: 0.92rem; }
.yardsticks .group th { color: var(--accent); font-size: 0.82rem; font-weight: 650; padding: 0.9rem 0 0.1rem; border: 0; }
.axis, .track { display: block; position: relative; margin: 0 0.9rem; }
.axis { height: 1.2em; font-size: 0.76rem; font-weight: 400; }
.axis span { position: absolute; transform: translateX(-50%); }
.track { height: 1.5em; }
.track span { position: absolute; top: 0; bottom: 0; }
.track .tick { border-left: 1px solid var(--rule); }
.track .base { border-left: 2px dashed var(--soft); }
.track .interval { top: calc(50% - 2px); bottom: auto; border-top: 4px solid; opacity: 0.45; border-radius: 2px; }
.track .at {
  top: calc(50% - 0.36rem); bottom: auto; width: 0; height: 0; margin-left: -0.36rem; border: 0.36rem solid; border-radius: 50%;
}
.track .at.square { border-radius: 1px; }
.tip {
  position: fixed; z-index: 9; max-width: min(24rem, calc(100vw - 1.5rem)); max-height: 50vh; overflow: hidden;
  background: var(--ink); color: var(--page); border-radius: 10px; padding: 0.55rem 0.8rem; font-size: 0.86rem;
  line-height: 1.45; pointer-events: none;
}
.tip b { display: block; font-size: 0.76rem; font-weight: 550; opacity: 0.75; }
.tip span { overflow-wrap: anywhere; unicode-bidi: isolate; }
[hidden] { display: none !important; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
dl.definitions { margin: 0; font-size: 0.92rem; }
.definitions dt { font-weight: 550; margin-top: 0.7rem; }
.definitions dd { margin: 0; color: var(--soft); max-width: 46rem; overflow-wrap: anywhere; }
footer { padding-bottom: 3rem; color: var(--soft); font-size: 0.85rem; }
@media (max-width: 40rem) {
  main, header, footer { padding-left: 0.85rem; padding-right: 0.85rem; }
  header { padding-top: 1.5rem; }
  section { padding: 1.1rem 1rem; border-radius: 12px; }
  th, td { padding: 0.45rem 0.5rem; }
  .facts { grid-template-columns: 1fr 1fr; }
  .facts dd { font-size: 1.25rem; }
  .summary tbody th { min-width: 7rem; max-width: 8.5rem; font-size: 0.92rem; }
  .summary tbody th small { display: none; }
  .summary td small { font-size: 0.72rem; }
  .summary td, .summary thead th { min-width: 5.6rem; }
  .heat { font-size: 0.7rem; border-spacing: 1px; min-width: 0; width: 100%; }
  .heat td { min-width: 1.6rem; padding: 0.35rem 0.05rem; border-radius: 3px; }
  .heat th { max-width: 5.2rem; }
  .heat thead th { max-width: 3rem; }
  .pairs .sides { grid-template-columns: 1fr; }
  .pairs .sides > * + * { border-left: 0; border-top: 1px solid var(--rule); }
  .rows li { grid-template-columns: 1fr; }
  .controls select { flex: 1 1 8rem; min-width: 0; }
  .yardsticks .plot { min-width: 6.5rem; }
  .yardsticks .range { display: block; font-size: 0.76rem; color: var(--soft); }
  .axis span:nth-child(even) { display: none; }
}
@media print {
  body { background: #fff; font-size: 10.5pt; }
  nav, .controls, .pager, .keys, .tip, button, noscript { display: none !important; }
  .printed { display: block; font-weight: 550; }
  .rows li { grid-template-columns: minmax(6rem, 9rem) 1fr; }
  section { border: 0; padding: 0; margin: 0 0 1.5rem; }
  figure, tr, .pairs li, .rows li { break-inside: avoid; }
  h2, h3, .what { break-after: avoid; }
  .scroll { overflow: visible; }
  .heat td, .summary td.best, .mark.best, .facts div { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
