// One file of rows in any of the formats.
import { type Column, parquetFeatures, type Value } from "./columns.js";
import { csvHeader, csvRecord } from "./csv-format.js";
import type { ByteSink } from "./destination.js";
import { type ExportOptions, fileColumns } from "./options.js";
import { ParquetRows } from "./parquet-writer.js";

export interface RowWriter {
  /** @param label  position of the row's label. Wait for it before the next. */
  write(values: readonly Value[], label: number): Promise<void>;
  /** Writes the file's end. */
  end(): Promise<void>;
}

/** Begins a file; ending it ends the sink. */
export async function openWriter(
  options: ExportOptions,
  sink: ByteSink,
  labels: readonly string[],
): Promise<RowWriter> {
  const { format, escapeFormulas = true } = options;
  const columns = fileColumns(options);
  if (format === "parquet") return new ParquetRows(sink, columns);
  if (format === "hf") {
    const rows = new ParquetRows(sink, columns, { huggingface: parquetFeatures(columns, labels) });
    const classes = columns.map(({ kind }) => kind === "class");
    return {
      write: (values, label) => rows.write(values.map((value, c) => (classes[c] ? label : value))),
      end: () => rows.end(),
    };
  }
  const plain = columns as readonly Column[];
  const lineOf = format === "csv" ? csvLine(plain, escapeFormulas) : jsonLineOf(plain);
  if (format === "csv") await sink.append(csvHeader(plain, { escapeFormulas }));
  return { write: (values) => sink.append(lineOf(values)), end: () => sink.end() };
}

function csvLine(columns: readonly Column[], escapeFormulas: boolean) {
  return (values: readonly Value[]) => csvRecord(columns, values, { escapeFormulas });
}

// Every row has every column, so that each reader finds the same fields; "\n" ends it.
function jsonLineOf(columns: readonly Column[]) {
  return (values: readonly Value[]) =>
    `${JSON.stringify(Object.fromEntries(columns.map(({ name }, c) => [name, values[c]])))}\n`;
}
