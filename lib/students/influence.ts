// Which rows help: how a student would do on others without them (ProGen, Ye et al. 2022).
import { checkOption } from "../checks/option.js";
import { invalidField } from "../errors.js";
import { evaluationRandom } from "../random.js";
import { LastLayer } from "./last-layer.js";
import { type JudgedRow, type Layered, layered } from "./row-vectors.js";

/** How rows are held out and judged. */
export interface InfluenceOptions {
  /** What to tell apart; default the labels of the rows, sorted. */
  readonly labels?: readonly string[] | undefined;
  /** Share of the rows of each label that is held out, above 0 and below 1; default 0.2. */
  readonly heldOut?: number | undefined;
  /** Inverse strength of the penalty, as the logistic student has it, above 0; default 10. */
  readonly c?: number | undefined;
  /** Of what is held out, an integer 0..2^53 − 1; default 0. */
  readonly seed?: number | undefined;
}

/**
 * For each row how much the reverse cross-entropy of a held-out part of the rows would rise, were it left out of the
 * training: above 0 of rows that help. Null of the rows that are held out.
 *
 * The student is softmax regression on hashed TF-IDF, or on the rows' vectors where all have one; what leaving a row out would do is
 * told by influence functions (Koh & Liang 2017), without a second training. Reverse cross-entropy is 4 (1 − p of the label): bounded, so
 * that wrong labels among the held-out rows do little. Synchronous: seconds for 1,000 rows.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `trainStudent`, for options out of range, and for fewer than four
 * rows of a weight above 0.
 * @example
 * import { rowInfluence } from "corrsynth/evaluate";
 * const of = (label: string, texts: string[]) => texts.map((text) => ({ text, label }));
 * const rows = [...of("fruit", ["red apple", "ripe apple", "green apple"]), ...of("tool", ["old saw", "new saw", "red saw"])];
 * console.log(rowInfluence(rows, { seed: 7 }).filter((influence) => influence !== null).length); // 4
 */
export function rowInfluence(rows: readonly JudgedRow[], options: InfluenceOptions = {}): (number | null)[] {
  const { heldOut = 0.2, c = 10, seed = 0 } = options;
  checkOption("heldOut", heldOut, "a share above 0 and below 1", heldOut > 0 && heldOut < 1);
  checkOption("c", c, "a number above 0", c > 0 && Number.isFinite(c));
  const read = layered(rows, options.labels);
  const { held, learnt } = parted(read, heldOut, seed, 0);
  const weights = Float64Array.from(learnt, (r) => read.weights[r]!);
  const layer = new LastLayer(pick(read, learnt), weights, { labels: read.labels.length, dims: read.dims, c });
  const slopes = layer.slopes(pick(read, held));
  const influence = rows.map((): number | null => null);
  for (const [i, r] of learnt.entries()) influence[r] = -weights[i]! * slopes[i]!;
  return influence;
}

/** The rows of these numbers. */
export function pick({ rows }: Layered, numbers: readonly number[]) {
  return numbers.map((r) => rows[r]!);
}

/**
 * Rows of a weight above 0 parted in two, by number: of each label its share is held out, one at least where it has two.
 * @param draw  which of the partings of one seed, an integer from 0.
 */
export function parted(
  { rows, weights }: Layered,
  heldOut: number,
  seed: number,
  draw: number,
): { readonly held: readonly number[]; readonly learnt: readonly number[] } {
  const random = evaluationRandom(seed, "held-out", draw);
  const byLabel = new Map<number, number[]>();
  const counting = [...rows.keys()].filter((r) => weights[r]! > 0);
  if (counting.length < 4) {
    const message = "Expected at least four rows of a weight above 0, to learn from most and hold out some, received";
    throw invalidField("rows", `${message} ${counting.length}`);
  }
  for (const r of counting) byLabel.set(rows[r]!.target, [...(byLabel.get(rows[r]!.target) ?? []), r]);
  const held = new Set<number>();
  for (const [, own] of [...byLabel].sort(([a], [b]) => a - b)) {
    const most = own.length - 1; // a label whose rows were all held out would be unknown
    const count = Math.min(most, Math.max(1, Math.round(heldOut * own.length)));
    for (const i of random.sample(own.length, count)) held.add(own[i]!);
  }
  const isHeld = (r: number) => held.has(r);
  return { held: [...held].sort((a, b) => a - b), learnt: counting.filter((r) => !isHeld(r)) };
}
