/** The methods: the settings of each with ranges and defaults, and the refusals that need no labels. */
import { z } from "zod";
import { fields } from "../checks/shapes.js";
import { paidField, partnersIssue, takenBeside } from "./partners.js";
import { type NegativeRows, type Rows, settled, stated } from "./settings.js";
import {
  type DeltaSettings,
  type DeltaWeights,
  deltaIssue,
  deltaWeights,
  gamma,
  type HybridWeights,
  heat,
  hybridIssue,
  hybridWeights,
  takenOf,
  takesAll,
  total,
  withinGamma,
} from "./strength.js";

// The fields stand here, since a declaration file writes those of another file without their comments.

// What all methods of rows of their own have.
function rows<Name extends string>(name: Name, repeat: number) {
  return {
    /** Which method this is. */
    name: z.literal(name),
    /** R, how many sequences of one label are generated together: integer ≥ 1; default 1, for intra and hybrid 2. */
    repeat: z.int().min(1).max(65536).default(repeat),
  };
}

// What all methods have whose rows are alike for every label.
const subsets = {
  /**
   * Labels whose rows are made together and contrasted with each other: integer ≥ 1. Default all, as long as their rows
   * fit a context (256), else as many as fit 64 rows. Groups take turns, so that every label comes equally often.
   */
  labelsPerGroup: z.int().min(1).max(65536).optional(),
  /**
   * Which labels share a group where not all do: "random" (default), drawn anew for every turn, or "near", around each
   * other by the words of their seeds, for the hard contrasts.
   */
  labelGroups: z.enum(["random", "near"]).optional(),
};

/** Layers that one row can be contrasted with (native/sampling/layer_choice.h). */
export const mostLayers = 64;

const layersSchema = z.union([
  z.enum(["low", "high"]),
  z
    .array(z.int().min(1))
    .min(1)
    .max(mostLayers)
    .refine((layers) => new Set(layers).size === layers.length, { error: "Expected each layer once" })
    .readonly(),
]);

// What all methods may have that contrast rows with others, one of them at most (partners.ts).
const beside = {
  /** Contrasts each row with the task's `amateur`, too, at the same continuation; default not. */
  amateur: fields({
    /** What is taken of the amateur's logits: in 0..10^5. With "heat: none" γ pays for it, else it comes out of δ. */
    weight: total,
    /** Divides the amateur's logits: > 0, default 1. */
    temperature: z.number().positive().max(1e6).default(1),
  }).optional(),
  /** Mixes the task's `guide` into each row's own distribution, which is then contrasted as ever; default not. */
  guide: fields({
    /** w in 0..1, the guide's share: γ is 1 − w the row's and w the guide's. 0 is the method without it. */
    weight: z.number().min(0).max(1),
  }).optional(),
  /** Contrasts each row with the teacher's own earlier layers, too, as `dola` does; default not. */
  dola: fields({
    /** Layers of the teacher, as `dola` has them: "low", "high", or numbers in 1..blocks − 1. */
    layers: layersSchema,
    /** What is taken of the early layer's logits: in 0..10^5. With "heat: none" γ pays for it, else it comes out of δ. */
    weight: total,
  }).optional(),
};

// What all methods have that have one total contrast.
const strength = {
  /** A row's total contrast, in 0..10^5 and with "heat: paper" at most 1; default 0.1, for intra 0.5. */
  contrast: total.optional(),
  /** What pays for the contrast: "paper" (default) sets γ = 1, "none" sets γ = 1 + contrast, so that δ = 1. */
  heat: heat.optional(),
  /** γ in (0, 10^6], exponent on a row's own distribution; default 1. With `delta`, in place of `contrast`. */
  gamma: gamma.optional(),
  /** δ in 0..γ; a row's total contrast is γ − δ, so smaller means more contrast. Default 0.9, for intra 0.5. */
  delta: z.number().min(0).optional(),
};

// A method of one total contrast.
function deltaMethod<Name extends string>(name: Name, { repeat, contrast }: { repeat: number; contrast: number }) {
  return fields({ ...rows(name, repeat), ...subsets, ...strength, ...beside })
    .superRefine(...settled((method: DeltaSettings) => deltaIssue(method, contrast)))
    .transform(({ name, repeat, labelsPerGroup, labelGroups, ...given }): Rows<Name> & DeltaWeights => {
      const { amateur, guide, dola } = given;
      const own = stated({ labelsPerGroup, labelGroups, amateur, guide, dola });
      return { name, repeat, ...own, ...deltaWeights(given, contrast) };
    });
}

// A method of one total contrast with one prompt that the task itself gives.
function negativeMethod<Name extends string>(name: Name, contrast: number) {
  return fields({
    ...rows(name, 1),
    ...subsets,
    ...strength,
    ...beside,
    /**
     * The prompt that a row is contrasted with, continued with the row's own text, in place of examples, instruction and
     * answer prefix; with format "chat" in place of the user's messages. Same placeholders as the instruction. Default "",
     * the unconditional prompt: nothing but the model's token for the beginning of a text.
     */
    negative: z.string().default(""),
  })
    .superRefine(...settled((method: DeltaSettings) => deltaIssue(method, contrast)))
    .transform(({ name, repeat, labelsPerGroup, labelGroups, negative, ...given }): NegativeRows<Name> => {
      const { amateur, guide, dola } = given;
      const own = stated({ labelsPerGroup, labelGroups, amateur, guide, dola });
      return { name, repeat, negative, ...own, ...deltaWeights(given, contrast) };
    });
}

// A method of two totals: one for the partners of a row's label, one for the others.
function hybridMethod<Name extends string>(name: Name) {
  return fields({
    ...rows(name, 2),
    ...subsets,
    /** γ_intra in 0..10^5, total contrast with the rows of the same label; default 0.5. */
    intra: total.default(0.5),
    /** γ_cross in 0..10^5, total contrast with the rows of other labels; default 0.1; γ_intra + γ_cross ≤ γ. */
    cross: total.default(0.1),
    /** What pays for the contrast: "paper" (default) sets γ = 1, "none" sets γ = 1 + intra + cross, so that δ = 1. */
    heat: heat.optional(),
    /** γ in (0, 10^6], exponent on a row's own distribution; default 1. In place of `heat`. */
    gamma: gamma.optional(),
    ...beside,
  })
    .superRefine(...settled(hybridIssue))
    .transform(({ name, repeat, labelsPerGroup, labelGroups, ...given }): Rows<Name> & HybridWeights => {
      const { amateur, guide, dola } = given;
      return {
        name,
        repeat,
        ...stated({ labelsPerGroup, labelGroups, amateur, guide, dola }),
        ...hybridWeights(given),
      };
    });
}

// The defaults are those of section 5.2 of the paper.
const across = { repeat: 1, contrast: 0.1 };
const within = { repeat: 2, contrast: 0.5 };
export const crossSchema = deltaMethod("cross", across);
export const intraSchema = deltaMethod("intra", within);
export const hybridSchema = hybridMethod("hybrid");
export const cfgCrossSchema = deltaMethod("cfg-cross", across);
export const cfgIntraSchema = deltaMethod("cfg-intra", within);
export const cfgHybridSchema = hybridMethod("cfg-hybrid");
export const cfgPromptSchema = negativeMethod("cfg-prompt", across.contrast);
export const contextAwareSchema = deltaMethod("context-aware", across);

export const contrastiveSchema = fields({
  ...rows("contrastive", 1),
  ...subsets,
  /** γ in (0, 10^6], exponent on the teacher's distribution; default 1. */
  gamma: gamma.default(1),
  /** δ in 0..γ, what is left where both models agree: γ − δ is taken of the amateur's logits; default 0. */
  delta: z.number().min(0).default(0),
  /** τ divides the amateur's logits: > 0, default 1. */
  amateurTemperature: z.number().positive().max(1e6).default(1),
})
  .superRefine(...settled((method: DeltaSettings) => deltaIssue(method, 0)))
  .transform(({ labelsPerGroup, labelGroups, ...given }) => {
    const subset = stated({ labelsPerGroup, labelGroups });
    return { ...given, ...subset };
  });

export const guidedSchema = fields({
  ...rows("guided", 1),
  ...subsets,
  /** w in 0..1: the guide's share. 0 is FewGen, 1 the guide's own choice among what the teacher finds plausible. */
  weight: z.number().min(0).max(1),
}).transform(({ labelsPerGroup, labelGroups, ...given }) => {
  const subset = stated({ labelsPerGroup, labelGroups });
  return { ...given, ...subset };
});

export const dolaSchema = fields({
  ...rows("dola", 1),
  ...subsets,
  /**
   * Layers of the teacher that a row may be contrasted with: "low" or "high", the even ones of the lower or upper half, or
   * numbers in 1..blocks − 1, each once, at most 64. Of several the one farthest from the last layer is taken, row by row
   * and step by step. Each costs one more product with the output matrix.
   */
  layers: layersSchema,
}).transform(({ labelsPerGroup, labelGroups, ...given }) => {
  return { ...given, ...stated({ labelsPerGroup, labelGroups }) };
});

const matchableSchema = z.discriminatedUnion("name", [
  crossSchema,
  intraSchema,
  hybridSchema,
  cfgCrossSchema,
  cfgIntraSchema,
  cfgHybridSchema,
  cfgPromptSchema,
  contextAwareSchema,
  contrastiveSchema,
]);

export const fewgenSchema = fields({ ...rows("fewgen", 1), ...subsets }).transform(
  ({ name, repeat, ...given }): Rows<"fewgen"> => ({
    name,
    repeat,
    ...stated({ labelsPerGroup: given.labelsPerGroup, labelGroups: given.labelGroups }),
  }),
);

export const fewgenMatchedSchema = fields({
  /** Which method this is. */
  name: z.literal("fewgen-matched"),
  /** The method whose flattening a temperature matches: any with one total contrast, below γ. */
  match: matchableSchema.refine((match): boolean => !takesAll(takenOf(match), match.gamma), {
    error: "Expected a method that leaves some of the own distribution (delta above 0): its total contrast is gamma",
  }),
});

export const matrixSchema = fields({
  ...rows("matrix", 1),
  /** γ in (0, 10^6], exponent on a row's own distribution; default 1. */
  gamma: gamma.default(1),
  /** γ_mn as `weights[m][n]`, [labels · R] square, row m = label · R + repeat; ≥ 0, zero diagonal, row sums ≤ γ. */
  weights: z
    .array(z.array(z.number().min(0)).readonly())
    .min(1)
    .readonly(),
  ...beside,
}).superRefine(({ weights, gamma, ...partners }, context) => {
  const issue = partnersIssue(partners);
  if (issue !== undefined) context.addIssue({ code: "custom", ...issue });
  const taken = takenBeside(partners);
  for (const [m, row] of weights.entries()) {
    const refuse = (message: string) => context.addIssue({ code: "custom", path: ["weights", m], message });
    if (row.length !== weights.length) refuse(`Expected ${weights.length} weights (square), received ${row.length}`);
    if ((row[m] ?? 0) !== 0) refuse(`Expected 0 on the diagonal, received ${row[m]} at [${m}][${m}]`);
    const sum = row.reduce((total, weight) => total + weight, 0);
    if (!withinGamma(sum, gamma)) refuse(`Expected a row sum of at most "gamma" (${gamma}), received ${sum}`);
    else if (!withinGamma(sum + taken, gamma)) {
      const left = `"gamma" less the row's sum (${gamma} - ${sum})`;
      context.addIssue({
        code: "custom",
        path: [paidField(partners)!, "weight"],
        message: `Expected at most ${left}, which pays for it, received ${taken}: raise gamma`,
      });
      break;
    }
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
export interface CfgPromptMethod extends Readonly<z.output<typeof cfgPromptSchema>> {}
export interface ContextAwareMethod extends Readonly<z.output<typeof contextAwareSchema>> {}
export interface ContrastiveMethod extends Readonly<z.output<typeof contrastiveSchema>> {}
export interface GuidedMethod extends Readonly<z.output<typeof guidedSchema>> {}
export interface DolaMethod extends Readonly<z.output<typeof dolaSchema>> {}

/** A method whose rows all have one total contrast, so that one temperature can match it. */
export type MatchableMethod =
  | CrossMethod
  | IntraMethod
  | HybridMethod
  | CfgCrossMethod
  | CfgIntraMethod
  | CfgHybridMethod
  | CfgPromptMethod
  | ContextAwareMethod
  | ContrastiveMethod;

/** Any method, told apart by `name`. */
export type Method = FewgenMethod | FewgenMatchedMethod | MatrixMethod | GuidedMethod | DolaMethod | MatchableMethod;

const anyMethod = z.discriminatedUnion("name", [
  fewgenSchema,
  fewgenMatchedSchema,
  matrixSchema,
  guidedSchema,
  dolaSchema,
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
