// Students by what they learnt from as one picture: a table whose middle column is drawn, each accuracy as a point on its
// interval, all on one scale. It can be read, heard, copied and printed, and keeps its sizes on a phone.
import { type YardstickSet, type Yardsticks, yardstickSets, yardstickText } from "../evaluate/student-figures.js";
import { largest, least } from "../numbers/extremes.js";
import { type Html, html } from "./html.js";
import { colourClass } from "./palette.js";
import { count } from "./section.js";

/** Students of one kind on the sets of one dataset. */
export interface YardstickSeries {
  /** Beside its points, where there are several series. */
  readonly name: string;
  /** Of its points. */
  readonly colour: number;
  readonly isSquare: boolean;
  readonly value: Yardsticks;
}

/** A scale of shares, 0..1. */
export interface ShareScale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const sets = Object.keys(yardstickSets) as YardstickSet[];

/** The sets that some series has, in their order, each with a line for each series that has it. */
export function yardstickPicture(series: readonly YardstickSeries[]): Html {
  const scale = shareScale(
    series.flatMap(({ value }) =>
      sets.flatMap((set) => {
        const own = value.sets[set].value;
        return own === null ? [] : [own.accuracy, ...own.interval];
      }),
    ),
  );
  const bodies = sets.flatMap((set): Html[] => {
    const known = series.filter(({ value }) => value.sets[set].value !== null);
    if (known.length === 0) return [];
    const group =
      series.length === 1
        ? null
        : html`<tr class="group"><th colspan="3" scope="rowgroup">${yardstickSets[set]}</th></tr>`;
    return [html`<tbody>${group}${known.map((one) => line(one, set, scale, series.length === 1))}</tbody>`];
  });
  const axis = scale.ticks.map(
    (tick) => html`<span style="left:${position(scale, tick)}">${Math.round(100 * tick)}</span>`,
  );
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Yardsticks"><table class="yardsticks">
<caption class="hidden">Accuracy on gold of students, by what they learnt from</caption>
<thead><tr><th scope="col">learnt from</th><th scope="col" class="plot"><span class="hidden">picture</span><span class="axis" aria-hidden="true">${axis}</span></th><th scope="col">accuracy, %</th></tr></thead>${bodies}</table></div>`;
}

function line(
  { name, colour, isSquare, value }: YardstickSeries,
  set: YardstickSet,
  scale: ShareScale,
  isOnly: boolean,
): Html {
  const own = value.sets[set].value!;
  const [low, high] = own.interval;
  const seeds = value.sets.seeds.value;
  const [accuracy = "", range = ""] = yardstickText(value.sets[set]).split(/ (?=\()/);
  const at = (share: number) => position(scale, share);
  const ticks = scale.ticks.map((tick) => html`<span class="tick" style="left:${at(tick)}"></span>`);
  const base = seeds === null ? null : html`<span class="base" style="left:${at(seeds.accuracy)}"></span>`;
  const width = `${(100 * (clamped(scale, high) - clamped(scale, low))).toFixed(2)}%`;
  const marks = html`<span class="interval" style="left:${at(low)};width:${width}"></span><span class="at${isSquare ? " square" : ""}" style="left:${at(own.accuracy)}"></span>`;
  return html`<tr data-set="${set}"><th scope="row"><bdi>${isOnly ? yardstickSets[set] : name}</bdi><small>${count(own.trainRows)} rows</small></th>
<td class="plot"><span class="track ${colourClass(colour)}" aria-hidden="true">${ticks}${base}${marks}</span></td><td>${accuracy} <span class="range">${range}</span></td></tr>`;
}

/** From round values below all to round values above, five points apart where they lie close, else ten or twenty. */
export function shareScale(shares: readonly number[]): ShareScale {
  const [from, to] = [Math.max(0, least(shares)), Math.min(1, largest(shares))];
  const step = to - from <= 0.15 ? 5 : to - from <= 0.5 ? 10 : 20;
  // in whole per cent: 0.7 * 100 is not 70
  const percent = (share: number) => Number((100 * share).toFixed(6));
  const low = Math.floor(percent(from) / step) * step;
  const high = Math.max(low + step, Math.min(100, Math.ceil(percent(to) / step) * step));
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => (low + i * step) / 100);
  return { low: low / 100, high: high / 100, ticks };
}

// Where a share stands on the scale, 0..1; what lies beyond stands at its end.
function clamped({ low, high }: ShareScale, share: number): number {
  return Math.min(1, Math.max(0, (share - low) / (high - low)));
}

const position = (scale: ShareScale, share: number) => `${(100 * clamped(scale, share)).toFixed(2)}%`;
