/** The task: what a caller may give, and what it comes to when every default is filled in and everything is checked. */

import { parseWith, unknownField } from "../checks/issues.js";
import { show } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { type Method, methodRepeat } from "../methods/methods.js";
import { checkSpec } from "./checks.js";
import { type Accept, type FilterInput, type Filters, resolveFilters } from "./filters.js";
import { countList, defaultMaxGroups, type Label, labelList } from "./labels.js";
import { examplesOf, type PromptSpec } from "./prompt-spec.js";
import { type ParsedSpec, specSchema } from "./schema.js";
import type { SeedSource } from "./seed-source.js";

export type { Accept, FilterInput, Filters, Pattern, PatternInput } from "./filters.js";
export type { Label } from "./labels.js";

/** What to synthesise. Fields marked with a default may be left out. */
export interface SynthesisSpec {
  /**
   * Name to verbalization, a list of names that verbalize themselves, or a list of pairs. 1 to 200 characters a name, none
   * twice. An object lists names that are whole numbers first; give pairs where that order is not meant.
   */
  readonly labels: Readonly<Record<string, string>> | readonly (string | readonly [string, string])[];
  readonly prompt: {
    /** Text with placeholders {label}, {context} and {attribute}; `{{` and `}}` are braces. */
    readonly instruction: string;
    /** What the answer begins with, such as "Summary:"; default nothing. Same placeholders. */
    readonly answer?: string | undefined;
    /** S, in-context examples per prompt: integer ≥ 0, default 3. */
    readonly shots?: number | undefined;
    /** "raw" text (default), or the model's own "chat" template. */
    readonly format?: "raw" | "chat" | undefined;
    /** Text between the blocks of a prompt; default a blank line, "\n\n". */
    readonly separator?: string | undefined;
    /**
     * In-context examples as "turns" of a chat, the user with the instruction and the assistant with the text (default with format
     * "chat"; not with "raw"), or as "text" in front of the question (default with "raw").
     */
    readonly examples?: "turns" | "text" | undefined;
    /**
     * System message, with format "chat" only. Same placeholders. "" sends none, nor one that the template would put in its place;
     * default none, so that the template's own stays.
     */
    readonly system?: string | undefined;
    /**
     * Variables for the chat template, by name, such as `{ enable_thinking: true }`: JSON values, up to 100,000 characters of JSON;
     * default none. One that switches reasoning off is found and set where the task gives none that decides it.
     */
    readonly templateArguments?: Readonly<Record<string, unknown>> | undefined;
    /**
     * Path of a Jinja file to use in place of the model's own chat template, or `{ jinja }` with the template itself: 1 to 2^20
     * characters; default the model's own.
     */
    readonly template?: string | { readonly jinja: string } | undefined;
    /** The instruction of context-aware decoding's contrast rows; default the instruction with {context} replaced by nothing. */
    readonly withoutContext?: string | undefined;
  };
  /** In-context examples: path of a JSONL file, or items { text, label, id? }. Needed when `shots` > 0. */
  readonly seeds?: SeedSource | undefined;
  /** Placeholder to its possible values; each instance draws one, all equally likely. */
  readonly attributes?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Texts for {context}: path of a JSONL file, or items { text, label?, id? }. Needed if, and only if, {context} is used. */
  readonly contexts?: SeedSource | undefined;
  /** Default `hybrid()`. */
  readonly method?: Method | undefined;
  /** Accepted instances: a total ≥ 1, balanced (the first labels take the remainder), or a number ≥ 0 for each label. */
  readonly count: number | Readonly<Record<string, number>>;
  readonly sampling?:
    | {
        /** Mass of the nucleus, in (0, 1]; default 0.9. */
        readonly topP?: number | undefined;
        /** Most tokens in the nucleus; integer ≥ 0, default 0 = no limit. */
        readonly topK?: number | undefined;
        /** α in 0..1 (eqs. 14, 15); default 1e-3, 0 = no constraint. */
        readonly plausibility?: number | undefined;
        /** T > 0, default 1. */
        readonly temperature?: number | undefined;
        /** Token limit of an instance: 1..10^6, default 160. */
        readonly maxTokens?: number | undefined;
        /** Texts that end an instance, matched across token borders; default none. */
        readonly stop?: readonly string[] | undefined;
        /** 0..2^64-1, as a number up to 2^53-1, a bigint or digits; default 0. */
        readonly seed?: number | bigint | string | undefined;
        /**
         * Tokens at the start of an instance that are drawn without contrast, as FewGen draws them; integer ≥ 0, default 0.
         * Not with `trace`.
         */
        readonly warmUp?: number | undefined;
        /** End tokens are contrasted like any other; default true. */
        readonly contrastEnd?: boolean | undefined;
        /** Report each instance's log-probability (`Instance.logprob`), at the cost of a pass over the vocabulary; default false. */
        readonly logprobs?: boolean | undefined;
        /**
         * Report how far the contrast reaches at each token (`Instance.contrast`), at the cost of a pass over the logits of a row and
         * its partners; default false. On a device, all logits are copied to the host for it, which draws: slower, same tokens.
         */
        readonly trace?: boolean | undefined;
      }
    | undefined;
  /** Which rows are accepted, see {@link FilterInput} for fields and defaults; false takes every row that has text. */
  readonly filters?: FilterInput | false | undefined;
  readonly engine?:
    | {
        /** Tokens per row, prompt and generated text together; default what the longest prompt needs. */
        readonly contextSize?: number | undefined;
        /**
         * Groups decoded together: integer ≥ 1, or "auto" (default): as many as 256 rows and half of the machine's memory
         * allow. Which rows share a batch can change the last bits of their logits, and with them a token, so a dataset
         * belongs to its number of groups.
         */
        readonly groups?: number | "auto" | undefined;
        /**
         * The same dataset whatever `groups` is: groups are decoded one at a time, so that the rows of each depend on
         * nothing but the task, the seed and its number. Costs what larger batches gain. Default false.
         */
        readonly reproducible?: boolean | undefined;
        /**
         * Groups in a row that are drawn from one set of prompts: integer ≥ 1, default 1. The set is decoded once and kept,
         * which pays where prompts are longer than the texts; the price is that those groups share their examples.
         */
        readonly promptReuse?: number | undefined;
        /** CPU threads that decode: 1..512; default all cores but one, at least 1. */
        readonly threads?: number | undefined;
        /** Tokens per decode call: integer ≥ 1, default 512. */
        readonly batchSize?: number | undefined;
        /**
         * Number format of keys and values: "f32", "f16" (default), "bf16", "q8_0", "q5_1", "q5_0", "q4_1" or "q4_0". q8_0 takes
         * about half of f16's memory, so that more groups fit; the q formats need flash attention.
         */
        readonly kvType?: "f32" | "f16" | "bf16" | "q8_0" | "q5_1" | "q5_0" | "q4_1" | "q4_0" | undefined;
        /** "auto" (default): where the device has it. */
        readonly flashAttention?: "auto" | boolean | undefined;
      }
    | undefined;
  readonly limits?:
    | {
        /** Groups after which a run gives up; default 10 times those needed when all is accepted, at least 20. */
        readonly maxGroups?: number | undefined;
      }
    | undefined;
}

/** A sound task with every default filled in. Apart from iterables in `seeds` and `contexts`, and `filters.accept`, it survives JSON. */
export interface ResolvedSpec {
  readonly labels: readonly Label[];
  readonly prompt: PromptSpec;
  readonly seeds?: SeedSource;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly contexts?: SeedSource;
  readonly method: Method;
  /** Accepted instances wanted, by label index. */
  readonly count: readonly number[];
  /** `seed` is a number up to 2^53-1 and decimal digits above: `BigInt(seed)` reads both. */
  readonly sampling: ParsedSpec["sampling"];
  readonly filters: Filters;
  readonly engine: {
    readonly contextSize?: number;
    readonly groups: number | "auto";
    readonly reproducible: boolean;
    readonly promptReuse: number;
    readonly threads?: number;
    readonly batchSize: number;
    readonly kvType: ParsedSpec["engine"]["kvType"];
    readonly flashAttention: "auto" | boolean;
  };
  readonly limits: { readonly maxGroups: number };
}

/** What `resolveSpec` made, so that it is known again. */
const resolved = new WeakSet<object>();

/**
 * Checks a task and fills in its defaults. Reads no file. What it made before comes back as it is.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field at once.
 */
export function resolveSpec(input: unknown): ResolvedSpec {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new InvalidConfigError([{ path: "", message: `Expected a task object, received ${show(input)}` }]);
  }
  if (resolved.has(input)) return input as ResolvedSpec;
  const given = input as Record<string, unknown>;
  const { fields, iterables, accept, issues } = parseFields(given);
  const labels = fields.labels === undefined ? undefined : labelList(given.labels as SynthesisSpec["labels"]);
  const hasSeeds = given.seeds !== undefined;
  const hasContexts = given.contexts !== undefined;
  for (const issue of checkSpec({ ...fields, labels, hasSeeds, hasContexts })) issues.push(issue);
  if (issues.length > 0 || labels === undefined) throw new InvalidConfigError(issues);
  const spec = fields as ParsedSpec;
  const count = countList(spec.count, labels);
  const maxGroups = spec.limits.maxGroups ?? defaultMaxGroups(count, methodRepeat(spec.method));
  const result: ResolvedSpec = {
    ...(withoutUndefined({ ...spec, ...iterables }) as Omit<ResolvedSpec, "engine" | "filters">),
    labels,
    count,
    prompt: withoutUndefined({ ...spec.prompt, examples: examplesOf(spec.prompt) }) as PromptSpec,
    sampling: { ...spec.sampling, seed: shortestSeed(spec.sampling.seed) },
    filters: resolveFilters(spec.filters, accept),
    engine: withoutUndefined(spec.engine) as ResolvedSpec["engine"],
    limits: { maxGroups },
  };
  resolved.add(result);
  return result;
}

// Each field on its own, so that the checks across fields can run for those that are sound.
function parseFields(given: Record<string, unknown>) {
  const fields: Record<string, unknown> = {};
  const iterables: Record<string, unknown> = {};
  const known = Object.keys(specSchema.shape);
  const issues: ConfigIssue[] = Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: "", message: unknownField(key, known) }));
  for (const [key, schema] of Object.entries(specSchema.shape)) {
    const value = given[key];
    if ((key === "seeds" || key === "contexts") && isIterable(value)) {
      iterables[key] = value;
      continue;
    }
    const parsed = parseWith(schema, forSchema(key, value), [key]);
    if ("issues" in parsed) for (const issue of parsed.issues) issues.push(issue);
    else fields[key] = parsed.data;
  }
  const { accept } = (given.filters ?? {}) as { accept?: unknown };
  if (accept !== undefined && typeof accept !== "function") {
    issues.push({ path: "filters.accept", message: `Expected a function, received ${show(accept)}` });
  }
  return { fields: fields as Partial<ParsedSpec>, iterables, accept: accept as Accept | undefined, issues };
}

// What the API takes and JSON Schema does not know: a seed as bigint, a function among the filters.
function forSchema(key: string, value: unknown): unknown {
  if (key === "sampling") return withSeedDigits(value);
  if (key !== "filters" || typeof value !== "object" || value === null || !("accept" in value)) return value;
  const { accept: _, ...rest } = value;
  return rest;
}

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

function withSeedDigits(sampling: unknown): unknown {
  const seed = (sampling as { seed?: unknown } | null | undefined)?.seed;
  return typeof seed === "bigint" ? { ...(sampling as object), seed: String(seed) } : sampling;
}

function shortestSeed(seed: number | string): number | string {
  const value = BigInt(seed);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

function withoutUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
