// Which dataset is best in a metric, and which may be as good.
import type { Metric, Score } from "../evaluate/score.js";
import type { Interval } from "../numbers/statistics.js";

/**
 * How one dataset stands to the others in one metric; "tied" where it may be as good as the best: their intervals
 * overlap.
 */
export type Standing = "best" | "tied" | null;

/**
 * Nobody is best of fewer than two, where the metric has no direction, or where the numbers do not compare. Noise is
 * diverse and copies nothing, so but for the metrics of training only those are compared whose labels are known to be
 * as good as the best ones'.
 * @param fidelities  label fidelity of each dataset.
 */
export function standings(
  { better, group }: Pick<Metric, "better" | "group">,
  scores: readonly Score[],
  fidelities: readonly Score[],
): Standing[] {
  const isTrue = group === "Use for training" ? scores.map(() => true) : areTrue(fidelities);
  const known = scores.filter(({ value }, i) => value !== null && isTrue[i]);
  const none = scores.map(() => null);
  if (better === null || known.length < 2 || new Set(known.map(({ by }) => by)).size > 1) return none;
  const sign = better === "higher" ? 1 : -1;
  const best = known.reduce((a, b) => (sign * b.value! > sign * a.value! ? b : a));
  if (known.every(({ value }) => value === best.value)) return none;
  return scores.map((score) => {
    if (!known.includes(score)) return null;
    return score.value === best.value ? "best" : isTied(score, best) ? "tied" : null;
  });
}

// Whose labels are confirmed as often as the best dataset's, as far as can be told.
function areTrue(fidelities: readonly Score[]): boolean[] {
  const known = fidelities.filter(({ value }) => value !== null);
  if (known.length === 0 || new Set(known.map(({ by }) => by)).size > 1) return fidelities.map(() => false);
  const best = known.reduce((a, b) => (b.value! > a.value! ? b : a));
  return fidelities.map((score) => score.value !== null && (score === best || isTied(score, best)));
}

// By the widest intervals: what differs within them may be chance.
function isTied(a: Score, b: Score): boolean {
  if (Math.abs(a.value! - b.value!) <= (a.margin ?? 0)) return true;
  const [low, high] = [widest(a), widest(b)];
  return low !== null && high !== null && low[0] <= high[1] && high[0] <= low[1];
}

function widest({ intervals = [] }: Score): Interval | null {
  if (intervals.length === 0) return null;
  return [
    Math.min(...intervals.map(({ interval }) => interval[0])),
    Math.max(...intervals.map(({ interval }) => interval[1])),
  ];
}
