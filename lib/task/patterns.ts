/** Regular expressions of a task: `filters.reject` and `filters.require`. */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { show } from "../checks/nearest.js";
import { part } from "../checks/shapes.js";
import { linearPattern } from "../text/pattern.js";

/** A pattern with its defaults filled in. */
export interface Pattern {
  readonly name: string;
  readonly pattern: string;
  readonly flags: string;
}

/** Why the pattern is none, or undefined. */
function patternProblem(pattern: string, flags = ""): string | undefined {
  try {
    linearPattern(pattern, flags);
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.replace(/^error parsing regexp: /, "");
    const isUnknown = isExpression(pattern) && reason !== (error as Error).message;
    const hint = isUnknown
      ? ": RE2 has no lookaround and no backreferences, in the API filters.accept takes any test"
      : "";
    return `Expected a regular expression of RE2, received ${show(pattern)} (${reason})${hint}`;
  }
}

/** Whether JavaScript takes it. */
function isExpression(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

const text = z
  .string()
  .min(1)
  .check(({ value, issues }) => {
    const message = patternProblem(value);
    if (message !== undefined) issues.push({ code: "custom", input: value, message });
  });

const named = part({
  /** What a row that it rejects is counted under; 1 to 60 characters, default the pattern itself. */
  name: z
    .string()
    .regex(/^[^\p{C}]{1,60}$/u, { error: expected("a name of 1 to 60 characters, none of them a control character") })
    .optional(),
  /** The regular expression, in the syntax of RE2: no lookaround, no backreferences. */
  pattern: z.string().min(1),
  /** Of i, m, s; default "". Patterns see code points. */
  flags: z
    .string()
    .regex(/^[ims]*$/, { error: expected("flags of i, m and s") })
    .optional(),
}).check(({ value, issues }) => {
  const message = patternProblem(value.pattern, value.flags);
  if (message !== undefined) issues.push({ code: "custom", input: value, path: ["pattern"], message });
});

/**
 * A regular expression with a name and flags.
 * @inline
 */
export interface NamedPattern extends z.input<typeof named> {}

/** A regular expression, as a text or with a name and flags. */
export type PatternInput = string | NamedPattern;

const entry: z.ZodType<z.output<typeof text> | z.output<typeof named>, PatternInput> = z.union([text, named], {
  error: expected('a regular expression or an object { "pattern": … }'),
});

/** A list of them. @param kind  what names one that has no name. */
export function patterns(kind: "reject" | "require") {
  const full = (given: z.output<typeof entry>): Pattern => {
    const { name, pattern, flags = "" } = typeof given === "string" ? { pattern: given } : given;
    return { name: name ?? `${kind} /${pattern}/${flags}`, pattern, flags };
  };
  const list = z.array(entry).max(1000).readonly();
  return list.transform((entries): readonly Pattern[] => entries.map(full)).prefault([]);
}
