// Texts that become part of a regular expression.

/** The text as a pattern that matches it and nothing else, with and without the flag u. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
