// What rows take in memory as Arrow tables, which Hugging Face's cards call `num_bytes`.
import { asText, type FileColumn, type Value } from "./columns.js";

/** Bytes of each value that has a fixed width; a list has another 4 for its place, a text 4 and its UTF-8. */
const width = 8;
const place = 4;

/** Adds up the rows of a split. */
export class ArrowSize {
  readonly #columns: readonly FileColumn[];
  #bytes = 0;
  #rows = 0;

  constructor(columns: readonly FileColumn[]) {
    this.#columns = columns;
  }

  /** @param values  of the columns, in their order; that of a class may be anything. */
  add(values: readonly Value[]): void {
    this.#rows++;
    this.#columns.forEach((column, c) => {
      this.#bytes += sizeOf(column, values[c] ?? null);
    });
  }

  /** With a bit a row for whether a value is there, in each column that may lack one, and in each of flags. */
  get bytes(): number {
    const bits = this.#columns.reduce(
      (sum, { kind }) => sum + (kind === "class" ? 0 : 1) + (kind === "flag" ? 1 : 0),
      0,
    );
    return this.#bytes + bits * Math.ceil(this.#rows / 8);
  }
}

function sizeOf({ kind }: FileColumn, value: Value): number {
  if (kind === "flag") return 0;
  if (kind === "class" || kind === "integer" || kind === "number") return width;
  if (value === null) return place;
  if (kind === "numbers") return place + width * (value as readonly number[]).length;
  if (kind === "texts") return (value as readonly string[]).reduce((sum, text) => sum + textSize(text), place);
  return textSize(asText(value));
}

function textSize(text: string): number {
  return place + Buffer.byteLength(text);
}
