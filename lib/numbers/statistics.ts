// Means and the intervals around them.

/** The arithmetic mean; NaN of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * The standard deviation: of a sample (divisor n − 1) by default, of a whole population (divisor n) with `ddof` 0. NaN
 * where the divisor is not positive.
 * @example
 * import { standardDeviation } from "corrsynth/evaluate";
 * console.log(standardDeviation([1, 2, 3]), standardDeviation([1, 3], 0)); // 1 1
 */
export function standardDeviation(values: ArrayLike<number>, ddof: 0 | 1 = 1): number {
  const center = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - center) ** 2;
  return values.length > ddof ? Math.sqrt(squares / (values.length - ddof)) : Number.NaN;
}

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number];

/**
 * The 95 % confidence interval of the mean of a sample, by Student's t with n − 1 degrees of freedom. Null of fewer
 * than two values, whose spread is unknown.
 * @example
 * import { tInterval } from "corrsynth/evaluate";
 * const [low, high] = tInterval([0.81, 0.83, 0.85]) ?? [];
 * console.log(low?.toFixed(2), high?.toFixed(2)); // 0.78 0.88
 */
export function tInterval(values: ArrayLike<number>): Interval | null {
  if (values.length < 2) return null;
  const center = mean(values);
  const half = (tQuantile(values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
  return [center - half, center + half];
}

/** The t that |T| stays below with probability 0.95, for an integer number of degrees of freedom from 1. */
export function tQuantile(degrees: number): number {
  let [low, high] = [0, 13]; // 12.7 at one degree is the largest
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, degrees) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability that |T| exceeds |t| by chance, for an integer number of degrees of freedom from 1. */
export function tTails(t: number, degrees: number): number {
  return Math.max(0, 1 - centralProbability(Math.abs(t), degrees));
}

// P(|T| < t) as a finite sum in the angle atan(t / sqrt(degrees)) (Abramowitz & Stegun 26.7.3, 26.7.4).
function centralProbability(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/**
 * Wilson's 95 % confidence interval of a share 0..1 that was seen in `n` ≥ 1 independent trials.
 * @example
 * import { wilsonInterval } from "corrsynth/evaluate";
 * console.log(wilsonInterval(0.9, 20).map((end) => end.toFixed(2))); // [ '0.70', '0.97' ]
 */
export function wilsonInterval(share: number, n: number): Interval {
  const z = 1.959963984540054;
  const shrink = 1 + z ** 2 / n;
  const center = (share + z ** 2 / (2 * n)) / shrink;
  const half = (z / shrink) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, center - half), Math.min(1, center + half)];
}
