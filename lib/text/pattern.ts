// Texts that become part of a regular expression, and regular expressions of other people.
import { RE2JS } from "re2js";

/** The text as a pattern that matches it and nothing else, with and without the flag u. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Most UTF-16 units of a pattern that somebody gave, and most instructions that it comes to: a word of ten letters has ten. */
export const mostPattern = { length: 10_000, instructions: 2000 } as const;

/**
 * A pattern of RE2, whose matching takes time in proportion to the text, whatever both are: a pattern that backtracks
 * would never come back from some texts, and texts are anything. Flags: i, m, s.
 * @throws {Error} for what is none, with why: RE2 has neither lookaround nor backreferences.
 */
export function linearPattern(pattern: string, flags: string): { test(text: string): boolean } {
  if (pattern.length > mostPattern.length) {
    throw new Error(`it has ${pattern.length} characters, more than ${mostPattern.length}: make several of it`);
  }
  const bits =
    (flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes("m") ? RE2JS.MULTILINE : 0) |
    (flags.includes("s") ? RE2JS.DOTALL : 0);
  const reference = /(?<!\\)(?:\\\\)*(\\[k89])/.exec(pattern); // which the translation would take for letters
  if (reference !== null) throw new Error(`error parsing regexp: invalid escape sequence: ${reference[1]}`);
  // \u00e9, \u{1f600}, \cA and (?<name>…), as JavaScript writes them
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern), bits);
  const size = compiled.programSize();
  if (size <= mostPattern.instructions) return compiled;
  throw new Error(
    `it comes to ${size} instructions, more than ${mostPattern.instructions}: lower its counts, or make several of it`,
  );
}
