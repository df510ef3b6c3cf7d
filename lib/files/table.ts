// Labelled texts from files that others wrote: CSV, TSV and JSON Lines, with columns of any name.
import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { show, suggestion } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import { parseCsv } from "./csv.js";
import { type ParsedLine, parseLines } from "./jsonl.js";
import { readTextFile } from "./text-file.js";

/** A text, its label, and where it stood. */
export interface TableRow {
  /** As it stands in the file; may be blank. */
  readonly text: string;
  /** Not empty; "" where no label was asked for. */
  readonly label: string;
  /** Line on which the row begins, from 1. */
  readonly line: number;
  /** The whole row: a JSON object, or the fields of a CSV record by column. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a file holds. */
export interface Table {
  readonly rows: readonly TableRow[];
  /**
   * 1 where the last line of a JSON Lines file is only half written, as a killed run leaves it: it was left out. Else
   * 0.
   */
  readonly unfinished: number;
}

/** Which columns are read. */
export interface TableOptions {
  /** Column or field of the text; default "text". */
  readonly text?: string | undefined;
  /**
   * Column or field of the label; default "label", and null for rows without one. Numbers and true or false count as
   * names.
   */
  readonly label?: string | null | undefined;
}

const mostNamed = 20;

/**
 * The rows of a .csv, .tsv, .jsonl or .ndjson file, of which one is a text and one its label; other files are JSON
 * Lines when they begin with "{", else CSV. UTF-8; a byte order mark is accepted.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as path, for a file that cannot be read, is
 *   empty, not UTF-8, or malformed; for a column that is not there, with those that are; and for rows without text or
 *   label, up to 20 of them by line.
 * @example
 * await writeFile("news.csv", "headline,class\nShares fall,business\nCup final,sports\n");
 * const { rows } = await readTable("news.csv", { text: "headline", label: "class" });
 * for (const { line, label, text } of rows) console.log(line, label, text);
 */
export async function readTable(path: string, options: TableOptions = {}): Promise<Table> {
  const { records, unfinished } = (await isJsonLines(path)) ? await jsonRecords(path) : await csvRecords(path, options);
  const { rows, issues } = pick(records, path, options);
  const rest = issues.length - mostNamed;
  if (rest > 0) issues.splice(mostNamed, rest, { path, message: `and ${rest} more rows that are wrong` });
  if (issues.length > 0) throw new InvalidConfigError(issues);
  if (rows.length === 0) throw invalidField(path, "Expected at least one row, received none");
  return { rows, unfinished };
}

const jsonLines = [".jsonl", ".ndjson"];
const separators: Readonly<Record<string, string>> = { ".csv": ",", ".tsv": "\t" };
const extensionOf = (path: string) => extname(path).toLowerCase();

// By its extension, else by whether it begins with "{".
async function isJsonLines(path: string): Promise<boolean> {
  const extension = extensionOf(path);
  if (jsonLines.includes(extension) || Object.hasOwn(separators, extension)) return jsonLines.includes(extension);
  return /^\ufeff?\s*\{/.test(await beginningOf(path));
}

// The first few thousand characters; none of a file that cannot be read, which its reader says in its own words.
async function beginningOf(path: string): Promise<string> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    return ""; // of a directory
  } finally {
    await file.close();
  }
}

interface Entry {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

async function jsonRecords(path: string): Promise<{ records: Entry[]; unfinished: number }> {
  const records: Entry[] = [];
  for await (const parsed of parseLines(path, "object")) {
    const { number: line, value, problem } = parsed;
    if (problem !== undefined) {
      if (isTorn(parsed, path)) return { records, unfinished: 1 };
      throw invalidField(`${path}:${line}`, problem);
    }
    if (value === undefined) continue;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw invalidField(`${path}:${line}`, `Expected a JSON object, received ${show(value)}`);
    }
    records.push({ line, fields: value as Record<string, unknown> });
  }
  return { records, unfinished: 0 };
}

// Whether nothing ends a bad line: whoever wrote it was stopped in the middle, even of a character in a file of this
// format.
function isTorn({ isEnded, bytes }: ParsedLine, path: string): boolean {
  return !isEnded && !bytes.includes(0) && (jsonLines.includes(extensionOf(path)) || isUtf8(bytes));
}

async function csvRecords(path: string, options: TableOptions): Promise<{ records: Entry[]; unfinished: number }> {
  const content = await readTextFile(path);
  const [header, ...rest] = [...parseCsv(content, path, separators[extensionOf(path)])];
  const columns = header!.fields.map((name) => name.trim());
  for (const name of wanted(options)) {
    const found = columns.filter((column) => column === name).length;
    if (found === 1) continue;
    const message = found === 0 ? missing(name, columns) : `Expected one column ${show(name)}, received ${found}`;
    throw invalidField(`${path}:${header!.line}`, message);
  }
  const records = rest.map(({ fields, line }) => {
    if (fields.length !== columns.length) {
      throw invalidField(
        `${path}:${line}`,
        `Expected ${columns.length} fields as in the header, received ${fields.length}`,
      );
    }
    return { line, fields: Object.fromEntries(columns.map((column, c) => [column, fields[c]!])) };
  });
  return { records, unfinished: 0 };
}

function wanted({ text = "text", label = "label" }: TableOptions): string[] {
  return label === null ? [text] : [text, label];
}

function missing(name: string, columns: readonly string[]): string {
  const known = columns.map((column) => `"${column}"`).join(", ");
  return (
    `Expected a column "${name}", the columns are ` +
    `${known || "none"}${suggestion(name, columns).replace(/, expected one of .*/, "")}`
  );
}

function pick(records: readonly Entry[], path: string, options: TableOptions) {
  const { text: textColumn = "text", label: labelColumn = "label" } = options;
  const rows: TableRow[] = [];
  const issues: ConfigIssue[] = [];
  for (const { line, fields } of records) {
    const absent = wanted(options).filter((name) => fields[name] === undefined);
    const text = fields[textColumn];
    const label = labelColumn === null ? "" : fields[labelColumn];
    const place = `${path}:${line}`;
    if (absent.length > 0) issues.push({ path: place, message: missing(absent[0]!, Object.keys(fields)) });
    else if (typeof text !== "string") {
      issues.push({ path: place, message: `Expected a text in "${textColumn}", received ${show(text)}` });
    } else if (labelColumn !== null && !isName(label)) {
      issues.push({
        path: place,
        message: `Expected the name of a label in "${labelColumn}", received ${show(label)}`,
      });
    } else rows.push({ text, label: String(label).trim(), line, fields });
  }
  return { rows, issues };
}

function isName(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}
