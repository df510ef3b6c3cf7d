// The one reader of rows that somebody else wrote, whatever format they are in.
import { isUtf8 } from "node:buffer";
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { show } from "../checks/nearest.js";
import { invalidField } from "../errors.js";
import { nameOf } from "../text/names.js";
import { type Classes, withClassNames } from "./classes.js";
import type { Wanted } from "./columns.js";
import { openContent, type TextContent } from "./content.js";
import { delimitedRows } from "./delimited.js";
import type { Entry, Fields } from "./entry.js";
import { openFolder } from "./folder.js";
import { arrayRows } from "./json-array.js";
import { parseLines } from "./jsonl.js";
import { openParquet } from "./parquet.js";
import { regularChunks } from "./regular-file.js";
import type { Review } from "./review.js";
import { decodeText } from "./text-file.js";

/** Rows, and what is known of all of them. */
export interface Records {
  /** To be read once. Names of columns are in their normal form, class numbers are names where those are known. */
  readonly entries: AsyncIterable<Entry>;
  /** Of each column of class numbers, the names. */
  readonly classes: Classes;
  /** What the reader should know. */
  readonly notes: readonly string[];
}

/** What is read of a file or a folder. */
export interface RecordOptions {
  /** Columns that must be there, where the format has columns of its own; of JSON it is for the caller to look. */
  readonly wanted: Wanted;
  /** Names of classes by column, in place of those that the file knows. */
  readonly names?: Classes | undefined;
  /** Of a folder with several splits, those that are looked for, the most wanted first; default train. */
  readonly splits?: readonly string[] | undefined;
  /** Whether the rows of a run directory are as a person wants them who reviewed it; default true. */
  readonly reviewed?: boolean | undefined;
}

/**
 * Opens rows: delimited text, JSON Lines, a JSON list of objects, each also packed by gzip or as UTF-16 with a mark;
 * Parquet; or a folder with files of these. What a file is, is told by its content; its name decides between what
 * begins alike. Rows that are malformed are Errors among the others.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with its path, for what cannot be read at all, now or while the
 *   rows are read. Node's error is its `cause` where there is one.
 */
export async function openRecords(path: string, options: RecordOptions): Promise<Records> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const opened = isFolder ? await folderRecords(path, options) : await fileRecords(path, options.wanted);
  const classes = new Map([...opened.classes, ...(options.names ?? [])]);
  return { entries: withClassNames(opened.entries, classes), classes, notes: opened.notes };
}

async function folderRecords(path: string, { wanted, splits, reviewed = true }: RecordOptions): Promise<Records> {
  const { files, bytes, review, classes, notes } = await openFolder(path, splits, reviewed);
  const parts: Records[] = [];
  for (const file of files) parts.push(await fileRecords(file, wanted, bytes));
  async function* all(): AsyncGenerator<Entry> {
    let position = 0; // of a row, through all files
    for (const { entries } of parts) for await (const entry of entries) yield { ...entry, position: ++position };
  }
  const own = parts.flatMap((part) => [...part.classes]);
  const written = parts.length === 1 ? parts[0]!.entries : all();
  const entries = review === undefined || review.isEmpty ? written : withReview(written, review);
  return { entries, classes: new Map([...classes, ...own]), notes };
}

async function* withReview(entries: AsyncIterable<Entry>, review: Review): AsyncGenerator<Entry> {
  for await (const entry of entries) {
    const value = entry.value instanceof Error ? entry.value : review.apply(entry.value);
    if (value !== undefined) yield { ...entry, value };
  }
}

async function fileRecords(path: string, wanted: Wanted, bytes?: number): Promise<Records> {
  const content = await openContent(path, bytes === undefined ? undefined : regularChunks(path, bytes));
  if (content.kind === "text") return { entries: textRows(path, content, wanted), classes: new Map(), notes: [] };
  const { rows, classes } = await openParquet(path, wanted);
  return { entries: normal(rows), classes, notes: [] };
}

async function* textRows(path: string, content: TextContent, wanted: Wanted): AsyncGenerator<Entry> {
  const format = formatOf(path, content.beginning);
  if (format === "lines") return yield* normal(lineRows(path, content.chunks));
  const text = await whole(path, content.chunks);
  if (format === "list") return yield* normal(arrayRows(text, path));
  yield* delimitedRows(text, path, wanted);
}

/** What its name says, else what it begins with. */
function formatOf(path: string, beginning: Buffer): "lines" | "list" | "delimited" {
  const extension = extensionOf(path);
  if (extension === ".csv" || extension === ".tsv" || extension === ".tab") return "delimited";
  const first = beginning.toString("utf8").replace(/^\ufeff?\s*/, "")[0];
  if (first === "[") return "list";
  return first === "{" || isJsonName(extension) ? "lines" : "delimited";
}

const extensionOf = (path: string) => extname(path.replace(/\.gz$/i, "")).toLowerCase();
const isJsonName = (extension: string) => [".jsonl", ".ndjson", ".json"].includes(extension);

/** A text that is parsed as a whole has less room than V8's longest string. */
const mostWhole = 2 ** 29 - 2 ** 10;

async function whole(path: string, chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > mostWhole) {
      const message = "Expected at most 512 MiB of delimited text or of a JSON list, received more";
      throw invalidField(path, `${message}: write JSON Lines or Parquet, or a part of it`);
    }
    all.push(chunk);
  }
  return decodeText(path, Buffer.concat(all));
}

async function* lineRows(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  for await (const { number, value, problem, isEnded, bytes } of parseLines(path, "object", chunks)) {
    const row = { place: `${path}:${number}`, position: number };
    if (problem !== undefined) {
      // Nothing ends a bad line: whoever wrote it was stopped in the middle, even of a character.
      const isTorn = !isEnded && !bytes.includes(0) && (isJsonName(extensionOf(path)) || isUtf8(bytes));
      yield { ...row, value: new Error(problem + pandas(number, bytes)), ...(isTorn && { isTorn }) };
    } else if (value !== undefined) {
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      yield {
        ...row,
        value: isObject ? (value as Fields) : new Error(`Expected a JSON object, received ${show(value)}`),
      };
    }
  }
}

// One object over many lines: a table by columns, or a list with something around it.
function pandas(number: number, bytes: Buffer): string {
  if (number > 1 || bytes.toString("utf8").trim() !== "{") return "";
  return '. A list of objects is read, too; with pandas: orient="records", lines=True';
}

async function* normal(entries: Iterable<Entry> | AsyncIterable<Entry>): AsyncGenerator<Entry> {
  const good = new Set<string>(); // names that need no change, as nearly all
  for await (const entry of entries) {
    yield entry.value instanceof Error ? entry : { ...entry, value: normalNames(entry.value, good) };
  }
}

function normalNames(fields: Fields, good: Set<string>): Fields {
  const names = Object.keys(fields);
  if (names.every((name) => good.has(name))) return fields;
  for (const name of names) if (name === nameOf(name) && good.size < 1000) good.add(name);
  return Object.fromEntries(names.map((name) => [nameOf(name), fields[name]]));
}
