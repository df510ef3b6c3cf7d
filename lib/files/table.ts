// Labelled texts from files that others wrote, with columns of any name.
import { Faults } from "../checks/faults.js";
import { show } from "../checks/nearest.js";
import { invalidField } from "../errors.js";
import { labelName, nameOf } from "../text/names.js";
import { missingColumns, type Wanted } from "./columns.js";
import { type Fields, fieldOf } from "./entry.js";
import { openRecords } from "./records.js";

/** A text, its label, and where it stood. */
export interface TableRow {
  /** As it stands in the file; may be blank. */
  readonly text: string;
  /** Not empty, in Unicode NFC, without white space around it; "" where no label was asked for. */
  readonly label: string;
  /** Line on which the row begins, from 1; of Parquet, and of a folder of several files, the number of the row. */
  readonly line: number;
  /** The whole row: a JSON object, or the fields of a record by column. */
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
  /** Names of the label's classes in the order of their numbers, where the file or the options have them. */
  readonly names?: readonly string[] | undefined;
  /** What the reader should know: which of a folder's splits this is. */
  readonly notes: readonly string[];
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
  /**
   * Names of the classes that numbers in the label's column stand for, from 0; default those that the file knows: a
   * ClassLabel of Hugging Face's `datasets`, as `exportRun` with format "hf" writes it.
   */
  readonly names?: readonly string[] | undefined;
  /** Of a folder with several splits, those that are looked for, the most wanted first; default train. */
  readonly splits?: readonly string[] | undefined;
  /**
   * Of a run directory, the rows as a person wants them who reviewed it (`corrsynth review`), with a note; false: as they
   * were written. Default true.
   */
  readonly reviewed?: boolean | undefined;
  /** What to do where a column is not there, such as an option that names another; said behind the columns there are. */
  readonly columnAdvice?: string | undefined;
}

/**
 * The rows of a file, of which one column is a text and one its label: the one reader of rows for every command.
 *
 * - Delimited text (.csv, .tsv, .txt): comma, semicolon, tab or bar, told by the header or a first line `sep=;`; quotes
 *   doubled, or escaped by backslashes. A CSV of `exportRun` comes back as it was, without its apostrophes.
 * - JSON Lines, or one JSON list of objects.
 * - Parquet; packed by snappy, gzip or brotli, with Node 22.15 or later also by zstd.
 * - A folder of such files, as `exportRun` with format "hf" and the hub lay it out; of a run directory the rows that its journal vouches for,
 *   as `review.jsonl` has them.
 *
 * Text is UTF-8, or UTF-16 with its mark, and may be packed by gzip. All rows are held in memory: most are 2 GiB of
 * text, and 512 MiB of delimited text or of a JSON list, after unpacking.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as path, for a file that cannot be read, is
 *   empty, of another kind (with what to do), not UTF-8, or malformed; for a column that is not there, with those that
 *   are; and for rows without text or label: up to 20 different faults, each with its count and its first lines.
 * @example
 * await writeFile("news.csv", "headline;class\nShares fall;business\nCup final;sports\n");
 * const { rows } = await readTable("news.csv", { text: "headline", label: "class" });
 * for (const { line, label, text } of rows) console.log(line, label, text);
 */
export async function readTable(path: string, options: TableOptions = {}): Promise<Table> {
  const { text = "text", label = "label", names, splits } = options;
  const column = { text: nameOf(text), label: label === null ? null : nameOf(label) };
  const wanted = column.label === null ? [column.text] : [column.text, column.label];
  const given = names === undefined || column.label === null ? undefined : new Map([[column.label, names.map(nameOf)]]);
  const { columnAdvice: advice } = options;
  const { entries, classes, notes } = await openRecords(path, {
    ...{ wanted: { columns: wanted, advice }, names: given, splits, reviewed: options.reviewed },
  });
  const faults = new Faults();
  const rows: TableRow[] = [];
  let unfinished = 0;
  for await (const { place, position, value, isTorn } of entries) {
    if (isTorn) unfinished = 1;
    else if (value instanceof Error) faults.add(value.message, place, () => value.message);
    else {
      const row = pick(value, { columns: wanted, advice }, column, position);
      if ("fault" in row) faults.add(row.fault, place, row.message ?? (() => row.fault));
      else rows.push(row);
    }
  }
  faults.throwAny(path);
  if (rows.length === 0) throw invalidField(path, "Expected at least one row, received none");
  const classNames = column.label === null ? undefined : classes.get(column.label);
  return { rows, unfinished, ...(classNames && { names: classNames }), notes };
}

/** What is wrong with a row, and how that is said where not by the same words. */
interface RowFault {
  readonly fault: string;
  readonly message?: () => string;
}

function pick(
  fields: Fields,
  { columns: wanted, advice }: Wanted,
  column: { readonly text: string; readonly label: string | null },
  line: number,
): TableRow | RowFault {
  const absent = wanted.filter((name) => fieldOf(fields, name) === undefined);
  if (absent.length > 0) {
    const columns = Object.keys(fields);
    const fault = [...absent, ...columns.slice(0, 100)].join("\n");
    return { fault, message: () => missingColumns(absent, columns, advice) };
  }
  const text = fieldOf(fields, column.text);
  if (typeof text !== "string") {
    // pandas writes a table by columns where it is not told otherwise
    const hint = typeof text === "object" && text !== null ? ' (with pandas: orient="records", lines=True)' : "";
    return { fault: `Expected a text in "${column.text}", received ${show(text)}${hint}` };
  }
  if (column.label === null) return { text, label: "", line, fields };
  const given = fieldOf(fields, column.label);
  const label = labelName(given);
  if (label === undefined) {
    return { fault: `Expected the name of a label in "${column.label}", received ${show(given)}` };
  }
  return { text, label, line, fields };
}
