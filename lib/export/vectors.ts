// Vectors of texts as files that training reads: a row is embedded and written before the next batch is read, and all of it
// appears at once.
import { lstat } from "node:fs/promises";
import { extname } from "node:path";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import type { TableRow } from "../files/table.js";
import type { TextEmbedder } from "../text/text-embedder.js";
import { type ByteSink, Destination } from "./destination.js";
import { npyHeader } from "./npy.js";
import { ParquetRows } from "./parquet-writer.js";

/** Where vectors go, and in which form. */
export interface VectorsOptions {
  /**
   * A path whose end is the format: ".npy" (numpy, float32, a row a text, beside it NAME.ids.jsonl with id or line of each),
   * ".jsonl" (the rows as they came, with a column "embedding") or ".parquet" (text, label and id where the rows have
   * them, embedding as float32).
   */
  readonly out: string;
  readonly embedder: TextEmbedder;
  /** Scales each vector to length 1, as sentence-transformers and vector stores do; default true. */
  readonly normalize?: boolean | undefined;
  /** Replaces a file; default false. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the texts done so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** What an export of vectors came to. */
export interface ExportedVectors {
  readonly rows: number;
  /** Rows left out since their text is blank. */
  readonly blank: number;
  /** Numbers of a vector. */
  readonly dimensions: number;
  readonly files: readonly string[];
}

/** Texts that are embedded together. */
const batch = 64;

/**
 * Embeds the texts of rows and writes the vectors. Memory holds the rows and a batch of vectors, of Parquet 10,000.
 * @param rows  as `readTable` gives them.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for another ending of `out`, a file that is there, no text at all, or
 *   a vector that is not finite or not as long as the others.
 * @throws {StorageError} CORRSYNTH_STORAGE when it cannot be written; what was there stays.
 * @example
 * import { loadEmbedder } from "corrsynth";
 * import { exportVectors } from "corrsynth/io";
 * await writeFile("birds.jsonl", '{"text": "small grey bird"}\n{"text": "tall tree"}\n');
 * const { rows } = await readTable("birds.jsonl", { label: null });
 * await using embedder = await loadEmbedder("demo");
 * const { dimensions, files } = await exportVectors(rows, { out: "birds.npy", embedder });
 * console.log(dimensions, files); // 192 [ 'birds.npy', 'birds.ids.jsonl' ]
 */
export async function exportVectors(rows: readonly TableRow[], options: VectorsOptions): Promise<ExportedVectors> {
  const { out, force = false } = options;
  const format = formats[extname(out).toLowerCase()];
  if (format === undefined) {
    throw invalidField("out", `Expected a path that ends in ${Object.keys(formats).join(", ")}, received "${out}"`);
  }
  const ids = format === "npy" ? [out.replace(/\.npy$/i, ".ids.jsonl")] : [];
  const issues: ConfigIssue[] = [];
  for (const path of [out, ...ids]) issues.push(...(await issuesOf(path, force)));
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const texts = rows.filter(({ text }) => text.trim() !== "");
  if (texts.length === 0) throw invalidField("rows", "Expected a text that is not blank, received none");
  const write = { force, isDirectory: false };
  const vectors = () =>
    Destination.write(out, write, async (create) =>
      writeVectors(texts, await create(""), writers[format](texts), options),
    );
  const withIds = async (create: (name: string) => Promise<ByteSink>) => {
    await idLines(texts, await create(""));
    return await vectors();
  };
  const dimensions = ids.length === 0 ? await vectors() : await Destination.write(ids[0]!, write, withIds);
  return { rows: texts.length, blank: rows.length - texts.length, dimensions, files: [out, ...ids] };
}

async function issuesOf(path: string, force: boolean): Promise<ConfigIssue[]> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || (force && !found.isDirectory())) return [];
  const what = found.isDirectory() ? "a directory" : "something already";
  return [{ path, message: `Expected a new path, but there is ${what}: choose another${force ? "" : ", or --force"}` }];
}

type Format = "npy" | "jsonl" | "parquet";
const formats: Readonly<Record<string, Format>> = { ".npy": "npy", ".jsonl": "jsonl", ".parquet": "parquet" };

/** How a format is written to a sink: the rows in their order, then the end. */
interface VectorWriter {
  write(row: TableRow, vector: Float32Array): Promise<void>;
  end(): Promise<void>;
}
type OpenWriter = (sink: ByteSink, dimensions: number) => Promise<VectorWriter> | VectorWriter;

const writers: Readonly<Record<Format, (rows: readonly TableRow[]) => OpenWriter>> = {
  npy: (rows) => async (sink, dimensions) => {
    await sink.append(npyHeader(rows.length, dimensions));
    return { write: (_, vector) => sink.append(littleEndian(vector)), end: () => sink.end() };
  },
  jsonl: () => (sink) => ({
    write: ({ fields }, vector) => sink.append(`${JSON.stringify({ ...fields, embedding: shortest(vector) })}\n`),
    end: () => sink.end(),
  }),
  parquet: (rows) => (sink) => {
    const names = ["id", "label"].filter((name) => rows.every(({ fields }) => isPlain(fields[name])));
    const columns = [
      { name: "text", kind: "text" },
      ...names.map((name) => ({ name, kind: "text" }) as const),
      { name: "embedding", kind: "vector" },
    ] as const;
    const writer = new ParquetRows(sink, columns);
    return {
      write: ({ text, fields }, vector) =>
        writer.write([text, ...names.map((name) => String(fields[name])), Array.from(vector)]),
      end: () => writer.end(),
    };
  },
};

async function writeVectors(
  rows: readonly TableRow[],
  sink: ByteSink,
  open: OpenWriter,
  { embedder, normalize = true, signal, onProgress }: VectorsOptions,
): Promise<number> {
  let writer: VectorWriter | undefined;
  let dimensions = 0;
  for (let first = 0; first < rows.length; first += batch) {
    signal?.throwIfAborted();
    const some = rows.slice(first, first + batch);
    const vectors = await embedder.embed(
      some.map(({ text }) => text),
      { signal },
    );
    dimensions ||= vectors[0]?.length ?? 0;
    writer ??= await open(sink, dimensions);
    for (const [i, row] of some.entries()) {
      const vector = checked(vectors[i], dimensions, row);
      await writer.write(row, normalize ? unit(vector) : vector);
    }
    onProgress?.(first + some.length);
  }
  await writer!.end();
  return dimensions;
}

function checked(vector: Float32Array | undefined, dimensions: number, { line }: TableRow): Float32Array {
  if (vector?.length === dimensions && vector.every(Number.isFinite)) return vector;
  const received = vector?.length === dimensions ? "some that are none" : `${vector?.length ?? 0}`;
  const message = `Expected ${dimensions} finite numbers for the text of line ${line}, received ${received}`;
  throw invalidField("embedder", `${message}: try the model with corrsynth doctor --model`);
}

async function idLines(rows: readonly TableRow[], sink: ByteSink): Promise<void> {
  for (const { line, fields } of rows) {
    await sink.append(`${JSON.stringify(isPlain(fields.id) ? { id: fields.id, line } : { line })}\n`);
  }
  await sink.end();
}

// A vector of zeros, which has no direction, stays.
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function littleEndian(vector: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [i, value] of vector.entries()) bytes.setFloat32(4 * i, value, true);
  return new Uint8Array(bytes.buffer);
}

// Nine digits are enough for any float32.
const shortest = (vector: Float32Array) => Array.from(vector, (value) => Number(value.toPrecision(9)));

const isPlain = (value: unknown) =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";
