// The ends of a list of any length. `Math.min(...values)` passes each value as an argument: at some hundred thousand
// there is no room for them on the stack, and it throws a RangeError.

/** The least value; Infinity of none, NaN where one is NaN. */
export function least(values: Iterable<number>): number {
  let found = Number.POSITIVE_INFINITY;
  for (const value of values) found = Math.min(found, value);
  return found;
}

/** The largest value; −Infinity of none, NaN where one is NaN. */
export function largest(values: Iterable<number>): number {
  let found = Number.NEGATIVE_INFINITY;
  for (const value of values) found = Math.max(found, value);
  return found;
}

/** Index of the largest value, the first on a tie; −1 of none. */
export function argmax(values: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) if (best === -1 || values[i]! > values[best]!) best = i;
  return best;
}
