// The summary: every metric in a row, every dataset and gold in a column, the best marked.
import type { Evaluation } from "../evaluate/evaluation.js";
import { type Metric, metrics, print, type Score } from "../evaluate/metrics.js";
import { type Content, type Html, html } from "./html.js";
import { type Standing, standings } from "./standings.js";

interface Named {
  readonly name: string;
  readonly evaluation: Evaluation;
}

export function summaryTable(datasets: readonly Named[]): Html {
  const hasGold = datasets[0]!.evaluation.gold !== null;
  const heads = datasets.map(({ name }) => html`<th scope="col"><bdi>${name}</bdi></th>`);
  const groups = [...new Set(metrics.map(({ group }) => group))];
  const columns = datasets.length + (hasGold ? 2 : 1);
  const bodies = groups.map((group) => {
    const rows = metrics.filter((metric) => metric.group === group).map((metric) => row(metric, datasets, hasGold));
    return html`<tbody><tr class="group"><th colspan="${columns}" scope="rowgroup"><span>${group}</span></th></tr>${rows}</tbody>`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Summary table"><table class="summary">
<caption class="hidden">All metrics of each dataset${hasGold ? " and of gold" : ""}</caption>
<thead><tr><th scope="col">Metric</th>${heads}${hasGold ? html`<th scope="col" class="gold">gold</th>` : null}</tr></thead>${bodies}</table></div>`;
}

function row(metric: Metric, datasets: readonly Named[], hasGold: boolean): Html {
  const scores = datasets.map(({ evaluation }) => metric.of(evaluation));
  const marks = standings(metric, scores);
  const gold = hasGold ? metric.gold?.(datasets[0]!.evaluation) : undefined;
  const cells = scores.map((score, i) => cell(metric, score, marks[i]!));
  return html`<tr><th scope="row">${metric.name}${direction(metric)}<small>${metric.what}</small></th>${cells}
${hasGold ? goldCell(metric, gold) : null}</tr>`;
}

function goldCell(metric: Metric, gold: Score | undefined): Html {
  return gold === undefined
    ? html`<td class="gold"><span class="none">–</span></td>`
    : cell(metric, gold, null, "gold");
}

function direction({ better }: Metric): Content {
  if (better === null) return null;
  return html` <span class="way" title="${better} is better">${better === "lower" ? "↓" : "↑"}<span class="hidden"> ${better} is better</span></span>`;
}

function cell(metric: Metric, score: Score, standing: Standing, kind = ""): Html {
  if (score.value === null) {
    return html`<td class="${kind}"><span class="none">–</span><small>${score.reason ?? "unknown"}</small></td>`;
  }
  const intervals = (score.intervals ?? []).map(({ over, interval: [low, high] }) => {
    return html`<small title="95 % interval over ${over}">${print(metric, low)} – ${print(metric, high)} <span class="over">over ${over}</span></small>`;
  });
  const mark = standing === null ? null : html`<span class="mark ${standing}">${standing}</span>`;
  return html`<td class="${kind} ${standing ?? ""}"><b>${print(metric, score.value)}</b>${metric.unit === "" ? null : html` <span class="unit">${metric.unit}</span>`}${mark}
${intervals}<small class="n">n = ${score.n.toLocaleString("en-US")}</small></td>`;
}
