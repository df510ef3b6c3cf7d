/**
 * One step of one group in plain float64, written from the method alone: plausible set (eqs. 14, 15), contrast (eq. 13),
 * temperature, nucleus by a full sort, draw by inverse CDF on integer masses. It shares no code with the engine, not
 * even the random numbers; tests demand equal tokens.
 */
import type { SampleStepOptions } from "../../lib/testing.js";

/** Mass of the most likely token. */
const massOfMode = 2 ** 40;

/** A partner's logit counts as at most this far below its row's best one. */
const partnerFloor = 50;

/**
 * M token ids, −1 for ended rows.
 * @throws {Error} when an active row has a NaN or no finite best logit.
 */
export function referenceStep(options: SampleStepOptions): Int32Array {
  const { logits, vocab, gamma, weights, active, plausibility, topP } = options;
  const { topK = 0, temperature = 1, seed = 0, group = 0, step = 0 } = options;
  const nRows = active.length;
  const rows = Array.from({ length: nRows }, (_, m) => logits.subarray(m * vocab, (m + 1) * vocab));
  const best = rows.map((row, m) => (active[m] ? finiteMaximum(row, m) : Number.NaN));

  const tokens = rows.map((own, m) => {
    if (!active[m]) return -1;
    const plausible = plausibleTokens(own, best[m]!, plausibility);
    const partners = rows.map((row, n) => ({ row, n, weight: weights[m * nRows + n]! })).filter(({ n }) => n !== m);
    const missing = partners.filter(({ n }) => !active[n]).map(({ weight }) => weight);
    // what γ holds above 1 pays for the contrast: it goes with the partners
    const exponent = missing.reduce((left, weight) => Math.max(Math.min(gamma, 1), left - weight), gamma);
    const scores = Float64Array.from(plausible, (w) => exponent * own[w]!);
    for (const { row, n, weight } of partners) {
      if (active[n]) subtract(scores, plausible, weight, row, best[n]! - partnerFloor);
    }
    for (let i = 0; i < scores.length; i++) scores[i]! /= temperature;
    const uniform = uniformBits(BigInt(seed), BigInt(group), BigInt(m), BigInt(step));
    return plausible[draw(scores, topP, topK, uniform)]!;
  });
  return Int32Array.from(tokens);
}

function finiteMaximum(row: Float32Array, m: number): number {
  const best = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY); // NaN if any is
  if (!Number.isFinite(best)) throw new Error(`Expected a finite best logit in row ${m}, received ${best}`);
  return best;
}

/** Ids in ascending order; a token of logit −∞ is never plausible, also at α = 0. */
function plausibleTokens(row: Float32Array, best: number, plausibility: number): Int32Array {
  const ids = new Int32Array(row.length);
  const border = best + Math.log(plausibility);
  let n = 0;
  for (let w = 0; w < row.length; w++) if (row[w]! >= border && row[w]! > Number.NEGATIVE_INFINITY) ids[n++] = w;
  return ids.subarray(0, n);
}

/** scores(w) −= weight · max(l_n(w), floor) */
function subtract(scores: Float64Array, tokens: Int32Array, weight: number, other: Float32Array, floor: number): void {
  for (let i = 0; i < tokens.length; i++) scores[i]! -= weight * Math.max(other[tokens[i]!]!, floor);
}

/** Index of the score that is drawn. Sums of masses are BigInt: they pass 2^53 at 8192 likely tokens. */
function draw(scores: Float64Array, topP: number, topK: number, uniform: bigint): number {
  const best = scores.reduce((a, b) => Math.max(a, b));
  const masses = scores.map((score) => Math.floor(Math.exp(score - best) * massOfMode));
  const total = massOf(masses, scores, Number.NEGATIVE_INFINITY);

  const order = scores.filter((_, i) => masses[i]! > 0).sort(); // what has no mass moves no sum
  order.reverse();
  let threshold = order[0]!;
  let reached = 0n;
  let n = 0;
  const massInOrder = (score: number) => BigInt(Math.floor(Math.exp(score - best) * massOfMode));
  while (n < order.length && Number(reached) < topP * Number(total)) {
    threshold = order[n++]!;
    reached += massInOrder(threshold);
  }
  if (topK > 0 && topK < n) threshold = order[topK - 1]!;

  const drawn = (uniform * massOf(masses, scores, threshold)) >> 64n;
  let cumulative = 0n;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! < threshold) continue;
    cumulative += BigInt(masses[i]!);
    if (cumulative > drawn) return i;
  }
  throw new Error("unreachable: the cumulative mass passes every number below it");
}

/** Mass of the scores that are at least `threshold`. */
function massOf(masses: Float64Array, scores: Float64Array, threshold: number): bigint {
  let sum = 0n;
  for (let i = 0; i < scores.length; i++) if (masses[i]! > 0 && scores[i]! >= threshold) sum += BigInt(masses[i]!);
  return sum;
}

/** The 64 bits of a draw: words 1 and 0 of Philox4x32-10 at (step, row, group low, group high), keyed by the seed. */
export function uniformBits(seed: bigint, group: bigint, row: bigint, step: bigint): bigint {
  const low32 = 0xffffffffn;
  let [c0, c1, c2, c3] = [step, row, group & low32, group >> 32n];
  let [k0, k1] = [seed & low32, seed >> 32n];
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * c0;
    const p1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & low32, (p0 >> 32n) ^ c3 ^ k1, p0 & low32];
    k0 = (k0 + 0x9e3779b9n) & low32;
    k1 = (k1 + 0xbb67ae85n) & low32;
  }
  return (c1 << 32n) | c0;
}
