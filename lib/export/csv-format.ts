// CSV as RFC 4180 has it, UTF-8 without a byte order mark, safe to open in a spreadsheet.
import { escapeFormula } from "../files/formula.js";
import { asText, type Column, type Value } from "./columns.js";

/** How a CSV is written. */
interface CsvOptions {
  /** See {@link escapeFormula}; of texts, since numbers are no formulas, and not of labels, which are compared. */
  readonly escapeFormulas: boolean;
}

/** The header, with its line end. It is quoted where texts are escaped: so `readTable` knows that they are. */
export function csvHeader(columns: readonly Column[], { escapeFormulas }: CsvOptions): string {
  return `${columns.map(({ name }) => (escapeFormulas ? quoted(name) : name)).join(",")}\r\n`;
}

/**
 * The record of a row, with its line end: texts quoted, numbers and true or false not, null as an empty field, lists
 * and objects as JSON. NUL, at which CSV readers give up, becomes U+FFFD.
 */
export function csvRecord(columns: readonly Column[], values: readonly Value[], options: CsvOptions): string {
  const fields = values.map((value, c) => {
    if (value === null) return "";
    const { name, kind } = columns[c]!;
    if (kind === "integer" || kind === "number" || kind === "flag") return String(value);
    const text = asText(value).replaceAll("\0", "\ufffd");
    return quoted(options.escapeFormulas && name !== "label" ? escapeFormula(text) : text);
  });
  return `${fields.join(",")}\r\n`;
}

// Always: where a spreadsheet splits at ";", a quote keeps the rest of a text from being a cell of its own.
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
