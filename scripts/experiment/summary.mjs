// From the runs of a setting to means with intervals, and from two curves to the distance between them.
import { tInterval } from "../../dist/evaluate/index.js";
import { mean, standardDeviation, tQuantile } from "../../dist/numbers/statistics.js";

/** The figures that are compared: where each stands in an evaluation, and how it is printed. */
export const figures = [
  { id: "accuracy", name: "Accuracy", way: "↑", times: 100, digits: 1, of: (e) => e.student.value?.accuracy },
  { id: "agreement", name: "Agreement", way: "↑", times: 100, digits: 1, of: (e) => e.labelFidelity.value?.accuracy },
  { id: "mauve", name: "MAUVE", way: "↑", times: 100, digits: 1, of: (e) => e.mauve.value?.score },
  { id: "selfBleu", name: "Self-BLEU-5", way: "↓", times: 100, digits: 1, of: (e) => e.sample.rows.selfBleu[5] },
  { id: "entropy", name: "Entity entropy", way: "↑", times: 1, digits: 2, of: (e) => e.sample.rows.entityEntropy },
  { id: "distinct2", name: "Distinct-2", way: "↑", times: 1, digits: 3, of: (e) => e.sample.rows.distinct[2] },
  { id: "near", name: "Near dup., %", way: "↓", times: 100, digits: 1, of: (e) => e.sample.rows.nearDuplicates },
  { id: "copied", name: "Copied, %", way: "↓", times: 100, digits: 1, of: (e) => e.copiesOfSeeds.value?.nearRate },
  { id: "tokens", name: "Tokens", way: "", times: 1, digits: 1, of: (e) => e.sample.rows.meanTokens },
];

/** Mean, 95 % interval and values of each figure over the seeds. */
export function summarise(evaluations) {
  const entries = figures.map(({ id, of }) => {
    const values = evaluations.map(of).filter((value) => value !== undefined && value !== null);
    return [id, values.length === 0 ? null : { mean: mean(values), interval: tInterval(values), values }];
  });
  return Object.fromEntries(entries);
}

/**
 * How far a point lies above a curve at its own Self-BLEU: the curve's means joined by straight lines. The 95 %
 * interval counts the spread of the point in both directions and that of the curve's two neighbours, with as many
 * degrees of freedom as the fewest seeds leave. Null outside of the curve.
 */
export function above(curve, point, figure) {
  const sorted = [...curve].sort((a, b) => a.selfBleu.mean - b.selfBleu.mean);
  const x = point.selfBleu.mean;
  const right = sorted.findIndex((other) => other.selfBleu.mean >= x);
  if (right < 1) return null;
  const [a, b] = [sorted[right - 1], sorted[right]];
  const width = b.selfBleu.mean - a.selfBleu.mean;
  const share = (x - a.selfBleu.mean) / width;
  const slope = (b[figure].mean - a[figure].mean) / width;
  const variance =
    error(point[figure]) ** 2 +
    (slope * error(point.selfBleu)) ** 2 +
    ((1 - share) * error(a[figure])) ** 2 +
    (share * error(b[figure])) ** 2;
  const fewest = Math.min(...[point, a, b].map((summary) => summary[figure].values.length));
  const gain = point[figure].mean - (a[figure].mean + share * (b[figure].mean - a[figure].mean));
  if (fewest < 2) return { gain, interval: null };
  const half = tQuantile(fewest - 1) * Math.sqrt(variance);
  return { gain, interval: [gain - half, gain + half] };
}

// Of the mean.
function error({ values }) {
  return values.length < 2 ? 0 : standardDeviation(values) / Math.sqrt(values.length);
}
