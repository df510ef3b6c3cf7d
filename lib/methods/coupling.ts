/**
 * From a method to the rows of its group and the contrast sets between them: all that the engine needs to know of it.
 */
import { methodRepeat } from "./methods.js";
import { commonExponent, type MatchableMethod, type Method } from "./schema.js";

/** One row of a group. */
export interface ShapeRow {
  /** Index of the label whose prompt the row has. */
  readonly label: number;
  /** Which of the label's R prompts: 0..R-1. */
  readonly repeat: number;
  /** The row whose tokens this one is fed: itself, or for a contrast row of CFG the generating row. */
  readonly follows: number;
  /** The generating row whose prompt this one has: itself, or for a contrast row of CFG the partner. */
  readonly promptOf: number;
  /** The prompt is rendered without its context (context-aware decoding). */
  readonly withoutContext: boolean;
}

/**
 * One row's contrast with others: `total` is shared equally by the members that are still active, and is 0 when none
 * is.
 */
export interface ContrastSet {
  readonly row: number;
  /** γ − δ, γ_intra, γ_cross or one γ_mn; > 0. */
  readonly total: number;
  /**
   * Rows, ascending, never `row` itself. Empty where the method has no possible partner: the row is then uncontrasted.
   */
  readonly members: readonly number[];
}

/** The rows of a group and their coupling. Every group of a run has the same. */
export interface GroupShape {
  /** γ, the exponent on a row's own distribution. */
  readonly gamma: number;
  /** Multiplies `sampling.temperature`; 1, except for fewgen-matched. */
  readonly temperature: number;
  /** The first so many rows generate (labels · R, row = label · R + repeat); the rest are contrast rows. */
  readonly generating: number;
  readonly rows: readonly ShapeRow[];
  readonly sets: readonly ContrastSet[];
}

/**
 * Lays out the group of a method.
 * @param method A sound method, as `resolveSpec` gives it.
 * @param nLabels K ≥ 1. A matrix must have K · R rows.
 */
export function groupShape(method: Method, nLabels: number): GroupShape {
  const repeat = methodRepeat(method);
  const rows = Array.from({ length: nLabels * repeat }, (_, m) => generatingRow(m, repeat));
  const plain = { gamma: 1, temperature: 1, generating: rows.length, rows, sets: [] };
  switch (method.name) {
    case "fewgen":
      return plain;
    case "fewgen-matched":
      return { ...plain, temperature: 1 / commonExponent(method.match) };
    case "matrix":
      return { ...plain, gamma: method.gamma, sets: matrixSets(method.weights) };
    case "context-aware":
      return { ...plain, gamma: method.gamma, ...withContextRows(rows, method.gamma - method.delta) };
    case "cfg-intra":
    case "cfg-cross":
    case "cfg-hybrid":
      return { ...plain, gamma: method.gamma, ...withPromptRows(rows, partnerSets(method, rows)) };
    default:
      return { ...plain, gamma: method.gamma, sets: partnerSets(method, rows) };
  }
}

/**
 * True when the method contrasts, but no row could ever have a partner: Cross with one label, Intra with one repeat.
 */
export function hasNoPartners({ sets }: GroupShape): boolean {
  return sets.length > 0 && sets.every((set) => set.members.length === 0);
}

function generatingRow(m: number, repeat: number): ShapeRow {
  return { label: Math.floor(m / repeat), repeat: m % repeat, follows: m, promptOf: m, withoutContext: false };
}

// Same-label and other-label sets of each row (eqs. 10-12). A total of 0 makes no set.
function partnerSets(
  method: Exclude<MatchableMethod, { name: "context-aware" }>,
  rows: readonly ShapeRow[],
): ContrastSet[] {
  const { intra, cross } = partnerTotals(method);
  return rows.flatMap((row, m) => {
    const others = rows.map((_, n) => n).filter((n) => n !== m);
    const same = others.filter((n) => rows[n]?.label === row.label);
    const other = others.filter((n) => rows[n]?.label !== row.label);
    return [
      { row: m, total: intra, members: same },
      { row: m, total: cross, members: other },
    ].filter((set) => set.total > 0);
  });
}

function partnerTotals(method: Exclude<MatchableMethod, { name: "context-aware" }>): { intra: number; cross: number } {
  switch (method.name) {
    case "intra":
    case "cfg-intra":
      return { intra: method.gamma - method.delta, cross: 0 };
    case "cross":
    case "cfg-cross":
      return { intra: 0, cross: method.gamma - method.delta };
    default:
      return { intra: method.intra, cross: method.cross };
  }
}

// One set of one member for each entry: an ended partner takes its weight away and leaves the others as given (eq. 3).
function matrixSets(weights: readonly (readonly number[])[]): ContrastSet[] {
  return weights.flatMap((row, m) =>
    row.map((total, n) => ({ row: m, total, members: [n] })).filter(({ total }) => total > 0),
  );
}

// CFG (App. D): for every partner n of row m one more row, with n's prompt and m's own continuation, in the order (m,
// n).
function withPromptRows(generating: readonly ShapeRow[], sets: readonly ContrastSet[]) {
  const rows = [...generating];
  const own = generating.map((_, m) => {
    const partners = sets.filter((set) => set.row === m).flatMap((set) => set.members);
    return new Map(partners.sort((a, b) => a - b).map((n) => [n, addContrastRow(rows, m, n, false)]));
  });
  return {
    rows,
    sets: sets.map((set) => ({ ...set, members: set.members.map((n) => own[set.row]?.get(n) as number) })),
  };
}

function withContextRows(generating: readonly ShapeRow[], total: number) {
  if (total === 0) return {};
  const rows = [...generating];
  return { rows, sets: generating.map((_, m) => ({ row: m, total, members: [addContrastRow(rows, m, m, true)] })) };
}

function addContrastRow(rows: ShapeRow[], follows: number, promptOf: number, withoutContext: boolean): number {
  const { label, repeat } = rows[promptOf] as ShapeRow;
  return rows.push({ label, repeat, follows, promptOf, withoutContext }) - 1;
}
