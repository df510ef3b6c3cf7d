/** Where seeds and contexts come from, as a caller gives them. */

/** One seed example or context, as a line of the file or an item of the iterable. */
export interface SeedInput {
  /** Not blank; white space around it is dropped. */
  readonly text: string;
  /** Name of the label. A context may leave it out and then serves every label. */
  readonly label?: string | number | undefined;
  /** Unlike all others of the source; default the line number, or the position in the iterable from 1. */
  readonly id?: string | number | undefined;
  /** Values of further placeholders ({context}, attributes): text, numbers and booleans are kept. */
  readonly [field: string]: unknown;
}

/** Path of a JSONL file, or the items themselves. */
export type SeedSource = string | Iterable<SeedInput> | AsyncIterable<SeedInput>;
