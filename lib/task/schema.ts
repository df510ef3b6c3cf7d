/**
 * The fields of a task file, each with its type, range and default. What spans several fields is in checks.ts.
 * `z.toJSONSchema(specSchema, { io: "input" })` is the published JSON Schema; iterables and bigint exist in the API only.
 */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { methodSchema } from "../methods/schema.js";
import { filtersSchema } from "./filters-schema.js";

const path = z.string().min(1);
const text = z.string().min(1);

const labels = z
  .union(
    [
      z.record(z.string(), z.string()),
      z.array(
        z.union([z.string(), z.tuple([z.string(), z.string()])], {
          error: expected('a name or a pair ["name", "verbalization"]'),
        }),
      ),
    ],
    {
      error: expected("an object name -> verbalization, a list of names, or a list of pairs"),
    },
  )
  .describe("Name -> verbalization, or a list of names, or a list of [name, verbalization]");

const prompt = z.strictObject({
  instruction: z
    .string()
    .describe("Instruction; {label}, {context} and attributes in braces are filled in, {{ and }} are braces"),
  answer: z.string().default("").describe("What the answer begins with"),
  shots: z.int().min(0).max(10_000).default(3).describe("In-context examples per prompt"),
  format: z.enum(["raw", "chat"]).default("raw").describe("Raw text, or the model's own chat template"),
  separator: z.string().default("\n\n").describe("Text between the blocks of a prompt"),
  examples: z
    .enum(["turns", "text"])
    .optional()
    .describe("Examples as turns of a chat (default for chat), or as text before the question (raw)"),
  system: z.string().optional().describe("System message; needs format chat. Empty: none, the template's own included"),
  templateArguments: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Variables for the chat template, such as enable_thinking: JSON values; needs format chat"),
  template: z
    .union([path, z.strictObject({ jinja: text.max(2 ** 20) })], {
      error: expected("a path, or { jinja: a template }"),
    })
    .optional()
    .describe("Jinja file, or { jinja } with the template itself, in place of the model's own; needs format chat"),
  withoutContext: z.string().optional().describe("Instruction of the contrast rows of context-aware decoding"),
});

const count = z
  .union([z.int().min(1), z.record(z.string(), z.int().min(0))], {
    error: expected("an integer of at least 1, or an object label -> integer"),
  })
  .describe("Accepted instances: a total, balanced over the labels, or a number per label");

const seedRange = expected("an integer of 0..2^53-1, or up to 2^64-1 as digits in quotes");
const seedDigits = z
  .string()
  .regex(/^\d{1,20}$/, { abort: true, error: seedRange })
  .refine((digits) => BigInt(digits) < 2n ** 64n, { error: expected("at most 2^64-1") });

const sampling = z.strictObject({
  topP: z.number().positive().max(1).default(0.9).describe("Mass of the nucleus"),
  topK: z.int().min(0).default(0).describe("Most tokens in the nucleus; 0 is off"),
  plausibility: z
    .number()
    .min(0)
    .max(1)
    .default(1e-3)
    .describe("alpha: least likelihood relative to the best token; 0 is off"),
  temperature: z.number().positive().default(1),
  maxTokens: z.int().min(1).max(1_000_000).default(160).describe("Token limit of an instance"),
  stop: z.array(text).default([]).describe("Texts that end an instance; they are not part of it"),
  seed: z
    .union([z.int().min(0), seedDigits], {
      error: seedRange,
    })
    .default(0),
  warmUp: z.int().min(0).max(1_000_000).default(0).describe("Tokens of an instance that are drawn without contrast"),
  contrastEnd: z.boolean().default(true).describe("End tokens are contrasted like any other token"),
  logprobs: z.boolean().default(false).describe("Report each instance's log-probability"),
  trace: z
    .boolean()
    .default(false)
    .describe("Report the contrast at each token of an instance; all logits are then copied to the host"),
});

const engine = z.strictObject({
  contextSize: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional()
    .describe("Tokens per row, prompt and generated text together"),
  groups: z
    .union([z.literal("auto"), z.int().min(1)], { error: expected('"auto" or an integer of at least 1') })
    .default("auto")
    .describe("Groups in flight"),
  reproducible: z
    .boolean()
    .default(false)
    .describe("One group at a time, so that a group's rows depend on nothing but the task and its number"),
  promptReuse: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .describe("Groups in a row that share one set of prompts, which is then decoded once"),
  threads: z.int().min(1).max(512).optional(),
  batchSize: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .default(512)
    .describe("Tokens per decode call"),
  kvType: z
    .enum(["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0"])
    .default("f16")
    .describe("Number format of keys and values; the q formats need flash attention"),
  flashAttention: z
    .union([z.literal("auto"), z.boolean()], { error: expected('"auto", true or false') })
    .default("auto"),
});

const limits = z.strictObject({
  maxGroups: z
    .int()
    .min(1)
    .optional()
    .describe("Groups after which a run gives up; default 10 times the groups needed, at least 20"),
});

/** The fields of a task file. */
export const specSchema = z.strictObject({
  labels,
  prompt,
  seeds: path.optional().describe("JSONL file of { text, label, id? }"),
  attributes: z
    .record(z.string(), z.array(z.string().regex(/\S/, { error: expected("a text") })).min(1))
    .default({})
    .describe("Placeholder -> values; drawn per instance"),
  contexts: path.optional().describe("JSONL file of { text, label?, id? }, for {context}"),
  method: methodSchema.prefault({ name: "hybrid" }),
  count,
  sampling: sampling.prefault({}),
  filters: filtersSchema.describe("Which rows are accepted; false takes every row that has text"),
  engine: engine.prefault({}),
  limits: limits.prefault({}),
});

/** The fields after parsing, not yet checked against each other. */
export type ParsedSpec = z.output<typeof specSchema>;
