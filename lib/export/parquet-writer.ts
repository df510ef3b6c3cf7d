// Parquet, row group by row group: memory holds one group of rows, however many there are.
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import { asText, type ColumnKind, type FileColumn, type Value } from "./columns.js";
import type { ByteSink } from "./destination.js";

/** A row group ends at so many rows, or at so many characters of text. */
const mostRows = 10_000;
const mostText = 2 ** 25;

const utf8 = { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } } as const;
/** A column of a file, or vectors, whose numbers are float32. */
type ParquetColumn = FileColumn | { readonly name: string; readonly kind: "vector" };
const leaves: Readonly<
  Record<ColumnKind | "class" | "vector", Pick<SchemaElement, "type" | "converted_type" | "logical_type">>
> = {
  text: utf8,
  texts: utf8,
  values: utf8,
  probabilities: utf8,
  digits: utf8,
  integer: { type: "INT64" },
  class: { type: "INT64" },
  flag: { type: "BOOLEAN" },
  number: { type: "DOUBLE" },
  numbers: { type: "DOUBLE" },
  vector: { type: "FLOAT" },
};

/**
 * Writes a Parquet file of fixed columns: strings as UTF8, integers as INT64, numbers as DOUBLE, lists as LIST, objects
 * as JSON text.
 */
export class ParquetRows {
  readonly #columns: readonly ParquetColumn[];
  readonly #writer: ParquetWriter;
  #data: unknown[][];
  #text = 0;

  /** @param metadata  further key-value pairs for the end of the file. */
  constructor(sink: ByteSink, columns: readonly ParquetColumn[], metadata: Readonly<Record<string, string>> = {}) {
    this.#columns = columns;
    this.#data = columns.map(() => []);
    this.#writer = new ParquetWriter({
      writer: new SinkWriter(sink),
      schema: [{ name: "schema", num_children: columns.length }, ...columns.flatMap(schemaOf)],
      kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      createdBy: "corrsynth",
      statistics: false, // least and greatest texts help no reader of these
    });
  }

  /** @param values  one for each column; of a class its index. */
  async write(values: readonly Value[]): Promise<void> {
    values.forEach((value, c) => {
      const physical = physicalOf(this.#columns[c]!, value);
      if (typeof physical === "string") this.#text += physical.length;
      this.#data[c]!.push(physical);
    });
    if (this.#data[0]!.length >= mostRows || this.#text >= mostText) await this.#writeGroup();
  }

  /** Writes what is left, and the end of the file. */
  async end(): Promise<void> {
    if (this.#data[0]!.length > 0) await this.#writeGroup();
    await this.#writer.finish();
  }

  async #writeGroup(): Promise<void> {
    const data = this.#data;
    this.#data = this.#columns.map(() => []);
    this.#text = 0;
    const columnData: ColumnSource[] = this.#columns.map(({ name }, c) => ({ name, data: data[c]! as unknown[] }));
    await this.#writer.write({ columnData, rowGroupSize: data[0]!.length });
  }
}

// Every column may be null, as in the files that Hugging Face's own tools write.
function schemaOf({ name, kind }: ParquetColumn): SchemaElement[] {
  const leaf = leaves[kind];
  if (kind !== "texts" && kind !== "numbers" && kind !== "vector")
    return [{ name, repetition_type: "OPTIONAL", ...leaf }];
  return [
    { name, repetition_type: "OPTIONAL", converted_type: "LIST", logical_type: { type: "LIST" }, num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", ...leaf },
  ];
}

function physicalOf({ kind }: ParquetColumn, value: Value): unknown {
  if (value === null) return null;
  if (kind === "integer" || kind === "class") return BigInt(value as number);
  return kind === "values" || kind === "probabilities" || kind === "digits" ? asText(value) : value;
}

// A buffer that is emptied into the sink after every row group.
class SinkWriter extends ByteWriter {
  readonly #sink: ByteSink;

  constructor(sink: ByteSink) {
    super(2 ** 16);
    this.#sink = sink;
  }

  async flush(): Promise<void> {
    const content = this.getBytes().slice(); // the buffer is written to again, maybe before the sink has done with it
    this.index = 0;
    await this.#sink.append(content);
  }

  override async finish(): Promise<void> {
    await this.flush();
    await this.#sink.end();
  }
}
