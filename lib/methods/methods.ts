/**
 * The constructors of methods: each returns the same object that a task file's `method:` holds, with the defaults of
 * its schema. They refuse nothing; `resolveSpec` does, so that all mistakes are told at once.
 */
import type { z } from "zod";
import {
  type CfgCrossMethod,
  type CfgHybridMethod,
  type CfgIntraMethod,
  type CfgPromptMethod,
  type ContextAwareMethod,
  type ContrastiveMethod,
  type CrossMethod,
  cfgCrossSchema,
  cfgHybridSchema,
  cfgIntraSchema,
  cfgPromptSchema,
  contextAwareSchema,
  contrastiveSchema,
  crossSchema,
  type DolaMethod,
  dolaSchema,
  type FewgenMatchedMethod,
  type FewgenMethod,
  fewgenMatchedSchema,
  fewgenSchema,
  type GuidedMethod,
  guidedSchema,
  type HybridMethod,
  hybridSchema,
  type IntraMethod,
  intraSchema,
  type MatrixMethod,
  type Method,
  matrixSchema,
} from "./schema.js";

type Options<Schema extends z.ZodType> = Readonly<Omit<z.input<Schema>, "name">>;

/**
 * Options of a method that only repeats.
 * @inline
 */
export interface RepeatOptions extends Options<typeof fewgenSchema> {}

/**
 * Options of a method with one total contrast γ − δ.
 * @inline
 */
export interface DeltaOptions extends Options<typeof crossSchema> {}

/**
 * Options of Hybrid.
 * @inline
 */
export interface HybridOptions extends Options<typeof hybridSchema> {}

/**
 * Options of guidance by a prompt.
 * @inline
 */
export interface NegativeOptions extends Options<typeof cfgPromptSchema> {}

/**
 * Options of an own matrix.
 * @inline
 */
export interface MatrixOptions extends Options<typeof matrixSchema> {}

/**
 * Options of contrastive decoding.
 * @inline
 */
export interface ContrastiveOptions extends Options<typeof contrastiveSchema> {}

/**
 * Options of guidance by another model.
 * @inline
 */
export interface GuidedOptions extends Options<typeof guidedSchema> {}

/**
 * Options of DoLa.
 * @inline
 */
export interface DolaOptions extends Options<typeof dolaSchema> {}

/**
 * FewGen (eq. 4): every row for itself.
 * @example
 * import { fewgen } from "corrsynth";
 * console.log(fewgen({ repeat: 4 })); // { name: 'fewgen', repeat: 4 }
 */
export function fewgen(options: RepeatOptions = {}): FewgenMethod {
  return build(fewgenSchema, "fewgen", options);
}

/**
 * The honest control: FewGen at temperature 1/(γ − total contrast) of `match`, which is what its contrast leaves of
 * rows that agree. Of a method without heat that is FewGen.
 * @example
 * import { fewgenMatched, hybrid } from "corrsynth";
 * const control = fewgenMatched({ match: hybrid({ intra: 0.5, cross: 0.1 }) });
 * console.log(control.match.name); // hybrid
 */
export function fewgenMatched(options: Pick<FewgenMatchedMethod, "match">): FewgenMatchedMethod {
  return build(fewgenMatchedSchema, "fewgen-matched", options);
}

/**
 * Cross (eq. 10): each row against the rows of other labels.
 * @example
 * import { cross } from "corrsynth";
 * console.log(cross({ delta: 0.5 }).gamma); // 1, the default
 */
export function cross(options: DeltaOptions = {}): CrossMethod {
  return build(crossSchema, "cross", options);
}

/**
 * Intra: each row against the other rows of its label. Needs `repeat` ≥ 2.
 * @example
 * import { intra } from "corrsynth";
 * console.log(intra({ repeat: 2, delta: 0.5 }).name); // intra
 */
export function intra(options: DeltaOptions = {}): IntraMethod {
  return build(intraSchema, "intra", options);
}

/**
 * Hybrid (eqs. 11, 12): both, each set with its own total.
 * @example
 * import { hybrid } from "corrsynth";
 * const method = hybrid({ repeat: 2, intra: 0.5, cross: 0.1 });
 * console.log(method.intra + method.cross); // the total contrast: 0.6
 */
export function hybrid(options: HybridOptions = {}): HybridMethod {
  return build(hybridSchema, "hybrid", options);
}

/**
 * An own coupling matrix (eq. 3).
 * @example
 * import { coupling } from "corrsynth";
 * // two labels, one row each: the first against half of the second
 * console.log(coupling({ repeat: 1, weights: [[0, 0.5], [0, 0]] }).name); // matrix
 */
export function coupling(options: MatrixOptions): MatrixMethod {
  return build(matrixSchema, "matrix", options);
}

/**
 * Classifier-free guidance (App. D, F): each contrast row is another prompt with the row's own continuation. With `kind`
 * "intra", "cross" and "hybrid" those of the row's partners; the other options and defaults are those of the method of
 * that name. With "prompt" it is `negative`, one contrast row per row: Hugging Face's `guidance_scale` s is
 * γ = s, δ = 1, and its `negative_prompt_ids` are `negative`.
 * @example
 * import { cfg } from "corrsynth";
 * console.log(cfg({ kind: "cross", delta: 0.5 }).name);
 * // guidance_scale 1.5 against a prompt without the label
 * const guided = cfg({ kind: "prompt", negative: "Write a sentence.", gamma: 1.5, delta: 1 });
 * console.log(guided.negative); // Write a sentence.
 */
export function cfg(options: { readonly kind: "cross" } & DeltaOptions): CfgCrossMethod;
export function cfg(options: { readonly kind: "intra" } & DeltaOptions): CfgIntraMethod;
export function cfg(options: { readonly kind: "hybrid" } & HybridOptions): CfgHybridMethod;
export function cfg(options: { readonly kind: "prompt" } & NegativeOptions): CfgPromptMethod;
export function cfg({ kind, ...options }: { readonly kind: keyof typeof cfgSchemas } & object): Method {
  return build<z.ZodType<Method>>(cfgSchemas[kind], `cfg-${kind}`, options);
}

const cfgSchemas = { cross: cfgCrossSchema, intra: cfgIntraSchema, hybrid: cfgHybridSchema, prompt: cfgPromptSchema };

/**
 * Context-aware decoding: each row against its own prompt without its context. The prompt must use {context}.
 * @example
 * import { contextAware } from "corrsynth";
 * console.log(contextAware({ delta: 0.5 }).name); // context-aware
 */
export function contextAware(options: DeltaOptions = {}): ContextAwareMethod {
  return build(contextAwareSchema, "context-aware", options);
}

/**
 * Contrastive decoding (Li et al. 2023): each row against a smaller or weaker model at the same continuation, which the
 * task names as `amateur`: γ times the teacher's logits less γ − δ times the amateur's. Li's are γ 1, δ 0 (the
 * default); β of O'Brien and Lewis (2023) is γ 1 + β, δ 1. `sampling.plausibility` is 0.1 where the task states none.
 * @example
 * import { contrastive } from "corrsynth";
 * const method = contrastive({ gamma: 1.5, delta: 1 });
 * console.log(method.amateurTemperature); // 1
 */
export function contrastive(options: ContrastiveOptions = {}): ContrastiveMethod {
  return build(contrastiveSchema, "contrastive", options);
}

/**
 * A guide: each row from the teacher's probabilities to the power of 1 − w times those of another model to the power of
 * w, among what the teacher finds plausible. The task names that model as `guide`; a base model brings back variety that
 * instruction tuning took.
 * @example
 * import { guided } from "corrsynth";
 * console.log(guided({ weight: 0.3 }).name); // guided
 */
export function guided(options: GuidedOptions): GuidedMethod {
  return build(guidedSchema, "guided", options);
}

/**
 * DoLa (Chuang et al. 2024): each row against what the teacher's own earlier layers would say: log p of the last layer less
 * log q of the early one whose distribution is farthest from it (Jensen-Shannon divergence). No second model and no other
 * rows. `sampling.plausibility`, the paper's relative top, is 0.1 where the task states none.
 * @example
 * import { dola } from "corrsynth";
 * console.log(dola({ layers: "high" }).repeat); // 1
 */
export function dola(options: DolaOptions): DolaMethod {
  return build(dolaSchema, "dola", options);
}

/** R of the method's groups; of fewgen-matched, that of the method it matches. */
export function methodRepeat(method: Method): number {
  return method.name === "fewgen-matched" ? method.match.repeat : method.repeat;
}

// As the schema resolves it; what it refuses as given, for `resolveSpec` to tell all mistakes at once.
function build<Schema extends z.ZodType>(schema: Schema, name: string, options: object): z.output<Schema> {
  const given = { name, ...options };
  const { success, data } = schema.safeParse(given);
  return success ? data : (given as z.output<Schema>);
}
