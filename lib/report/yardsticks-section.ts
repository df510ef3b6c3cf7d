// What the rows are worth beside what their user has anyway: students on seeds, rows, both and gold.
import type { Evaluation } from "../evaluate/evaluation.js";
import { type YardstickSet, type Yardsticks, yardstickSets, yardstickText } from "../evaluate/student-figures.js";
import type { Shown } from "./dataset.js";
import { type Html, html } from "./html.js";
import { count, figure, plainTable, section } from "./section.js";

const kinds = ["proxy", "logistic"] as const;
const sets = Object.keys(yardstickSets) as YardstickSet[];

/** Null where no dataset has the figures. */
export function yardsticksSection(datasets: readonly Shown[]): Html | null {
  const figures = kinds.flatMap((kind) => tableOf(datasets, kind));
  if (figures.length === 0) return null;
  return section({
    id: "yardsticks",
    title: "Yardsticks",
    what:
      "What a student comes to on gold, %, by what it learnt from. The rows are worth making where a student of the rows and " +
      "the seeds beats one of the seeds alone; gold of the same size is what as many human rows would give, all gold the " +
      "ceiling. Ranges are 95 % intervals over what the training rows happened to be: ± 2.78 standard deviations of five " +
      "students of a random half each, which spread like sets of all rows would (gold of the same size: other rows each time).",
    content: html`${figures}`,
  });
}

function tableOf(datasets: readonly Shown[], kind: keyof Evaluation["yardsticks"]): Html[] {
  const known = datasets.flatMap(({ name, evaluation }) => {
    const { value } = evaluation.yardsticks[kind];
    return value === null ? [] : [{ name, value }];
  });
  if (known.length === 0) return [];
  const heads = ["learnt from", ...known.flatMap(({ name }) => (known.length > 1 ? [name] : ["rows", "accuracy, %"]))];
  const rows = sets.map((set) => {
    const cells = known.flatMap(({ value }) => {
      const own = value.sets[set];
      const rows = own.value === null ? "–" : count(own.value.trainRows);
      return known.length > 1 ? [yardstickText(own)] : [rows, yardstickText(own)];
    });
    return [yardstickSets[set], ...cells];
  });
  const { student, testRows, rowsInterval } = known[0]!.value;
  const [low, high] = rowsInterval.map((end) => (100 * end).toFixed(1));
  const tested = `Tested on ${count(testRows)} gold rows, which alone leave ${low} – ${high} open for the synthetic rows, and move all lines alike.`;
  const verdicts = known.map(({ name, value }) => {
    const whose = known.length > 1 ? html`<bdi>${name}</bdi>: ` : null;
    const said = verdict(value);
    return said === null ? null : html` ${whose}${said}`;
  });
  const caption = html`${tested}${verdicts}${reasons(known.map(({ value }) => value))}`;
  return [figure(student, plainTable(`Yardsticks of the ${student}`, heads, rows), caption)];
}

/** What the rows add to the seeds, in words that the intervals allow; null without seeds. */
function verdict({ sets: { seeds, syntheticAndSeeds } }: Yardsticks): string | null {
  if (seeds.value === null || syntheticAndSeeds.value === null) return null;
  const gain = 100 * (syntheticAndSeeds.value.accuracy - seeds.value.accuracy);
  const [a, b] = [seeds.value.interval, syntheticAndSeeds.value.interval];
  const isClear = a[1] < b[0] || b[1] < a[0];
  const points = `${gain < 0 ? "−" : "+"}${Math.abs(gain).toFixed(1)} points`;
  return `The rows change what the seeds alone give by ${points}${isClear ? "" : ", which may be chance: the intervals overlap"}.`;
}

function reasons(known: readonly Yardsticks[]): Html | null {
  const byReason = new Map<string, Set<string>>();
  for (const value of known) {
    for (const set of sets) {
      const own = value.sets[set];
      if (own.value !== null) continue;
      byReason.set(own.reason, (byReason.get(own.reason) ?? new Set()).add(yardstickSets[set]));
    }
  }
  if (byReason.size === 0) return null;
  const items = [...byReason].map(([reason, names]) => html`<li><b>${[...names].join("; ")}</b>: ${reason}</li>`);
  return html`<ul class="what">${items}</ul>`;
}
