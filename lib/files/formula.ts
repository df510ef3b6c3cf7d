// Texts that a spreadsheet would take for formulas, and the apostrophe that keeps it from that.

// What may begin a formula (OWASP, "CSV Injection"; the last four are full-width forms of the first), and the apostrophe
// itself, so that taking one away is always right.
const formula = /^['=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const plainNumber = /^[+-]?(\d+([.,]\d+)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The text with an apostrophe in front where it begins with `=`, `+`, `-`, `@`, a tab, a line break, a full-width form
 * of these, or an apostrophe: a spreadsheet then shows it and computes nothing. A plain number such as -1 or +2.5 is no
 * formula and stays. {@link unescapeFormula} undoes it exactly.
 * @example
 * console.log(escapeFormula("=1+1"), escapeFormula("one"), escapeFormula("-1")); // '=1+1 one -1
 */
export function escapeFormula(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/**
 * The text without the apostrophe that it begins with, if it does: what a program does with each text of an escaped CSV
 * file. `readTable` does it of itself with a file that `exportRun` wrote.
 * @example
 * console.log(unescapeFormula("'=1+1")); // =1+1
 */
export function unescapeFormula(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}

/** Whether escaping puts an apostrophe in front. */
export function isFormula(text: string): boolean {
  return formula.test(text) && !plainNumber.test(text);
}
