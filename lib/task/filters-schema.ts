/** The field `filters` of a task file: types, ranges and defaults. What they mean is said in filters.ts. */

import { z } from "zod";
import { expected } from "../checks/issues.js";
import { show } from "../checks/nearest.js";
import { nearness } from "../near/thresholds.js";

const flags = z.string().regex(/^[imsuv]*$/, { error: expected("flags of i, m, s, u and v") });

/** Why the pattern is none, or undefined. */
function patternProblem(pattern: string, flags = ""): string | undefined {
  try {
    new RegExp(pattern, flags);
    return undefined;
  } catch (error) {
    return `Expected a regular expression, received ${show(pattern)} (${(error as Error).message})`;
  }
}

const text = z
  .string()
  .min(1)
  .check(({ value, issues }) => {
    const message = patternProblem(value);
    if (message !== undefined) issues.push({ code: "custom", input: value, message });
  });

const named = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\p{C}]{1,60}$/u, { error: expected("a name of 1 to 60 characters, none of them a control character") })
      .optional()
      .describe("What rejected rows are counted under; default the pattern"),
    pattern: z.string().min(1),
    flags: flags.optional(),
  })
  .check(({ value, issues }) => {
    const message = patternProblem(value.pattern, value.flags);
    if (message !== undefined) issues.push({ code: "custom", input: value, path: ["pattern"], message });
  });

const patterns = z
  .array(z.union([text, named], { error: expected('a regular expression or an object { "pattern": … }') }))
  .max(1000)
  .default([]);

const count = z.int().min(0).max(1_000_000);

const filters = z.strictObject({
  reasoning: z
    .boolean()
    .default(true)
    .describe("Cut reasoning off in front of the answer; reject what never closes it"),
  clean: z
    .boolean()
    .default(true)
    .describe("Take off quotation marks, bold, bullets and headings around the whole text"),
  unfinished: z
    .enum(["keep", "drop", "cut"])
    .default("cut")
    .describe("Rows that reached sampling.maxTokens: cut to the last whole sentence, drop, or keep"),
  minTokens: count.default(0).describe("Least tokens"),
  maxTokens: count.min(1).optional().describe("Most tokens"),
  minWords: count.default(0).describe("Least words"),
  maxWords: count.min(1).optional().describe("Most words"),
  assistant: z.boolean().default(true).describe("Reject texts in which an English instruction model talks"),
  runOns: z.boolean().default(true).describe("Reject texts that go on in the format of the prompt"),
  repetition: z.boolean().default(true).describe("Reject texts that say the same again and again"),
  script: z.boolean().default(true).describe("Reject texts that change into a script that the seeds lack"),
  reject: patterns.describe("Reject texts that a regular expression matches"),
  require: patterns.describe("Reject texts that a regular expression does not match"),
  copies: z.boolean().default(true).describe("Reject copies of seeds and contexts"),
  duplicates: z.boolean().default(true).describe("Reject exact duplicates of accepted texts"),
  nearDuplicates: z
    .union([z.literal(false), z.number().min(0.5).max(1)], { error: expected("false, or a number of 0.5..1") })
    .default(nearness.filters.threshold)
    .describe(
      "Reject texts of which word 3-grams are as similar to an accepted text's (Jaccard), and short ones that differ in " +
        "articles and the like or a letter; false is off",
    ),
});

/** `false` accepts every row that has text. */
export const filtersSchema = z
  .union([z.literal(false), filters], { error: expected("an object, or false for no filters") })
  .prefault({});

/** The fields of `filters` after parsing. */
export type ParsedFilters = z.output<typeof filters>;

/** Names of the fields, for messages. */
export const filterFields: readonly string[] = [...Object.keys(filters.shape), "accept"];
