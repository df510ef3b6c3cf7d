/** The methods: the settings of each with ranges and defaults, and the refusals that need no labels. */
import { z } from "zod";
import { fields } from "../checks/shapes.js";

// 0.1 + 0.2 is not 0.3: sums that a person meant to be γ count as γ.
const ROUNDING = 1e-9;

const share = z.number().min(0);

// What all methods of rows of their own have.
function rows<Name extends string>(name: Name, repeat: number) {
  return {
    /** Which method this is. */
    name: z.literal(name),
    /** R, how many sequences of one label are generated together: integer ≥ 1; default 1, for intra and hybrid 2. */
    repeat: z.int().min(1).max(65536).default(repeat),
  };
}

// What all methods that contrast have.
function contrast<Name extends string>(name: Name, repeat: number) {
  return {
    ...rows(name, repeat),
    /** γ in (0, 10^6], exponent on a row's own distribution; default 1. */
    gamma: z.number().positive().max(1e6).default(1),
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function deltaMethod<Name extends string>(name: Name, defaults: { repeat: number; delta: number }) {
  return fields({
    ...contrast(name, defaults.repeat),
    /** δ in 0..γ; a row's total contrast is γ − δ, so smaller means more contrast. Default 0.9, for intra 0.5. */
    delta: z.number().min(0).default(defaults.delta),
  }).refine((method) => method.delta <= method.gamma, {
    path: ["delta"],
    when: ({ value }) => bothNumbers(value, "delta", "gamma"),
    error: ({ input }) => {
      const method = input as { gamma: number; delta: number };
      return `Expected "delta" between 0 and "gamma" (${method.gamma}), received ${method.delta}`;
    },
  });
}

function hybridMethod<Name extends string>(name: Name) {
  return fields({
    ...contrast(name, 2),
    /** γ_intra ≥ 0, total contrast with the rows of the same label; default 0.5. */
    intra: share.default(0.5),
    /** γ_cross ≥ 0, total contrast with the rows of other labels; default 0.1; γ_intra + γ_cross ≤ γ. */
    cross: share.default(0.1),
  }).refine((method) => method.intra + method.cross <= method.gamma * (1 + ROUNDING), {
    path: ["intra"],
    when: ({ value }) => bothNumbers(value, "intra", "cross") && bothNumbers(value, "intra", "gamma"),
    error: ({ input }) => {
      const { gamma, intra, cross } = input as { gamma: number; intra: number; cross: number };
      return `Expected "intra" + "cross" of at most "gamma" (${gamma}), received ${intra} + ${cross}`;
    },
  });
}

function bothNumbers(value: unknown, first: string, second: string): boolean {
  const fields = value as Record<string, unknown>;
  return isNumber(fields[first]) && isNumber(fields[second]);
}

// The defaults are those of section 5.2 of the paper.
const across = { repeat: 1, delta: 0.9 };
const within = { repeat: 2, delta: 0.5 };
export const crossSchema = deltaMethod("cross", across);
export const intraSchema = deltaMethod("intra", within);
export const hybridSchema = hybridMethod("hybrid");
export const cfgCrossSchema = deltaMethod("cfg-cross", across);
export const cfgIntraSchema = deltaMethod("cfg-intra", within);
export const cfgHybridSchema = hybridMethod("cfg-hybrid");
export const contextAwareSchema = deltaMethod("context-aware", across);

const matchableSchema = z.discriminatedUnion("name", [
  crossSchema,
  intraSchema,
  hybridSchema,
  cfgCrossSchema,
  cfgIntraSchema,
  cfgHybridSchema,
  contextAwareSchema,
]);

export const fewgenSchema = fields(rows("fewgen", 1));

export const fewgenMatchedSchema = fields({
  /** Which method this is. */
  name: z.literal("fewgen-matched"),
  /** The method whose flattening a temperature matches: any with one total contrast, below γ. */
  match: matchableSchema.refine((match): boolean => !contrastsAway(match), {
    error: "Expected a method that leaves some of the own distribution (delta above 0): its total contrast is gamma",
  }),
});

export const matrixSchema = fields({
  ...contrast("matrix", 1),
  /** γ_mn as `weights[m][n]`, [labels · R] square, row m = label · R + repeat; ≥ 0, zero diagonal, row sums ≤ γ. */
  weights: z.array(z.array(share).readonly()).min(1).readonly(),
}).superRefine(({ weights, gamma }, context) => {
  for (const [m, row] of weights.entries()) {
    const refuse = (message: string) => context.addIssue({ code: "custom", path: ["weights", m], message });
    if (row.length !== weights.length) refuse(`Expected ${weights.length} weights (square), received ${row.length}`);
    if ((row[m] ?? 0) !== 0) refuse(`Expected 0 on the diagonal, received ${row[m]} at [${m}][${m}]`);
    const sum = row.reduce((total, weight) => total + weight, 0);
    if (sum > gamma * (1 + ROUNDING)) refuse(`Expected a row sum of at most "gamma" (${gamma}), received ${sum}`);
  }
});

export interface FewgenMethod extends Readonly<z.output<typeof fewgenSchema>> {}
export interface FewgenMatchedMethod extends Readonly<z.output<typeof fewgenMatchedSchema>> {}
export interface MatrixMethod extends Readonly<z.output<typeof matrixSchema>> {}
export interface CrossMethod extends Readonly<z.output<typeof crossSchema>> {}
export interface IntraMethod extends Readonly<z.output<typeof intraSchema>> {}
export interface HybridMethod extends Readonly<z.output<typeof hybridSchema>> {}
export interface CfgCrossMethod extends Readonly<z.output<typeof cfgCrossSchema>> {}
export interface CfgIntraMethod extends Readonly<z.output<typeof cfgIntraSchema>> {}
export interface CfgHybridMethod extends Readonly<z.output<typeof cfgHybridSchema>> {}
export interface ContextAwareMethod extends Readonly<z.output<typeof contextAwareSchema>> {}

/** A method whose rows all have one total contrast, so that one temperature can match it. */
export type MatchableMethod =
  | CrossMethod
  | IntraMethod
  | HybridMethod
  | CfgCrossMethod
  | CfgIntraMethod
  | CfgHybridMethod
  | ContextAwareMethod;

/** Any method, told apart by `name`. */
export type Method = FewgenMethod | FewgenMatchedMethod | MatrixMethod | MatchableMethod;

const anyMethod = z.discriminatedUnion("name", [
  fewgenSchema,
  fewgenMatchedSchema,
  matrixSchema,
  ...matchableSchema.options,
]);

/**
 * A method as a task may give it: what a constructor returns, or an object with its name in which defaults are left
 * out.
 */
export type MethodInput = z.input<typeof anyMethod>;

// An interface, since a declaration file would write out a type of another file without its doc comments.
export interface MethodSchema extends z.ZodType<Method, MethodInput> {}

/** Every method that a task may name. */
export const methodSchema: MethodSchema = anyMethod;

/** A row's total contrast, Σ_n γ_mn while all its partners are active: ≥ 0; of a matrix, the largest row sum. */
export function totalContrast(method: Method): number {
  switch (method.name) {
    case "fewgen":
    case "fewgen-matched":
      return 0;
    case "matrix":
      return Math.max(...method.weights.map((row) => row.reduce((sum, weight) => sum + weight, 0)));
    case "hybrid":
    case "cfg-hybrid":
      return method.intra + method.cross;
    default:
      return method.gamma - method.delta;
  }
}

/** True when the total contrast is γ, so that rows that agree are left with nothing of their own distribution. */
export function contrastsAway(method: Method): boolean {
  if (method.name === "fewgen" || method.name === "fewgen-matched") return false;
  return totalContrast(method) >= method.gamma * (1 - ROUNDING);
}
