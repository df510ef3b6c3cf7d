/**
 * The methods, as plain data: a constructor returns the same object that a task file's `method:` holds.
 * Constructors fill in defaults and check nothing; `resolveSpec` checks, so that all mistakes are told at once.
 */

/**
 * Options of a method that only repeats.
 * @inline
 */
export interface RepeatOptions {
  /** R, how many sequences of one label are generated together: integer ≥ 1, default 1. */
  readonly repeat?: number | undefined;
}

/**
 * Options of a method with one total contrast γ − δ.
 * @inline
 */
export interface DeltaOptions {
  /** R: integer ≥ 1; default 1, for intra 2. */
  readonly repeat?: number | undefined;
  /** γ in (0, 10^6], exponent on a row's own distribution; default 1. */
  readonly gamma?: number | undefined;
  /** δ in 0..γ; a row's total contrast is γ − δ, so smaller means more contrast. Default 0.9, for intra 0.5. */
  readonly delta?: number | undefined;
}

/**
 * Options of Hybrid.
 * @inline
 */
export interface HybridOptions {
  /** R: integer ≥ 1, default 2. */
  readonly repeat?: number | undefined;
  /** γ in (0, 10^6], default 1. */
  readonly gamma?: number | undefined;
  /** γ_intra ≥ 0, total contrast with the rows of the same label; default 0.5. */
  readonly intra?: number | undefined;
  /** γ_cross ≥ 0, total contrast with the rows of other labels; default 0.1; γ_intra + γ_cross ≤ γ. */
  readonly cross?: number | undefined;
}

/**
 * Options of an own matrix.
 * @inline
 */
export interface MatrixOptions {
  /** R: integer ≥ 1, default 1. */
  readonly repeat?: number | undefined;
  /** γ in (0, 10^6], default 1. */
  readonly gamma?: number | undefined;
  /** γ_mn as `weights[m][n]`, [labels · R] square, row m = label · R + repeat; ≥ 0, zero diagonal, row sums ≤ γ. */
  readonly weights: readonly (readonly number[])[];
}

type Descriptor<Name extends string, Options> = { readonly name: Name } & {
  readonly [Key in keyof Options]-?: Exclude<Options[Key], undefined>;
};

export type FewgenMethod = Descriptor<"fewgen", RepeatOptions>;
export type CrossMethod = Descriptor<"cross", DeltaOptions>;
export type IntraMethod = Descriptor<"intra", DeltaOptions>;
export type HybridMethod = Descriptor<"hybrid", HybridOptions>;
export type MatrixMethod = Descriptor<"matrix", MatrixOptions>;
export type CfgCrossMethod = Descriptor<"cfg-cross", DeltaOptions>;
export type CfgIntraMethod = Descriptor<"cfg-intra", DeltaOptions>;
export type CfgHybridMethod = Descriptor<"cfg-hybrid", HybridOptions>;
export type ContextAwareMethod = Descriptor<"context-aware", DeltaOptions>;

/** A method whose rows all have one total contrast, so that one temperature can match it. */
export type MatchableMethod =
  | CrossMethod
  | IntraMethod
  | HybridMethod
  | CfgCrossMethod
  | CfgIntraMethod
  | CfgHybridMethod
  | ContextAwareMethod;

export interface FewgenMatchedMethod {
  readonly name: "fewgen-matched";
  readonly match: MatchableMethod;
}

/** Any method, told apart by `name`. */
export type Method = FewgenMethod | FewgenMatchedMethod | MatrixMethod | MatchableMethod;

/** What each method's options are when left out (section 5.2 of the paper). */
export const methodDefaults = {
  fewgen: { repeat: 1 },
  cross: { repeat: 1, gamma: 1, delta: 0.9 },
  intra: { repeat: 2, gamma: 1, delta: 0.5 },
  hybrid: { repeat: 2, gamma: 1, intra: 0.5, cross: 0.1 },
  matrix: { repeat: 1, gamma: 1 },
  contextAware: { repeat: 1, gamma: 1, delta: 0.9 },
} as const;

/** FewGen (eq. 4): every row for itself. */
export function fewgen(options: RepeatOptions = {}): FewgenMethod {
  return { name: "fewgen", ...methodDefaults.fewgen, ...given(options) };
}

/** The honest control: FewGen at temperature 1/(γ − total contrast) of `match`, which is what its contrast leaves of rows that agree. */
export function fewgenMatched(options: { readonly match: MatchableMethod }): FewgenMatchedMethod {
  return { name: "fewgen-matched", ...options };
}

/** Cross (eq. 10): each row against the rows of other labels. */
export function cross(options: DeltaOptions = {}): CrossMethod {
  return { name: "cross", ...methodDefaults.cross, ...given(options) };
}

/** Intra: each row against the other rows of its label. Needs `repeat` ≥ 2. */
export function intra(options: DeltaOptions = {}): IntraMethod {
  return { name: "intra", ...methodDefaults.intra, ...given(options) };
}

/** Hybrid (eqs. 11, 12): both, each set with its own total. */
export function hybrid(options: HybridOptions = {}): HybridMethod {
  return { name: "hybrid", ...methodDefaults.hybrid, ...given(options) };
}

/** An own coupling matrix (eq. 3). */
export function coupling(options: MatrixOptions): MatrixMethod {
  return { name: "matrix", ...methodDefaults.matrix, ...given(options) };
}

/**
 * Classifier-free guidance (App. D, F): each contrast row is a partner's prompt with the row's own continuation.
 * `kind` picks the partners; the other options and defaults are those of intra, cross or hybrid.
 */
export function cfg(options: { readonly kind: "cross" } & DeltaOptions): CfgCrossMethod;
export function cfg(options: { readonly kind: "intra" } & DeltaOptions): CfgIntraMethod;
export function cfg(options: { readonly kind: "hybrid" } & HybridOptions): CfgHybridMethod;
export function cfg({
  kind,
  ...options
}: { readonly kind: "cross" | "intra" | "hybrid" } & DeltaOptions & HybridOptions): Method {
  return { name: `cfg-${kind}`, ...methodDefaults[kind], ...given(options) } as Method;
}

/** Context-aware decoding: each row against its own prompt without its context. The prompt must use {context}. */
export function contextAware(options: DeltaOptions = {}): ContextAwareMethod {
  return { name: "context-aware", ...methodDefaults.contextAware, ...given(options) };
}

/** R of the method's groups; of fewgen-matched, that of the method it matches. */
export function methodRepeat(method: Method): number {
  return method.name === "fewgen-matched" ? method.match.repeat : method.repeat;
}

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

// An option given as undefined is an option left out.
function given<Options extends object>(options: Options): { [Key in keyof Options]: Exclude<Options[Key], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Options]: Exclude<Options[Key], undefined> };
}
