/**
 * The one definition of a task: its fields, each with its meaning, type, range and default. Types, the JSON Schema of task files
 * and the reference are derived. What spans several fields is in checks.ts.
 */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { describedAs, fields, named, part, record } from "../checks/shapes.js";
import { methodSchema } from "../methods/schema.js";
import { attributesSchema } from "./attributes.js";
import { contextsSchema } from "./context-source.js";
import { filtersSchema } from "./filters.js";
import { labelCheckSchema } from "./label-check.js";
import { labelList } from "./labels.js";
import { promptSchema } from "./prompt-spec.js";
import { secondModelSchema } from "./second-model.js";
import { seedsSchema } from "./seed-source.js";

const text = z.string().min(1);

const labelName = z.union([z.string(), z.number(), z.boolean()]);
const labelNames = z
  .array(
    z.union([labelName, z.tuple([labelName, z.string()]).readonly()], {
      error: expected('a name or a pair ["name", "verbalization"]'),
    }),
  )
  .readonly();

const seedRange = expected("an integer of 0..2^53-1, or up to 2^64-1 as digits in quotes");
const seedDigits = z
  .string()
  .regex(/^\d{1,20}$/, { abort: true, error: seedRange })
  .refine((digits) => BigInt(digits) < 2n ** 64n, { error: expected("at most 2^64-1") });
const seedInFile = [z.int().min(0), seedDigits] as const;
const seed = z.union([...seedInFile, z.bigint().transform(String).pipe(seedDigits)], { error: seedRange });

// A number where it is exact, for whoever reads a manifest.
function shortestSeed(seed: number | string): number | string {
  const value = BigInt(seed);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

const sampling = part({
  /** Mass of the nucleus, in (0, 1]; default 0.9. */
  topP: z.number().positive().max(1).default(0.9),
  /** Most tokens in the nucleus; integer ≥ 0, default 0 = no limit. */
  topK: z.int().min(0).default(0),
  /**
   * α in 0..1 (eqs. 14, 15), least likelihood relative to the best token; default 1e-3, against an amateur 0.1; 0 = no
   * constraint.
   */
  plausibility: z.number().min(0).max(1).optional(),
  /** T > 0, default 1. */
  temperature: z.number().positive().default(1),
  /** Token limit of an instance: 1..10^6, default 160. */
  maxTokens: z.int().min(1).max(1_000_000).default(160),
  /** Texts that end an instance, matched across token borders, and are no part of it; default none. */
  stop: z.array(text).readonly().default([]),
  /** 0..2^64-1, as a number up to 2^53-1, a bigint (in the API) or digits; default 0. */
  seed: describedAs(z.union(seedInFile), seed).transform(shortestSeed).prefault(0),
  /**
   * Tokens at the start of an instance that are drawn without contrast, as FewGen draws them; integer ≥ 0, default 0.
   * Not with `contrastNorms`.
   */
  warmUp: z.int().min(0).max(1_000_000).default(0),
  /**
   * Tokens at the start of an instance that may be contrasted; those that follow are drawn as FewGen draws them. 1..10^6 and more than
   * `warmUp`, default 10^6 = all. With 1 the partners have said nothing yet, and differ from the row in their prompts alone: a contrast
   * with their labels that no text of theirs disturbs. The contrast rows of CFG are decoded for so many tokens and no more.
   */
  contrastTokens: z.int().min(1).max(1_000_000).default(1_000_000),
  /**
   * Who decides that a text is over. "contrasted" (default): end tokens are drawn like any other, so that contrast, heat
   * and nucleus may take them away. "kept": first, at each token, the row ends with the probability that its own
   * distribution gives them among the plausible tokens; else the draw goes on among the others. End tokens are those of
   * the model, and tokens that begin with a text of `stop`.
   */
  ends: z.enum(["contrasted", "kept"]).default("contrasted"),
  /**
   * Report each instance's log-probability (`Instance.logprob`), at the cost of a pass over the vocabulary; default
   * false.
   */
  logprobs: z.boolean().default(false),
  /**
   * Report the norm of the contrast at each token (`Instance.contrastNorms`), at the cost of a pass over the logits of
   * a row and its partners; default false. On a device, all logits are copied to the host for it, which draws: slower,
   * same tokens.
   */
  contrastNorms: z.boolean().default(false),
});

const engine = part({
  /** Tokens per row, prompt and generated text together; default what the longest prompt needs. */
  contextSize: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional(),
  /**
   * Groups decoded together: integer ≥ 1, or "auto" (default): as many as 256 rows and half of the machine's memory
   * allow. Which rows share a batch can change the last bits of their logits, and with them a token, so a dataset
   * belongs to its number of groups.
   */
  groups: z
    .union([z.literal("auto"), z.int().min(1)], { error: expected('"auto" or an integer of at least 1') })
    .default("auto"),
  /**
   * The same dataset whatever `groups` is: groups are decoded one at a time, so that the rows of each depend on
   * nothing but the task, the seed and its number. Costs what larger batches gain. Default false.
   */
  reproducible: z.boolean().default(false),
  /**
   * Groups in a row that are drawn from one set of prompts: integer ≥ 1, default 1. The set is decoded once and kept,
   * which pays where prompts are longer than the texts; the price is that those groups share their examples. "auto": groups
   * in a row share the first examples of their prompts alone, all but the last two for 16 groups and the last but one for 4,
   * and no two have the same ones until the pool is exhausted.
   */
  promptReuse: z
    .union([z.literal("auto"), z.int().min(1).max(1_000_000)], {
      error: expected('"auto" or an integer of 1..1000000'),
    })
    .default(1),
  /** CPU threads that decode: 1..512; default one for each core, within a container's CPU quota. */
  threads: z.int().min(1).max(512).optional(),
  /** Tokens per decode call: integer ≥ 1, default 512. */
  batchSize: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .default(512),
  /**
   * Number format of keys and values, default "f16". "q8_0" takes about half of its memory, so that more groups fit; the q
   * formats need flash attention.
   */
  kvType: z.enum(["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0"]).default("f16"),
  /** "auto" (default): where the device has it. */
  flashAttention: z
    .union([z.literal("auto"), z.boolean()], { error: expected('"auto", true or false') })
    .default("auto"),
});

const limits = part({
  /** Groups after which a run gives up; default 10 times those needed when all is accepted, at least 20. */
  maxGroups: z.int().min(1).optional(),
});

/** The fields of a task. Each is parsed on its own, so that all that is wrong can be told at once. */
export const specSchema = fields({
  /**
   * Name to verbalization, a list of names that verbalize themselves, or a list of pairs. 1 to 200 characters a name, none
   * twice; names are compared without white space around them and in Unicode NFC. In a list a number, true and false
   * stand for the text that they are written as. A task file keeps the order in which they are written; an object of a
   * program has names that are whole numbers first: give pairs where that order is not meant.
   */
  labels: z
    .union([record(z.string()), labelNames], {
      error: expected("an object name -> verbalization, a list of names, or a list of pairs"),
    })
    .transform(labelList),
  /** What the teacher reads. */
  prompt: promptSchema,
  /**
   * In-context examples: path of a file with columns "text" and "label" (JSON Lines, CSV, Parquet, or what else
   * `readTable` reads), or (in the API) items { text, label, id? }; or { from, tooLong } with either. Needed when
   * `shots` > 0.
   */
  seeds: seedsSchema.optional(),
  /**
   * Placeholder to its values, or to those of each label: `{ style: [news, blog], subtopic: { sports: [football], … } }`. They
   * are spread evenly over the rows of a label: each value once, in random order, before any comes again.
   */
  attributes: attributesSchema.prefault({}),
  /**
   * Texts for {context}: path of a file as for `seeds`, or (in the API) items { text, label?, id? }; or
   * { from, once, perGroup } with either. Needed if, and only if, {context} is used.
   */
  contexts: contextsSchema.optional(),
  /**
   * How rows are contrasted; default `cross({ contrast: 0.5, heat: "none" })`, of one label, which has no others, `fewgen()`.
   */
  method: methodSchema.prefault({ name: "cross", contrast: 0.5, heat: "none" }),
  /**
   * The weaker model that `contrastive`, or the `amateur` of another method, contrasts with: path of a GGUF file, an hf: URI
   * or "demo"; or { model } with what its prompts have in place of the task's. It must have the teacher's tokens.
   */
  amateur: secondModelSchema.optional(),
  /**
   * The model that `guided`, or the `guide` of another method, mixes in, given as `amateur` is: a base model beside a chat
   * model, with format "raw".
   */
  guide: secondModelSchema.optional(),
  /** Accepted instances: a total ≥ 1, balanced (the first labels take the remainder), or a number ≥ 0 for each label. */
  count: z.union([z.int().min(1), named(z.int().min(0))], {
    error: expected("an integer of at least 1, or an object label -> integer"),
  }),
  /** How tokens are drawn. */
  sampling: sampling.prefault({}),
  /** Which rows are accepted; false takes every row that has text. */
  filters: filtersSchema,
  /**
   * Rejects, as "label", rows that are taken for another label than the one they were written for; default no check. Rows
   * that pass have `labelProbability`.
   */
  check: labelCheckSchema.optional(),
  /** How the model decodes. */
  engine: engine.prefault({}),
  /** When a run gives up. */
  limits: limits.prefault({}),
});

/** The fields after parsing, not yet checked against each other. */
export type ParsedSpec = z.output<typeof specSchema>;
