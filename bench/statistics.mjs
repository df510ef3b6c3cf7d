// Medians, spreads, and contenders that take turns.

/** The middle value; of an even number of values, the mean of the middle two. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** "median (least to most)" over the rounds. */
export function spread(values, digits = 1) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

/** Element by element: what the same round gave on both sides. */
export function ratios(above, below) {
  return above.map((value, round) => value / below[round]);
}

/** An array of objects as an object of arrays. */
export function columns(runs) {
  return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, runs.map((run) => run[key])]));
}

/**
 * Runs every contender once a round, the order turned round from one round to the next.
 * @param contenders  name -> function (may be async) that runs once and returns an object of figures
 * @returns name -> figure -> its values, one a round
 */
export async function takeTurns(rounds, contenders) {
  const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const order = Object.entries(contenders);
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of order) runs[name].push(await run(round));
    order.reverse();
  }
  return Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, columns(list)]));
}
