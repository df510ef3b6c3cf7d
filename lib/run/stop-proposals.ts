/** Stop texts for a task of which most rows run to the token limit: what they have where they should have ended. */
import { fits } from "../filters/fits.js";
import { sum } from "../numbers/sum.js";
import { countWords } from "../text/segments.js";

/** A text for `sampling.stop`. */
export interface ProposedStop {
  readonly stop: string;
  /** Rows at the limit that it would have ended, and that none of those before it does. */
  readonly rows: number;
  /** Mean words that it would have left of them. */
  readonly words: number;
}

/** Share of the rows at the limit from which on there is something to propose. */
const most = 0.5;
const mostStops = 3;
/** A stop that ends fewer of the rows at the limit is chance. */
const [fewestRows, leastShare] = [2, 0.25];
/** Of stops that end nearly as many rows, the one that leaves most of them. */
const nearly = 0.8;
/** Seeds that say whether texts have line breaks. */
const fewestSeeds = 8;

/** What ends a text or begins something else: line breaks, rules, headings, control tokens, "Review:" and their like. */
const marks = [
  /\n/gu,
  /\n\n/gu,
  /\n(?:-{3,}|\*{3,}|#{1,6})/gu,
  /<[|｜/]?[\w｜▁ -]{1,40}[|｜]?>|\[\/?[A-Z_]{3,20}\]/gu,
  /\n[ \t]*(?:\d{1,2}[.)]|\p{Lu}[\p{L} ]{0,30}:)/gu,
  /(?<=\S)\s\p{Lu}\p{L}{0,20}:(?=\s)/gu,
];

/**
 * Up to three stops, the one that ends most rows first; none where fewer than half of the rows ran to the limit, or where
 * these have nothing in common.
 * @param rows  as they were written, with how they ended.
 * @param seeds  whose own marks are no ends.
 * @param given  stops that the task has.
 */
export function proposeStops(
  rows: readonly { readonly written: string; readonly ending: string }[],
  seeds: ReadonlySet<string>,
  given: readonly string[] = [],
): ProposedStop[] {
  let left = rows.filter(({ ending }) => ending === "length").map(({ written }) => written);
  const all = left.length;
  if (all === 0 || all < most * rows.length) return [];
  const isLine = seeds.size >= fewestSeeds && fits((text) => text.includes("\n"), seeds);
  const known = [...marksOf(left)].filter(
    (stop) => !given.includes(stop) && fits((text) => placeOf(stop, text) !== undefined, seeds),
  );
  const found: ProposedStop[] = [];
  while (found.length < mostStops) {
    const next = bestOf(known, left, isLine);
    if (next === undefined || next.rows < leastShare * all) break;
    found.push(next);
    left = left.filter((text) => placeOf(next.stop, text) === undefined);
  }
  return found;
}

function marksOf(texts: readonly string[]): Set<string> {
  const found = texts.flatMap((text) =>
    marks.flatMap((mark) => Array.from(text.matchAll(mark), ([all]) => all.trimEnd() || all)),
  );
  return new Set(found.map((mark) => mark.replace(/^[ \t]+/u, "")));
}

function bestOf(stops: readonly string[], texts: readonly string[], isLine: boolean): ProposedStop | undefined {
  const counted = stops.map((stop): ProposedStop => {
    const kept = texts.flatMap((text) => placeOf(stop, text) ?? []);
    return { stop, rows: kept.length, words: sum(kept) / Math.max(1, kept.length) };
  });
  const largest = Math.max(0, ...counted.map(({ rows }) => rows));
  if (largest < fewestRows) return undefined;
  const line = counted.find(({ stop, rows }) => isLine && stop === "\n" && rows === largest);
  const enough = counted.filter(({ rows }) => rows >= fewestRows && rows >= nearly * largest);
  return line ?? enough.sort((a, b) => b.words - a.words || b.rows - a.rows || b.stop.length - a.stop.length)[0];
}

// Words before a stop; undefined where it does not end the text, or nothing would be left of it.
function placeOf(stop: string, text: string): number | undefined {
  const at = text.indexOf(stop);
  const words = at < 0 ? 0 : countWords(text.slice(0, at));
  return words === 0 ? undefined : words;
}

/** A text as the stops would have left it. */
export function cutAt(stops: readonly Pick<ProposedStop, "stop">[], text: string): string {
  const places = stops.flatMap(({ stop }) => (placeOf(stop, text) === undefined ? [] : [text.indexOf(stop)]));
  return text.slice(0, Math.min(text.length, ...places));
}

/** What to say of them. */
export function stopNotes(
  rows: readonly { readonly ending: string }[],
  proposed: readonly ProposedStop[],
  maxTokens: number,
): string[] {
  const atLimit = rows.filter(({ ending }) => ending === "length").length;
  if (atLimit === 0 || atLimit < most * rows.length) return [];
  const [all, limit] = [`${atLimit} of ${rows.length} rows ran`, `sampling.maxTokens (${maxTokens})`];
  if (proposed.length === 0) {
    return [
      `${all} to ${limit}, and have nothing in common at which they could end: raise it, ask for shorter texts, or see whether ` +
        "another prompt.format ends them",
    ];
  }
  const stops = proposed.map(({ stop }) => JSON.stringify(stop)).join(", ");
  const ended = sum(proposed.map((each) => each.rows));
  const words = sum(proposed.map((each) => each.rows * each.words)) / ended;
  const others = atLimit - ended;
  const rest = others === 0 ? "" : `; ${others} would still have run to it`;
  return [
    `${all} to ${limit}: with ${stops} in sampling.stop ${ended} of them would have ended, after ${Math.round(words)} words on average${rest}`,
  ];
}
