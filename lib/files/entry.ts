// A row as it stands in a file, before anything is asked of it.

/** The fields of a row by column. */
export type Fields = Readonly<Record<string, unknown>>;

/** One row of a file. */
export interface Entry {
  /** For messages: `seeds.csv:12`, or `seeds.parquet: row 12`. */
  readonly place: string;
  /** Its line in a text, its number in Parquet and in a folder of files; from 1. */
  readonly position: number;
  /** Its fields, or an Error that says why there are none. */
  readonly value: Fields | Error;
  /** The line ends in the middle, as a killed run leaves it. */
  readonly isTorn?: true;
}

/** A field of a row that is its own: a column may be named "constructor". */
export function fieldOf(fields: Fields, column: string): unknown {
  return Object.hasOwn(fields, column) ? fields[column] : undefined;
}
