/** Where contexts come from, and how they are dealt to rows. */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { describedAs, part } from "../checks/shapes.js";
import { isIterable, items, path, type SeedSource, seedSourceSchema } from "./seed-source.js";

const rules = part({
  /** Path of a file, or (in the API) items { text, label?, id? }. */
  from: seedSourceSchema,
  /**
   * Every context is used once, in random order by group and row, before any comes again; default false: they are drawn
   * anew for each group, no one twice in it while they suffice.
   */
  once: z.boolean().default(false),
  /**
   * All rows of a group share one context, such as a premise about which a text is written for each label; contexts then
   * have no label. Default false.
   */
  perGroup: z.boolean().default(false),
});

/** How contexts are dealt to rows. */
export interface ContextDeal {
  /** Every context once before any comes again. */
  readonly once: boolean;
  /** One context for all rows of a group. */
  readonly perGroup: boolean;
}

/**
 * Contexts with rules for how they are dealt.
 * @inline
 */
export interface ContextRules extends z.input<typeof rules> {}

/** A source by itself, or with rules. */
export const contextsSchema: z.ZodType<z.output<typeof rules>, SeedSource | ContextRules> = describedAs(
  z.union([path, rules]),
  z.union([path, items, rules], { error: expected("a path, or { from: a path }") }),
).transform((given) => (isRules(given) ? given : { from: given, once: false, perGroup: false }));

function isRules(given: SeedSource | z.output<typeof rules>): given is z.output<typeof rules> {
  return typeof given === "object" && !isIterable(given);
}
