/** How strong a contrast is and what pays for it: from what a task says to γ and what is taken from it. */
import { z } from "zod";
import { type Partners, paidField, partnersIssue, takenBeside, weightBeside } from "./partners.js";

// 0.1 + 0.2 is not 0.3: sums that a person meant to be γ count as γ.
const ROUNDING = 1e-9;

/** A total contrast: in 0..10^5. */
export const total = z.number().min(0).max(1e5);

/** γ in (0, 10^6]. */
export const gamma = z.number().positive().max(1e6);

/**
 * What pays for a contrast. "paper": γ = 1, so it is taken from what all rows share, which heats it to 1/δ. "none":
 * γ = 1 + the total contrast, so that δ = 1 and the contrast only adds.
 */
export const heat = z.enum(["none", "paper"]);

type Heat = z.output<typeof heat>;

/** γ and δ of a method with one total contrast. */
export interface DeltaWeights {
  /** γ in (0, 10^6], exponent on a row's own distribution. */
  readonly gamma: number;
  /** δ in 0..γ: a row's total contrast is γ − δ. */
  readonly delta: number;
}

/** γ and the totals of a method with two kinds of partners. */
export interface HybridWeights {
  /** γ in (0, 10^6], exponent on a row's own distribution. */
  readonly gamma: number;
  /** γ_intra ≥ 0, total contrast with the rows of the same label. */
  readonly intra: number;
  /** γ_cross ≥ 0, total contrast with the rows of other labels; γ_intra + γ_cross ≤ γ. */
  readonly cross: number;
}

type Given<Weights> = { readonly [Key in keyof Weights]?: Weights[Key] | undefined } & {
  readonly heat?: Heat | undefined;
} & Partners;
export type DeltaSettings = Given<DeltaWeights> & { readonly contrast?: number | undefined };
export type HybridSettings = Given<{ gamma: number }> & Omit<HybridWeights, "gamma">;

interface Issue {
  readonly path: string[];
  readonly message: string;
}

/**
 * γ and δ: by the total contrast and what pays for it, or as given.
 * @param byDefault  the total contrast of a task that says nothing of it.
 */
export function deltaWeights(given: DeltaSettings, byDefault: number): DeltaWeights {
  const { contrast, heat, gamma = 1, delta } = given;
  const wanted = contrast ?? byDefault;
  const taken = takenBeside(given);
  if (heat === "none") return { gamma: 1 + wanted + taken, delta: 1 + taken };
  return { gamma, delta: delta ?? 1 - wanted };
}

/** γ and the totals of Hybrid: γ by what pays for them, or as given. */
export function hybridWeights(given: HybridSettings): HybridWeights {
  const { intra, cross, heat, gamma = 1 } = given;
  return { gamma: heat === "none" ? 1 + intra + cross + takenBeside(given) : gamma, intra, cross };
}

/** What is wrong with these settings together, each by itself being sound or none of this function's business. */
export function deltaIssue(given: DeltaSettings, byDefault: number): Issue | undefined {
  const mixed = mixture(given, ["contrast", "heat"], ["gamma", "delta"]) ?? partnersIssue(given);
  if (mixed !== undefined || !areNumbers(given.contrast, given.gamma, given.delta, weightBeside(given))) return mixed;
  const { gamma, delta } = deltaWeights(given, byDefault);
  if (given.contrast !== undefined && delta < 0) {
    const message = `Expected at most 1 with "heat: paper" (γ is 1 and pays for it), received ${given.contrast}`;
    return { path: ["contrast"], message };
  }
  const [paid, taken] = [paidField(given), takenBeside(given)];
  if (delta <= gamma && paid !== undefined && !withinGamma(gamma - delta + taken, gamma)) {
    const message = `Expected at most "delta" (${delta}), which pays for it, received ${taken}`;
    return { path: [paid, "weight"], message: `${message}: use "heat: none", or raise gamma and delta` };
  }
  if (delta <= gamma) return undefined;
  return { path: ["delta"], message: `Expected "delta" between 0 and "gamma" (${gamma}), received ${delta}` };
}

/** As {@link deltaIssue}, of Hybrid. */
export function hybridIssue(given: HybridSettings): Issue | undefined {
  const mixed = mixture(given, ["heat"], ["gamma"]) ?? partnersIssue(given);
  if (mixed !== undefined || !areNumbers(given.intra, given.cross, given.gamma, weightBeside(given))) return mixed;
  const { gamma, intra, cross } = hybridWeights(given);
  const [paid, taken] = [paidField(given), takenBeside(given)];
  if (paid !== undefined && withinGamma(intra + cross, gamma) && !withinGamma(intra + cross + taken, gamma)) {
    const message = `Expected at most "gamma" - "intra" - "cross", which pays for it, received ${taken}`;
    return { path: [paid, "weight"], message: `${message}: use "heat: none", or raise gamma` };
  }
  if (withinGamma(intra + cross, gamma)) return undefined;
  const message = `Expected "intra" + "cross" of at most "gamma" (${gamma}), received ${intra} + ${cross}`;
  return { path: ["intra"], message };
}

/** What partners take of a row in all: other rows, prompts, and an amateur or early layers. */
export function takenOf(weights: (DeltaWeights | HybridWeights) & Partners): number {
  const rows = "delta" in weights ? weights.gamma - weights.delta : weights.intra + weights.cross;
  return rows + takenBeside(weights);
}

/** Whether a total contrast is at most γ. */
export function withinGamma(contrast: number, gamma: number): boolean {
  return contrast <= gamma * (1 + ROUNDING);
}

/** Whether a total contrast is all of γ, so that rows that agree are left with nothing of their own distribution. */
export function takesAll(contrast: number, gamma: number): boolean {
  return contrast >= gamma * (1 - ROUNDING);
}

/** γ − a total contrast: the exponent on what all rows share. 1 where a person meant 1. */
export function remainder(gamma: number, contrast: number): number {
  const rest = gamma - contrast;
  return Math.abs(rest - 1) <= gamma * ROUNDING ? 1 : rest;
}

// Two ways to say one thing, of which a task may take one.
function mixture<Given extends object>(given: Given, one: (keyof Given)[], other: (keyof Given)[]): Issue | undefined {
  const first = one.find((name) => given[name] !== undefined);
  const second = other.find((name) => given[name] !== undefined);
  if (first === undefined || second === undefined) return undefined;
  const ways = [one, other].map((names) => names.map((name) => `"${String(name)}"`).join(" and "));
  const message = `Expected ${ways.join(" or ")}, received "${String(first)}" beside "${String(second)}": leave one out`;
  return { path: [String(first)], message };
}

const areNumbers = (...values: unknown[]) =>
  values.every((value) => value === undefined || (typeof value === "number" && Number.isFinite(value)));
