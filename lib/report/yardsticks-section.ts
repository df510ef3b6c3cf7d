// What the rows are worth beside what their user has anyway: students on seeds, rows, both and gold.
import { type YardstickSet, type Yardsticks, yardstickSets } from "../evaluate/student-figures.js";
import type { Shown } from "./dataset.js";
import { type Html, html } from "./html.js";
import { count, section } from "./section.js";
import { type YardstickSeries, yardstickPicture } from "./yardstick-picture.js";

const kinds = ["proxy", "logistic"] as const;
const sets = Object.keys(yardstickSets) as YardstickSet[];

/** Null where no dataset has the figures. */
export function yardsticksSection(datasets: readonly Shown[]): Html | null {
  const known = datasets.flatMap(({ title, evaluation: { yardsticks } }, d) =>
    kinds.flatMap((kind, k): Known[] => {
      const { value } = yardsticks[kind];
      if (value === null) return [];
      const name = title === null ? kind : `${title}, ${kind}`;
      return [{ title, kind, value, name, colour: title === null ? k : d, isSquare: kind === "logistic" }];
    }),
  );
  if (known.length === 0) return null;
  return section({
    id: "yardsticks",
    title: "Yardsticks",
    what:
      "What a student comes to on gold, %, by what it learnt from. The rows are worth making where a student of the rows and " +
      "the seeds beats one of the seeds alone, which the dashed line marks; gold of the same size is what as many human rows would give, all gold the " +
      "ceiling. Ranges are 95 % intervals over what the training rows happened to be: ± 2.78 standard deviations of five " +
      "students of a random half each, which spread like sets of all rows would (gold of the same size: other rows each time).",
    content: html`<figure class="broad">${yardstickPicture(known)}<figcaption>${caption(known)}</figcaption></figure>`,
  });
}

interface Known extends YardstickSeries {
  readonly title: string | null;
  readonly kind: (typeof kinds)[number];
}

function caption(known: readonly Known[]): Html {
  const students = new Set(known.map(({ value }) => value.student));
  const { testRows, rowsInterval } = known[0]!.value;
  const [low, high] = rowsInterval.map((end) => (100 * end).toFixed(1));
  const tested = `Tested on ${count(testRows)} gold rows, which alone leave ${low} – ${high} open for the synthetic rows, and move all lines alike.`;
  const verdicts = known.flatMap(({ title, kind, value }) => {
    const said = verdict(value);
    const whose = title === null ? null : html`<bdi>${title}</bdi>, `;
    return said === null ? [] : [html`<li>${whose}${kind} student: ${said}</li>`];
  });
  return html`${[...students].map((name) => `${name}. `)}${tested}${verdicts.length === 0 ? null : html`<ul class="what">${verdicts}</ul>`}${reasons(known.map(({ value }) => value))}`;
}

/** What the rows add to the seeds, in words that the intervals allow; null without seeds. */
function verdict({ sets: { seeds, syntheticAndSeeds } }: Yardsticks): string | null {
  if (seeds.value === null || syntheticAndSeeds.value === null) return null;
  const gain = 100 * (syntheticAndSeeds.value.accuracy - seeds.value.accuracy);
  const [a, b] = [seeds.value.interval, syntheticAndSeeds.value.interval];
  const isClear = a[1] < b[0] || b[1] < a[0];
  const points = `${gain < 0 ? "−" : "+"}${Math.abs(gain).toFixed(1)} points`;
  return `the rows change what the seeds alone give by ${points}${isClear ? "" : ", which may be chance: the intervals overlap"}.`;
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
