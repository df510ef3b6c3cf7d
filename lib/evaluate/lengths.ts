// How long the texts are, and how far that is from how long the gold texts are.
import { checkInteger } from "../checks/option.js";
import { invalidField } from "../errors.js";
import { mean, standardDeviation } from "../numbers/statistics.js";

/** The distribution of lengths, in tokens. */
export interface LengthDistribution {
  /** Texts that were measured. */
  readonly texts: number;
  /** Texts of no token, which were left out. */
  readonly blank: number;
  /** What follows is null without texts. */
  readonly mean: number | null;
  /** Population standard deviation (divisor: the number of texts). */
  readonly sd: number | null;
  /** Least, 5 %, 25 %, 50 % (median), 75 %, 95 %, and largest; between two texts interpolated linearly. */
  readonly quantiles: Readonly<Record<"min" | "p5" | "p25" | "median" | "p75" | "p95" | "max", number>> | null;
  /** `counts[i]` texts have a length from `i * binWidth` up to, not including, `(i + 1) * binWidth`. */
  readonly histogram: { readonly binWidth: number; readonly counts: readonly number[] };
}

/** How far two distributions of lengths are apart. */
export interface LengthDistance {
  /**
   * 1-Wasserstein (earth mover's) distance in tokens, from 0: by how much the length of a text would have to change, on
   * average.
   */
  readonly wasserstein: number;
  /** Kolmogorov-Smirnov statistic, 0..1: the largest difference of the shares of texts up to some length. */
  readonly kolmogorovSmirnov: number;
}

/**
 * Mean, spread, quantiles and histogram of the lengths of texts.
 * @param lengths  tokens in each text, integers from 0; those of length 0 are left out and counted as `blank`.
 * @param options.binWidth  tokens in a bin of the histogram, an integer from 1; default `lengthBinWidth(lengths)`.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when a length or the width is no such integer.
 * @example
 * import { lengthDistribution } from "corrsynth/evaluate";
 * const { mean, quantiles, blank } = lengthDistribution([3, 5, 0, 10]);
 * console.log(mean, quantiles?.median, blank); // 6 5 1
 */
export function lengthDistribution(
  lengths: readonly number[],
  options: { readonly binWidth?: number } = {},
): LengthDistribution {
  const sorted = sortedLengths(lengths, "lengths");
  const binWidth = options.binWidth ?? lengthBinWidth(lengths);
  checkInteger("binWidth", binWidth, 1);
  const texts = sorted.length;
  const blank = lengths.length - texts;
  if (texts === 0) return { texts, blank, mean: null, sd: null, quantiles: null, histogram: { binWidth, counts: [] } };
  const counts = new Array<number>(Math.floor(sorted[texts - 1]! / binWidth) + 1).fill(0);
  for (const length of sorted) counts[Math.floor(length / binWidth)]!++;
  const at = (share: number) => quantile(sorted, share);
  const quantiles = {
    min: at(0),
    p5: at(0.05),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    max: at(1),
  };
  const histogram = { binWidth, counts };
  return { texts, blank, mean: mean(sorted), sd: standardDeviation(sorted, 0), quantiles, histogram };
}

/**
 * The least of 1, 2, 5, 10, 20, 50, … that puts all lengths into at most 30 bins: one width for histograms to lay side
 * by side.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when a length is no integer from 0.
 * @example
 * import { lengthBinWidth } from "corrsynth/evaluate";
 * console.log(lengthBinWidth([3, 5, 10], [40, 75])); // 5
 */
export function lengthBinWidth(...sets: readonly (readonly number[])[]): number {
  let longest = 0;
  for (const lengths of sets) {
    checkLengths(lengths, "lengths");
    for (const length of lengths) longest = Math.max(longest, length);
  }
  for (let decade = 1; ; decade *= 10) {
    for (const width of [decade, 2 * decade, 5 * decade]) if (longest < 30 * width) return width;
  }
}

/**
 * The distance of the lengths of texts from those of gold texts, both counted by the same tokeniser. Lengths of 0 are
 * left out. Null where either has no texts.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when a length is no integer from 0.
 * @example
 * import { lengthDistance } from "corrsynth/evaluate";
 * console.log(lengthDistance([3, 5], [4, 6])?.wasserstein); // each is a token too short: 1
 */
export function lengthDistance(lengths: readonly number[], gold: readonly number[]): LengthDistance | null {
  const p = sortedLengths(lengths, "lengths");
  const q = sortedLengths(gold, "gold");
  if (p.length === 0 || q.length === 0) return null;
  let [wasserstein, kolmogorovSmirnov] = [0, 0];
  // In one dimension the least work is the area between the two cumulative distributions. Both are steps: walk along
  // them.
  for (let i = 0, j = 0, previous = 0; i < p.length || j < q.length; ) {
    const length = Math.min(p[i] ?? Number.POSITIVE_INFINITY, q[j] ?? Number.POSITIVE_INFINITY);
    wasserstein += Math.abs(i / p.length - j / q.length) * (length - previous);
    while (p[i] === length) i++;
    while (q[j] === length) j++;
    kolmogorovSmirnov = Math.max(kolmogorovSmirnov, Math.abs(i / p.length - j / q.length));
    previous = length;
  }
  return { wasserstein, kolmogorovSmirnov };
}

function checkLengths(lengths: readonly number[], path: string): void {
  const wrong = lengths.findIndex((length) => !Number.isInteger(length) || length < 0);
  if (wrong < 0) return;
  const message = `Expected lengths that are integers from 0, received ${lengths[wrong]}`;
  throw invalidField(`${path}[${wrong}]`, message);
}

function sortedLengths(lengths: readonly number[], path: string): Float64Array {
  checkLengths(lengths, path);
  return Float64Array.from(lengths.filter((length) => length > 0)).sort();
}

function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  return below + (sorted[Math.ceil(position)]! - below) * (position - Math.floor(position));
}
