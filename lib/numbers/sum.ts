// Sums of lists.

/** The sum of the values, added in their order; 0 of none. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * The Euclidean length √Σx² of a vector of any length, as exact as `Math.hypot`, which takes its numbers as arguments
 * and so throws a RangeError at some hundred thousand: scaled by the largest, so that no square overflows, and summed
 * by Kahan's method.
 */
export function euclideanLength(vector: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let [total, lost] = [0, 0];
  for (let i = 0; i < vector.length; i++) {
    const share = Math.abs(vector[i]!) / largest;
    const term = share * share - lost;
    const next = total + term;
    lost = next - total - term;
    total = next;
  }
  return Math.sqrt(total) * largest;
}
