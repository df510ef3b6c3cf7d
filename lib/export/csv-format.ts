// CSV as RFC 4180 has it, UTF-8 without a byte order mark, safe to open in a spreadsheet.
import { asText, type Column, type Value } from "./columns.js";

// What a spreadsheet may take for the beginning of a formula (OWASP, "CSV Injection"; the last four are full-width
// forms of the first), and the apostrophe itself, so that taking one away is always right.
const formula = /^['=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * The text with an apostrophe in front where it begins with `=`, `+`, `-`, `@`, a tab, a line break, a full-width form
 * of these, or an apostrophe: a spreadsheet then shows it and computes nothing. {@link unescapeFormula} undoes it
 * exactly.
 * @example
 * console.log(escapeFormula("=1+1"), escapeFormula("one")); // '=1+1 one
 */
export function escapeFormula(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/**
 * The text without the apostrophe that it begins with, if it does: what a program does with each text of an escaped CSV
 * file.
 * @example
 * console.log(unescapeFormula("'=1+1")); // =1+1
 */
export function unescapeFormula(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}

/** The header, with its line end. */
export function csvHeader(columns: readonly Column[]): string {
  return `${columns.map(({ name }) => quoted(name)).join(",")}\r\n`;
}

/**
 * The record of a row, with its line end: texts quoted, numbers and true or false not, null as an empty field, lists
 * and objects as JSON. NUL, at which CSV readers give up, becomes U+FFFD.
 * @param options.escapeFormulas  see {@link escapeFormula}; of texts, since numbers are no formulas.
 */
export function csvRecord(
  columns: readonly Column[],
  values: readonly Value[],
  options: { readonly escapeFormulas: boolean },
): string {
  const fields = values.map((value, c) => {
    if (value === null) return "";
    const { kind } = columns[c]!;
    if (kind === "integer" || kind === "number" || kind === "flag") return String(value);
    const text = asText(value).replaceAll("\0", "\ufffd");
    return quoted(options.escapeFormulas ? escapeFormula(text) : text);
  });
  return `${fields.join(",")}\r\n`;
}

// Always: where a spreadsheet splits at ";", a quote keeps the rest of a text from being a cell of its own.
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
