// Samples of rows: most scores depend on the number of rows, so sets are compared on equal numbers of them.
import { invalidField } from "../errors.js";
import { sum } from "../numbers/sum.js";
import { evaluationRandom } from "../random.js";
import { byLabel } from "./by-label.js";

/**
 * The positions of `n` of the rows, ascending; all of them, without a draw, where there are just so many.
 * @param options.mix  labels whose proportions the sample takes over, to within one row of each; default those of
 * chance.
 * @param options.seed  an integer 0..2^53 − 1; default 0.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there are not as many rows, or not of each label:
 * `largestSample` says how many there are.
 * @example
 * import { sampleRows } from "corrsynth/evaluate";
 * const positions = sampleRows(["a", "a", "a", "b"], 2, { mix: ["a", "b"], seed: 7 });
 * console.log(positions.length, positions.includes(3)); // one of each label: 2 true
 */
export function sampleRows(
  labels: readonly string[],
  n: number,
  options: { readonly mix?: readonly string[] | undefined; readonly seed?: number } = {},
): number[] {
  const { mix, seed = 0 } = options;
  const largest = largestSample(labels, mix);
  if (!Number.isInteger(n) || n < 0 || n > largest) {
    throw invalidField("n", `Expected an integer 0..${largest}, received ${n}`);
  }
  if (n === labels.length) return [...labels.keys()];
  const random = evaluationRandom(seed, "sample");
  if (mix === undefined) return random.sample(labels.length, n).sort((a, b) => a - b);
  const positions = positionsByLabel(labels);
  const drawn = [...quotas(mix, n)].flatMap(([label, count]) => {
    const own = positions.get(label) ?? [];
    return random.sample(own.length, count).map((i) => own[i]!);
  });
  return drawn.sort((a, b) => a - b);
}

/**
 * The most rows that a sample can have: all, or with `mix` as many as the scarcest label allows.
 * @example
 * import { largestSample } from "corrsynth/evaluate";
 * console.log(largestSample(["a", "a", "a", "b"], ["a", "b"])); // two of one label and one of the other: 3
 */
export function largestSample(labels: readonly string[], mix?: readonly string[]): number {
  if (mix === undefined) return labels.length;
  const positions = positionsByLabel(labels);
  const fits = (n: number) =>
    [...quotas(mix, n)].every(([label, count]) => count <= (positions.get(label)?.length ?? 0));
  let n = labels.length;
  for (const [label, count] of byLabel(mix, mix, (own) => own.length)) {
    n = Math.min(n, Math.ceil((((positions.get(label)?.length ?? 0) + 1) * mix.length) / count));
  }
  while (n > 0 && !fits(n)) n--;
  return mix.length === 0 ? 0 : n;
}

function positionsByLabel(labels: readonly string[]): Map<string, readonly number[]> {
  return byLabel([...labels.keys()], labels, (own) => own);
}

// Rows of each label, in proportion to `mix` and n in all: shares rounded down, and what is left to the largest
// remainders.
function quotas(mix: readonly string[], n: number): Map<string, number> {
  const shares = [...byLabel(mix, mix, (own) => (own.length * n) / mix.length)];
  const counts = new Map(shares.map(([label, share]) => [label, Math.floor(share)]));
  const left = n - sum(counts.values());
  const byRemainder = shares.sort(([, a], [, b]) => (b % 1) - (a % 1));
  for (const [label] of byRemainder.slice(0, left)) counts.set(label, counts.get(label)! + 1);
  return counts;
}
