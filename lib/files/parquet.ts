// Rows of Parquet, row group by row group: memory holds one of them, however many there are.
import * as zlib from "node:zlib";
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  snappyUncompress,
} from "hyparquet";
import { InvalidConfigError, invalidField } from "../errors.js";
import { nameOf } from "../text/names.js";
import { type Classes, classesOfFeatures } from "./classes.js";
import { checkColumns, type Wanted } from "./columns.js";
import type { Entry, Fields } from "./entry.js";

/** Most bytes that a column of a row group, or all of them together, may come to when unpacked. */
const mostBytes = { column: 2 ** 29, file: 2 ** 31 };
const mostRows = 2 ** 24;

/** A Parquet file whose columns were looked at. */
export interface ParquetTable {
  readonly rows: AsyncIterable<Entry>;
  /** Names of the classes of each ClassLabel column, as `datasets` writes them into the file. */
  readonly classes: Classes;
}

/**
 * Opens a Parquet file. Read are its flat columns, binary ones only where they are wanted.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is damaged, packed by what is not known, has more than 2
 *   GiB of text, or lacks a column; `rows` may throw it, too.
 */
export async function openParquet(path: string, wanted: Wanted): Promise<ParquetTable> {
  const { file, metadata } = await orDamaged(path, async () => {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  });
  const { children } = parquetSchema(metadata);
  checkColumns(
    path,
    children.map(({ element }) => element.name),
    wanted,
  );
  const columns = children.filter(({ children: inner, element: { name, type, converted_type, logical_type } }) => {
    const isBinary = type === "FIXED_LEN_BYTE_ARRAY" || (type === "BYTE_ARRAY" && !converted_type && !logical_type);
    return wanted.columns.includes(nameOf(name)) || (inner.length === 0 && !isBinary);
  });
  const names = columns.map(({ element }) => element.name);
  checkChunks(path, metadata, names);
  const info = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  return { rows: rowsOf(path, file, metadata, names), classes: classesOfFeatures(info) };
}

async function* rowsOf(path: string, file: AsyncBuffer, metadata: FileMetaData, columns: string[]) {
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const read = () => parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
    for (const row of await orDamaged(path, read)) {
      rowStart++;
      yield { place: `${path}: row ${rowStart}`, position: rowStart, value: plain(row) };
    }
    rowStart = rowEnd;
  }
}

async function orDamaged<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof InvalidConfigError) throw cause;
    const reason = (cause as Error).message.replace(/^parquet\s+/, "");
    throw invalidField(path, `Expected a whole Parquet file (${reason}): fetch or write it again`, { cause });
  }
}

function checkChunks(path: string, { row_groups }: FileMetaData, columns: readonly string[]): void {
  const rows = row_groups.reduce((n, group) => n + Number(group.num_rows), 0);
  if (rows > mostRows)
    throw invalidField(path, `Expected at most ${mostRows} rows, received ${rows}: write a part of it`);
  let sum = 0;
  for (const { columns: chunks } of row_groups) {
    for (const { meta_data } of chunks) {
      if (meta_data === undefined || !columns.includes(meta_data.path_in_schema[0] ?? "")) continue;
      const bytes = Number(meta_data.total_uncompressed_size);
      sum += bytes;
      if (bytes > mostBytes.column || sum > mostBytes.file) {
        const message = "Expected at most 2 GiB of text, and 512 MiB in a column of a row group, received more";
        throw invalidField(path, `${message}: write a part of it`);
      }
      if (meta_data.codec !== "UNCOMPRESSED" && compressors[meta_data.codec] === undefined) {
        const known = ["UNCOMPRESSED", ...Object.keys(compressors)].join(", ");
        const message = `Expected columns packed by one of ${known}, received ${meta_data.codec}`;
        const newer = meta_data.codec === "ZSTD" ? "use Node 22.15 or later, or " : "";
        throw invalidField(path, `${message}: ${newer}write the file again with compression="snappy"`);
      }
    }
  }
}

// A page says how long it is unpacked, and may lie.
const limited =
  (unpack: (input: Uint8Array, length: number) => Uint8Array) =>
  (input: Uint8Array, length: number): Uint8Array => {
    if (length > mostBytes.column) throw new Error(`a page of ${length} bytes`);
    return unpack(input, length);
  };

// Only of Node 22.15 and later.
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: typeof zlib.gunzipSync };
const room = (maxOutputLength: number) => ({ maxOutputLength: Math.max(1, maxOutputLength) });

const compressors: Compressors = {
  SNAPPY: limited((input, length) => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  }),
  GZIP: limited((input, length) => zlib.gunzipSync(input, room(length))),
  BROTLI: limited((input, length) => zlib.brotliDecompressSync(input, room(length))),
  ...(zstdDecompressSync && { ZSTD: limited((input, length) => zstdDecompressSync(input, room(length))) }),
};

function plain(row: Fields): Fields {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
