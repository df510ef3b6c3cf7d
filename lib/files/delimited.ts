// Rows of delimited text, however the tool that wrote it separates and quotes: what reads in one way alone is read so.
import { extname } from "node:path";
import { InvalidConfigError, invalidField } from "../errors.js";
import { checkColumns, type Wanted } from "./columns.js";
import { type CsvDialect, type CsvRecord, parseCsv } from "./csv.js";
import type { Entry } from "./entry.js";
import { isFormula, unescapeFormula } from "./formula.js";

/** By their frequency; of a .tsv the tab comes first. */
const separators = [",", ";", "\t", "|"];

/**
 * The rows below a header. The separator is the one under which the header has the wanted columns, or what a first line
 * such as `sep=;` says. Quotes are doubled inside quotes; where the text cannot be read so, escaped by backslashes; of
 * tabs and bars also letters like any other. A row of too many or too few fields is an Error.
 * @param path  what the text is called in errors; its extension says what is tried first.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `path:line`, for a column that is not there, and where
 *   quotes fit in no way.
 */
export function* delimitedRows(text: string, path: string, wanted: Wanted): Generator<Entry> {
  const named = /^"?sep=(.)"?(?=[\r\n])/i.exec(text);
  const body = named === null ? text : text.slice(named[0].length); // its line end stays, for lines to be counted
  const separator = named?.[1] ?? separatorOf(body, path, wanted);
  const [header, ...records] = recordsOf(body, path, separator);
  if (header === undefined) throw invalidField(path, "Expected a first line that names the columns, received none");
  const columns = checkColumns(`${path}:${header.line}`, header.fields, wanted);
  const isEscaped = isOwnExport(body, columns, records);
  for (const { fields, line } of records) {
    const place = `${path}:${line}`;
    if (fields.length === columns.length) {
      const values = columns.map((column, c): [string, string] => {
        return [column, isEscaped && column !== "label" ? unescapeFormula(fields[c]!) : fields[c]!];
      });
      yield { place, position: line, value: Object.fromEntries(values) };
    } else {
      const message = `Expected ${columns.length} fields as in the header, received ${fields.length}`;
      yield { place, position: line, value: new Error(message) };
    }
  }
}

function separatorOf(text: string, path: string, wanted: Wanted): string {
  const isTabbed = /^\.(tsv|tab)$/i.test(extname(path.replace(/\.gz$/i, "")));
  const order = isTabbed ? ["\t", ...separators.filter((one) => one !== "\t")] : separators;
  const headers = order.map((separator) => ({ separator, fields: headerOf(text, path, separator) }));
  const fitting = headers.find(({ fields }) => isFitting(fields, path, wanted));
  if (fitting !== undefined) return fitting.separator;
  return headers.reduce((best, other) => (other.fields.length > best.fields.length ? other : best)).separator;
}

function headerOf(text: string, path: string, separator: string): readonly string[] {
  try {
    return parseCsv(text, path, { separator }).next().value?.fields ?? [];
  } catch {
    return []; // its quotes are none with this separator
  }
}

function isFitting(fields: readonly string[], path: string, wanted: Wanted): boolean {
  try {
    checkColumns(path, fields, wanted);
    return true;
  } catch {
    return false;
  }
}

// In the first way in which quotes fit and every record has as many fields as the first; else as RFC 4180 has it.
function recordsOf(text: string, path: string, separator: string): CsvRecord[] {
  const ways: CsvDialect["quotes"][] = ["doubled", "escaped"];
  if (separator === "\t" || separator === "|") ways.push("plain");
  const found = ways.map((quotes) => () => [...parseCsv(text, path, { separator, quotes })]);
  let first: CsvRecord[] | InvalidConfigError | undefined;
  for (const read of found) {
    const records = unlessRefused(read);
    if (Array.isArray(records) && records.every(({ fields }) => fields.length === records[0]!.fields.length)) {
      return records;
    }
    first ??= records;
  }
  if (Array.isArray(first)) return first;
  throw first;
}

function unlessRefused<Result>(read: () => Result): Result | InvalidConfigError {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidConfigError) return error;
    throw error;
  }
}

// As `exportRun` writes it with its apostrophes: the header in quotes, and no text that should have one and has none.
function isOwnExport(text: string, columns: readonly string[], records: readonly CsvRecord[]): boolean {
  if (!text.startsWith(`${columns.map((column) => `"${column}"`).join(",")}\r\n`)) return false;
  const texts = columns.flatMap((column, c) => (column === "label" ? [] : [c]));
  return records.every(({ fields }) => texts.every((c) => !isFormula(fields[c] ?? "") || fields[c]!.startsWith("'")));
}
