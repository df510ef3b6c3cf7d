/**
 * From a method to the rows of its group and the contrast sets between them: all that the engine needs to know of it.
 */
import { methodRepeat } from "./methods.js";
import type { MatchableMethod, Method } from "./schema.js";
import { secondPartner } from "./second-partner.js";
import { commonExponent } from "./totals.js";

/** One row of a group. */
export interface ShapeRow {
  /** Which of the group's labels the row has the prompt of: 0..K-1; where a group has all labels, the label's index. */
  readonly label: number;
  /** Which of the label's R prompts: 0..R-1. */
  readonly repeat: number;
  /** The row whose tokens this one is fed: itself, or for a contrast row of CFG the generating row. */
  readonly follows: number;
  /**
   * The row whose prompt this one has, as label · R + repeat: itself, or for a contrast row of CFG the partner, which need
   * not generate in this group.
   */
  readonly promptOf: number;
  /** Which prompt that is. */
  readonly prompt: PromptKind;
  /** Whose logits it has: 0 the teacher's, 1 those of the second model, which has prompts of its own form. */
  readonly source: 0 | 1;
}

/**
 * Which prompt a row has: the task's "own"; that "without-context" (context-aware decoding); or the "negative" one (CFG by
 * a prompt).
 */
export type PromptKind = "own" | "without-context" | "negative";

/**
 * One row's contrast with others: `total` is shared equally by the members that are still active, and is 0 when none
 * is.
 */
export interface ContrastSet {
  readonly row: number;
  /** γ − δ, γ_intra, γ_cross or one γ_mn; > 0. Of a guide, which is mixed in, −w: minus its share of γ. */
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
  /** The first so many rows generate (row = label · R + repeat); the rest are contrast rows. */
  readonly generating: number;
  readonly rows: readonly ShapeRow[];
  readonly sets: readonly ContrastSet[];
}

/**
 * Lays out the group of a method.
 * @param method A sound method, as `resolveSpec` gives it.
 * @param nLabels K ≥ 1, labels of a group. A matrix must have K · R rows.
 * @param own The first so many of them generate: K, and of CFG alone perhaps fewer, since its partners need only prompts.
 */
export function groupShape(method: Method, nLabels: number, own = nLabels): GroupShape {
  const shape = teacherShape(method, nLabels, own);
  const weight = secondPartner(method)?.weight ?? 0;
  return weight === 0 ? shape : withSecondModel(shape, weight);
}

/** Rows of a group that one of the two models decodes. */
export function rowsOf(source: 0 | 1, rows: readonly ShapeRow[]): number {
  return rows.filter((row) => row.source === source).length;
}

// One row of the second model for each that generates, with the same label, examples and values.
function withSecondModel(shape: GroupShape, total: number): GroupShape {
  const { generating, sets } = shape;
  const rows = [...shape.rows];
  const second = rows.slice(0, generating).map((row, m) => {
    const members = [rows.push({ ...row, follows: m, source: 1 }) - 1];
    return { row: m, total, members };
  });
  return { ...shape, rows, sets: [...sets, ...second] };
}

function teacherShape(method: Method, nLabels: number, own: number): GroupShape {
  const repeat = methodRepeat(method);
  const prompts = Array.from({ length: nLabels * repeat }, (_, m) => generatingRow(m, repeat));
  const rows = prompts.slice(0, own * repeat);
  const plain = { gamma: 1, temperature: 1, generating: rows.length, rows, sets: [] };
  switch (method.name) {
    case "fewgen":
      return plain;
    case "fewgen-matched":
      return { ...plain, temperature: 1 / commonExponent(method.match) };
    case "matrix":
      return { ...plain, gamma: method.gamma, sets: matrixSets(method.weights) };
    case "contrastive":
      return { ...plain, gamma: method.gamma };
    case "guided":
    case "dola": // the engine adds the layers, here and beside other partners
      return plain;
    case "context-aware":
      return { ...plain, gamma: method.gamma, ...withFollowers(rows, method.gamma - method.delta, "without-context") };
    case "cfg-prompt":
      return { ...plain, gamma: method.gamma, ...withFollowers(rows, method.gamma - method.delta, "negative") };
    case "cfg-intra":
    case "cfg-cross":
    case "cfg-hybrid":
      return {
        ...plain,
        gamma: method.gamma,
        ...withPromptRows(
          prompts,
          partnerSets(method, prompts).filter(({ row }) => row < rows.length),
          rows.length,
        ),
      };
    default:
      return { ...plain, gamma: method.gamma, sets: partnerSets(method, rows) };
  }
}

/** Rows of the teacher that a group has for each label that generates in it, contrast rows included. */
export function rowsPerLabel(method: Method, nLabels: number): number {
  const repeat = methodRepeat(method);
  switch (method.name) {
    case "cfg-intra":
    case "cfg-cross":
    case "cfg-hybrid": {
      const { intra, cross } = partnerTotals(method);
      return repeat * (1 + (intra > 0 ? repeat - 1 : 0) + (cross > 0 ? (nLabels - 1) * repeat : 0));
    }
    case "context-aware":
    case "cfg-prompt":
      return method.gamma > method.delta ? 2 * repeat : repeat;
    default:
      return repeat;
  }
}

/** Whether the rows of a method are contrasted with those of other labels. */
export function contrastsLabels(method: Method): boolean {
  switch (method.name) {
    case "fewgen":
    case "fewgen-matched":
    case "context-aware":
    case "cfg-prompt":
    case "contrastive":
    case "guided":
    case "dola":
      return false;
    case "matrix":
      return true;
    default:
      return partnerTotals(method).cross > 0;
  }
}

/** Whether rows are contrasted with the prompts of their partners, which then need no rows of their own. */
export function contrastsPrompts({ name }: Method): boolean {
  return name === "cfg-intra" || name === "cfg-cross" || name === "cfg-hybrid";
}

/**
 * True when the method contrasts, but no row could ever have a partner: Cross with one label, Intra with one repeat.
 */
export function hasNoPartners({ sets }: GroupShape): boolean {
  return sets.length > 0 && sets.every((set) => set.members.length === 0);
}

function generatingRow(m: number, repeat: number): ShapeRow {
  return { label: Math.floor(m / repeat), repeat: m % repeat, follows: m, promptOf: m, prompt: "own", source: 0 };
}

// Same-label and other-label sets of each row (eqs. 10-12). A total of 0 makes no set.
function partnerSets(method: PartnerMethod, rows: readonly ShapeRow[]): ContrastSet[] {
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

type PartnerMethod = Exclude<MatchableMethod, { name: "context-aware" | "cfg-prompt" | "contrastive" }>;

function partnerTotals(method: PartnerMethod): { intra: number; cross: number } {
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
function withPromptRows(prompts: readonly ShapeRow[], sets: readonly ContrastSet[], generating: number) {
  const rows = prompts.slice(0, generating);
  const own = rows.map((_, m) => {
    const partners = sets.filter((set) => set.row === m).flatMap((set) => set.members);
    return { m, partners: partners.sort((a, b) => a - b) };
  });
  const at = own.map(
    ({ m, partners }) => new Map(partners.map((n) => [n, addContrastRow(rows, m, prompts[n]!, "own")])),
  );
  return { rows, sets: sets.map((set) => ({ ...set, members: set.members.map((n) => at[set.row]!.get(n)!) })) };
}

// One more row for each, with another prompt and the row's own continuation.
function withFollowers(generating: readonly ShapeRow[], total: number, prompt: PromptKind) {
  if (total === 0) return {};
  const rows = [...generating];
  return {
    rows,
    sets: generating.map((_, m) => ({ row: m, total, members: [addContrastRow(rows, m, rows[m]!, prompt)] })),
  };
}

function addContrastRow(rows: ShapeRow[], follows: number, partner: ShapeRow, prompt: PromptKind): number {
  const { label, repeat, promptOf } = partner;
  return rows.push({ label, repeat, follows, promptOf, prompt, source: 0 }) - 1;
}
