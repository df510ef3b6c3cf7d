// The summary: every metric that is known in a row, every dataset and gold in a column, the best marked.
import type { Evaluation } from "../evaluate/evaluation.js";
import { metrics, print } from "../evaluate/metrics.js";
import type { Metric, Score } from "../evaluate/score.js";
import { type Content, type Html, html } from "./html.js";
import { count, section } from "./section.js";
import { type Standing, standings } from "./standings.js";

interface Named {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** The numbers that a single dataset is judged by first, as far as they are known. */
export function headline(evaluation: Evaluation): Html | null {
  const chosen = ["Proxy student accuracy", "Label fidelity", "Self-BLEU-5", "MAUVE"];
  const cards = metrics
    .filter(({ name }) => chosen.includes(name))
    .sort((a, b) => chosen.indexOf(a.name) - chosen.indexOf(b.name))
    .flatMap((metric) => {
      const { value } = metric.of(evaluation);
      if (value === null) return [];
      const gold = metric.gold?.(evaluation).value ?? null;
      const shown = (number: number) => `${print(metric, number)}${metric.unit === "" ? "" : ` ${metric.unit}`}`;
      const beside = gold === null ? `${metric.better} is better` : `gold: ${shown(gold)}`;
      return [html`<div><dt>${metric.name}</dt><dd>${shown(value)}<small>${beside}</small></dd></div>`];
    });
  return cards.length === 0 ? null : html`<dl class="facts">${cards}</dl>`;
}

/** All metrics that some dataset has a number of. */
export function summarySection(datasets: readonly Named[]): Html {
  const what = summaryText(datasets);
  return section({ id: "summary", title: "Summary", what, content: summaryTable(datasets) });
}

function summaryText(datasets: readonly Named[]): string {
  const sizes = new Set(datasets.map(({ evaluation }) => evaluation.sample.n));
  const equal =
    sizes.size === 1
      ? `Diversity is that of ${count([...sizes][0]!)} rows of each set${datasets[0]!.evaluation.gold === null ? "" : " and of gold"}, since it depends on the number of rows.`
      : "The sets were evaluated on different numbers of rows, so their diversity does not compare and nothing is marked.";
  const marked =
    datasets.length < 2
      ? ""
      : " Best marks the best dataset of a line, tied those that may be as good: their 95 % intervals overlap. Where no interval is given, small differences may be chance. Noise is diverse, and copies nothing: outside of the figures for training, only datasets are marked whose label fidelity is known and no worse than the best one's.";
  return `${equal} Arrows say which way is better; ranges are 95 % intervals.${marked}`;
}

function summaryTable(datasets: readonly Named[]): Html {
  const hasGold = datasets[0]!.evaluation.gold !== null;
  const heads = datasets.map(({ name }) => html`<th scope="col"><bdi>${name}</bdi></th>`);
  const known = metrics.filter((metric) => datasets.some(({ evaluation }) => metric.of(evaluation).value !== null));
  const groups = [...new Set(known.map(({ group }) => group))];
  const columns = datasets.length + (hasGold ? 2 : 1);
  const bodies = groups.map((group) => {
    const rows = known.filter((metric) => metric.group === group).map((metric) => row(metric, datasets, hasGold));
    return html`<tbody><tr class="group"><th colspan="${columns}" scope="rowgroup"><span>${group}</span></th></tr>${rows}</tbody>`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Summary table"><table class="summary">
<caption class="hidden">All metrics of each dataset${hasGold ? " and of gold" : ""}</caption>
<thead><tr><th scope="col">Metric</th>${heads}${hasGold ? html`<th scope="col" class="gold">gold</th>` : null}</tr></thead>${bodies}</table></div>`;
}

const fidelity = metrics.find(({ name }) => name === "Label fidelity")!;

function row(metric: Metric, datasets: readonly Named[], hasGold: boolean): Html {
  const scores = datasets.map(({ evaluation }) => metric.of(evaluation));
  const marks = standings(
    metric,
    scores,
    datasets.map(({ evaluation }) => fidelity.of(evaluation)),
  );
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
  // students of a small set that all come to the same leave no width, and say nothing of chance
  const wide = (score.intervals ?? []).filter(({ interval: [low, high] }) => low < high);
  const intervals = wide.map(({ over, interval: [low, high] }) => {
    return html`<small title="95 % interval over ${over}">${print(metric, low)} – ${print(metric, high)} <span class="over">over ${over}</span></small>`;
  });
  const mark = standing === null ? null : html`<span class="mark ${standing}">${standing}</span>`;
  return html`<td class="${kind} ${standing ?? ""}"><b>${print(metric, score.value)}</b>${metric.unit === "" ? null : html` <span class="unit">${metric.unit}</span>`}${mark}
${intervals}<small class="n">n = ${score.n.toLocaleString("en-US")}</small></td>`;
}
