/** The task: what a caller may give, and what it comes to when every default is filled in and everything is checked. */
import type { z } from "zod";
import { eachOnce, parseWith } from "../checks/issues.js";
import { show, unknownNames } from "../checks/nearest.js";
import type { Given, Parsed } from "../checks/shapes.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { defaultPlausibility } from "../methods/second-partner.js";
import { checkSpec } from "./checks.js";
import type { ContextDeal } from "./context-source.js";
import { countList, defaultMaxGroups } from "./labels.js";
import { type ParsedSpec, specSchema } from "./schema.js";
import { missingSecondModel } from "./second-model-checks.js";
import type { SeedSource } from "./seed-source.js";

export type { Accept, AcceptGroup, AcceptVerdict, FilterInput, Filters } from "./filters.js";
export type {
  LabelCheckSpec,
  StudentCheck,
  StudentCheckInput,
  TeacherCheck,
  TeacherCheckInput,
} from "./label-check.js";
export type { Label } from "./labels.js";
export type { Pattern, PatternInput } from "./patterns.js";
export type { SecondModelInput, SecondModelSpec } from "./second-model.js";

/** What to synthesise. Fields marked with a default may be left out. */
export interface SynthesisSpec extends Given<typeof specSchema.shape> {}

/**
 * A sound task with every default filled in. Apart from iterables in `seeds` and `contexts`, and the functions of `filters`, it
 * survives JSON.
 */
export interface ResolvedSpec
  extends Omit<Parsed<typeof specSchema.shape>, "count" | "limits" | "seeds" | "contexts" | "sampling"> {
  /** How tokens are drawn. */
  readonly sampling: ParsedSpec["sampling"] & { readonly plausibility: number };
  /** Where the in-context examples come from. */
  readonly seeds?: SeedSource;
  /** What becomes of seeds with which a prompt does not fit: `seeds.tooLong`. */
  readonly longSeeds: "error" | "skip";
  /** Texts for {context}. */
  readonly contexts?: SeedSource;
  /** How they are dealt: `contexts.once` and `contexts.perGroup`. */
  readonly contextDeal?: ContextDeal;
  /** Accepted instances wanted, by label index. */
  readonly count: readonly number[];
  readonly limits: { readonly maxGroups: number };
}

/** The tasks that {@link resolveSpec} gave out: their labels and counts have another form than a caller's. */
const resolved = new WeakSet<object>();

/**
 * Checks a task and fills in its defaults; a task that it gave back before comes back as it is. Reads no file.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field at once.
 * @example
 * import { resolveSpec } from "corrsynth";
 * const prompt = { instruction: "A {label}", shots: 0 };
 * const { count, method } = resolveSpec({ labels: ["cat", "dog"], prompt, count: 5 });
 * console.log(count, method.name); // [ 3, 2 ] cross
 */
export function resolveSpec(input: unknown): ResolvedSpec {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new InvalidConfigError([{ path: "", message: `Expected a task object, received ${show(input)}` }]);
  }
  if (resolved.has(input)) return input as ResolvedSpec;
  const { seeds, contexts, ...spec } = parseSpec(input as Record<string, unknown>);
  const count = countList(spec.count, spec.labels);
  const maxGroups = spec.limits.maxGroups ?? defaultMaxGroups(count, spec);
  const { from, tooLong: longSeeds = "error" } = seeds ?? {};
  const { plausibility = defaultPlausibility(spec.method) } = spec.sampling;
  const sampling = { ...spec.sampling, plausibility };
  const sources = { ...(from === undefined ? {} : { seeds: from }), ...(contexts && contextsOf(contexts)) };
  const result = { ...spec, sampling, ...sources, longSeeds, count, limits: { maxGroups } };
  resolved.add(result);
  return result;
}

function contextsOf({ from, ...contextDeal }: NonNullable<ParsedSpec["contexts"]>) {
  return { contexts: from, contextDeal };
}

/** What a round may have of its own. */
export interface SpecChanges {
  readonly count: readonly number[];
  readonly seed: number | string;
  readonly seeds?: SeedSource | undefined;
  readonly contexts?: SeedSource | undefined;
}

/**
 * The same task with other counts, another seed, and perhaps other sources. A limit of groups that was not given is that of
 * the new counts.
 */
export function changedSpec(spec: ResolvedSpec, { count, seed, ...sources }: SpecChanges): ResolvedSpec {
  const isDefault = spec.limits.maxGroups === defaultMaxGroups(spec.count, spec);
  const maxGroups = isDefault ? defaultMaxGroups(count, spec) : spec.limits.maxGroups;
  const given = Object.fromEntries(Object.entries(sources).filter(([, source]) => source !== undefined));
  const result = { ...spec, ...given, count, sampling: { ...spec.sampling, seed }, limits: { maxGroups } };
  resolved.add(result);
  return result;
}

/** A task in a format, and which of its fields this has no use for. */
export interface FormattedSpec {
  readonly spec: ResolvedSpec;
  /** Names of the fields that it is without. */
  readonly leftOut: readonly string[];
}

/**
 * The same task with raw prompts, or with a chat's: in the other format than its own without what only that has, and with
 * the examples as they are by default.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG where its prompt cannot be in that format.
 */
export function formattedSpec(spec: ResolvedSpec, format: "raw" | "chat"): FormattedSpec {
  if (format === spec.prompt.format) return { spec, leftOut: [] };
  const { system, templateArguments, template, ...rest } = spec.prompt;
  const prompt = { ...rest, format, examples: format === "chat" ? ("turns" as const) : ("text" as const) };
  const { labels, method, attributes } = spec;
  const sources = { hasSeeds: spec.seeds !== undefined, hasContexts: spec.contexts !== undefined };
  const issues = checkSpec({ labels, method, attributes, prompt, ...sources });
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const only = Object.entries({ system, templateArguments, template });
  const result = { ...spec, prompt };
  resolved.add(result);
  return { spec: result, leftOut: only.flatMap(([name, value]) => (value === undefined ? [] : [`prompt.${name}`])) };
}

// The default contrasts labels with each other; one alone has none.
function methodOf(method: unknown, { labels }: Partial<Pick<ParsedSpec, "labels">>): unknown {
  return method === undefined && labels?.length === 1 ? { name: "fewgen" } : method;
}

// Each field on its own, so that the checks across fields can run for those that are sound.
function parseSpec(given: Record<string, unknown>): Parsed<typeof specSchema.shape> {
  const fields: Record<string, unknown> = {};
  const known = Object.keys(specSchema.shape);
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  const issues: ConfigIssue[][] = [unknownNames("field", unknown, known).map((message) => ({ path: "", message }))];
  for (const [key, schema] of Object.entries(specSchema.shape)) {
    const parsed = parseWith<z.ZodType>(schema, key === "method" ? methodOf(given.method, fields) : given[key], [key]);
    if ("issues" in parsed) issues.push(parsed.issues);
    else if (parsed.data !== undefined) fields[key] = parsed.data;
  }
  const { method } = fields as Partial<ParsedSpec>;
  if (method !== undefined) issues.push(missingSecondModel(method, (role) => given[role] !== undefined));
  const sources = { hasSeeds: given.seeds !== undefined, hasContexts: given.contexts !== undefined };
  issues.push(checkSpec({ ...(fields as Partial<ParsedSpec>), ...sources }));
  const told = eachOnce(issues.flat());
  if (told.length > 0) throw new InvalidConfigError(told);
  return fields as unknown as Parsed<typeof specSchema.shape>;
}
