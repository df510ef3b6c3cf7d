// What differences between arms say: paired by seed, with Student's t, and Holm's correction over the arms of a table.
import { type Interval, mean, standardDeviation, tInterval, tTails } from "../numbers/statistics.js";

/** Seeds from which an arena is a result; fewer are a look. */
export const seedsOfResult = 5;
/** Level of all claims. */
const level = 0.05;

/** How an arm differs from the one to beat. */
export interface Gain {
  /** Seeds of which both have a figure. */
  readonly n: number;
  /** Mean of the differences; null without a seed. */
  readonly mean: number | null;
  /** 95 % interval of it, by Student's t; null of one seed. */
  readonly interval: Interval | null;
  /** How probable so large a mean is by chance, without correction; null where the differences do not differ. */
  readonly p: number | null;
  /** The same after Holm's correction over the arms of the table. */
  readonly adjusted: number | null;
  /** Whether the difference leaves zero after the correction. */
  readonly isClear: boolean;
}

/**
 * Gains of arms over the one to beat.
 * @param own  by arm, a figure a seed, null where there is none.
 * @param base  likewise, of the one to beat.
 */
export function gainsOver(own: readonly (readonly (number | null)[])[], base: readonly (number | null)[]): Gain[] {
  const differences = own.map((figures) => {
    return figures.flatMap((figure, seed) => {
      const beside = base[seed] ?? null;
      return figure === null || beside === null ? [] : [figure - beside];
    });
  });
  return gainsOf(differences);
}

/** Gains of arms by their differences, a figure for each seed that has one. */
export function gainsOf(gains: readonly (readonly number[])[]): Gain[] {
  const ps = gains.map(pairedP);
  const adjusted = holm(ps);
  return gains.map((differences, i) => ({
    n: differences.length,
    mean: differences.length === 0 ? null : mean(differences),
    interval: tInterval(differences),
    p: ps[i]!,
    adjusted: adjusted[i]!,
    isClear: adjusted[i] !== null && adjusted[i]! <= level,
  }));
}

// Differences that are all the same say nothing of chance.
function pairedP(differences: readonly number[]): number | null {
  const n = differences.length;
  const spread = standardDeviation(differences);
  if (n < 2 || !(spread > 1e-12)) return null;
  return tTails(mean(differences) / (spread / Math.sqrt(n)), n - 1);
}

/**
 * Holm's correction: the k-th smallest of m is multiplied by m − k + 1, none falls below the one before it, and none exceeds 1.
 * @param ps  null where there is none; these do not count.
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const known = [...ps.keys()].filter((i) => ps[i] !== null).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted: (number | null)[] = ps.map(() => null);
  let largest = 0;
  for (const [k, i] of known.entries()) {
    largest = Math.max(largest, Math.min(1, ps[i]! * (known.length - k)));
    adjusted[i] = largest;
  }
  return adjusted;
}
