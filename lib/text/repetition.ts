// How much of a text says again what it said before. Shares are of the letters and digits in its words, 0..1.
import { wordSpans } from "./segments.js";

/** A text's shares in repeated stretches. */
export interface Repetition {
  readonly words: number;
  /** By n of 2, 3, 4: the share in the n-gram that covers most, among those that occur `leastTimes` or more. */
  readonly top: readonly [number, number, number];
  /** By n of 5 to 10: the share in n-grams that stood in the text before, each character counted once. */
  readonly duplicate: readonly number[];
  /** The share in stretches said again at once: one or two words three times in a row, three or more twice. */
  readonly inARow: number;
}

/**
 * The repetition of a text, by Unicode's words, case aside.
 * @param leastTimes  how often an n-gram of two to four words must occur to count: integer ≥ 2.
 */
export function repetitionOf(text: string, leastTimes: number): Repetition {
  const words = wordSpans(text).map(({ word }) => word.toLowerCase());
  const ids = idsOf(words);
  const share = shareOf(words);
  return {
    words: words.length,
    top: [2, 3, 4].map((n) => topShare(ids, n, leastTimes, share)) as unknown as Repetition["top"],
    duplicate: [5, 6, 7, 8, 9, 10].map((n) => duplicateShare(ids, n, share)),
    inARow: inARowShare(ids, share),
  };
}

/**
 * The share of a text's characters in pieces of 1 to 24 characters that follow one another four times or more
 * ("aidaidaidaid").
 */
export function loopShare(text: string): number {
  const covered = new Uint8Array(text.length);
  for (let period = 1; period <= longestPeriod; period++) {
    let start = 0; // of the stretch in which each character equals the one a period before
    for (let i = period; i <= text.length; i++) {
      if (i < text.length && text.charCodeAt(i) === text.charCodeAt(i - period)) continue;
      const length = i - start;
      if (length >= leastLoop && length >= 4 * period) covered.fill(1, start, i);
      start = i - period + 1;
    }
  }
  return text === "" ? 0 : covered.reduce((sum, one) => sum + one, 0) / text.length;
}

const longestPeriod = 24;
/** Fewer characters are an ellipsis, a rule or "noooooo". */
const leastLoop = 16;

type Share = (covered: Uint8Array) => number;

function shareOf(words: readonly string[]): Share {
  const total = words.reduce((sum, word) => sum + word.length, 0);
  return (covered) => (total === 0 ? 0 : covered.reduce((sum, one, i) => sum + one * words[i]!.length, 0) / total);
}

function idsOf(words: readonly string[]): number[] {
  const known = new Map<string, number>();
  return words.map((word) => {
    const id = known.get(word) ?? known.size;
    known.set(word, id);
    return id;
  });
}

/** Where each n-gram begins. */
function places(ids: readonly number[], n: number): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (let i = 0; i + n <= ids.length; i++) {
    const key = ids.slice(i, i + n).join(" ");
    const before = found.get(key);
    if (before === undefined) found.set(key, [i]);
    else before.push(i);
  }
  return found;
}

function topShare(ids: readonly number[], n: number, leastTimes: number, share: Share): number {
  let top = 0;
  for (const starts of places(ids, n).values()) {
    if (starts.length < leastTimes) continue;
    const covered = new Uint8Array(ids.length);
    for (const start of starts) covered.fill(1, start, start + n);
    top = Math.max(top, share(covered));
  }
  return top;
}

function duplicateShare(ids: readonly number[], n: number, share: Share): number {
  const covered = new Uint8Array(ids.length);
  for (const starts of places(ids, n).values()) {
    for (const start of starts.slice(1)) covered.fill(1, start, start + n);
  }
  return share(covered);
}

function inARowShare(ids: readonly number[], share: Share): number {
  const covered = new Uint8Array(ids.length);
  for (let period = 1; period <= ids.length / 2; period++) {
    const times = period <= 2 ? 3 : 2;
    let start = 0;
    for (let i = period; i <= ids.length; i++) {
      if (i < ids.length && ids[i] === ids[i - period]) continue;
      if (i - start >= times * period) covered.fill(1, start, i);
      start = i - period + 1;
    }
  }
  return share(covered);
}
