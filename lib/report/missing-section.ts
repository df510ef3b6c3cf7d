// What could not be computed, one line for each reason: a figure without data has no place on the page but here.
import type { Evaluation } from "../evaluate/evaluation.js";
import type { OrMissing } from "../evaluate/or-missing.js";
import type { Shown } from "./dataset.js";
import { frontierOf } from "./frontier-section.js";
import { type Html, html } from "./html.js";
import { section } from "./section.js";

/** The figures that may be missing, as people call them. */
const figures: readonly (readonly [name: string, of: (evaluation: Evaluation) => OrMissing<unknown>])[] = [
  ["proxy student", ({ student }) => student],
  ["label fidelity", ({ labelFidelity }) => labelFidelity],
  ["yardsticks", ({ yardsticks }) => yardsticks.proxy],
  ["yardsticks of logistic students", ({ yardsticks }) => yardsticks.logistic],
  ["student of your own", ({ ownStudent }) => ownStudent],
  ["data map", ({ cartography }) => cartography],
  ["MAUVE", ({ mauve }) => mauve],
  ["similarity of labels", ({ labelCosine }) => labelCosine],
  ["map of the rows", ({ map }) => map],
  ["entities", ({ entities }) => entities],
  ["label's words", ({ labelWords }) => labelWords],
  ["copies of the examples", ({ copiesOfSeeds }) => copiesOfSeeds],
  ["copies of gold", ({ copiesOfGold }) => copiesOfGold],
  ["contrast", ({ contrast }) => contrast],
];

/** Null where nothing is missing. */
export function missingSection(datasets: readonly Shown[]): Html | null {
  const lines = datasets.flatMap(({ title, evaluation }) => {
    const byReason = new Map<string, string[]>();
    for (const [name, of] of figures) {
      const found = of(evaluation);
      if (!("reason" in found)) continue;
      byReason.set(found.reason, [...(byReason.get(found.reason) ?? []), name]);
    }
    const whose = title === null ? null : html`<bdi>${title}</bdi>: `;
    return [...byReason].map(([reason, names]) => html`<li>${whose}<b>${names.join(", ")}</b>: ${reason}</li>`);
  });
  const frontier = datasets.length < 2 ? null : frontierOf(datasets);
  if (frontier !== null && "reason" in frontier) lines.push(html`<li><b>frontier</b>: ${frontier.reason}</li>`);
  if (lines.length === 0) return null;
  return section({
    id: "missing",
    title: "Not computed",
    what: "These figures need something that was not there.",
    content: html`<ul class="what">${lines}</ul>`,
  });
}
