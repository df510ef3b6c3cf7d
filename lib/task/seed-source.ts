/** Where seeds and contexts come from, as a caller gives them. */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { describedAs, programOnly } from "../checks/shapes.js";

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

const path = z.string().min(1);
const items = programOnly<Exclude<SeedSource, string>>("iterable", isIterable);

/** A {@link SeedSource}; what the items hold is for whoever reads them to check. */
export const seedSourceSchema: z.ZodType<SeedSource, SeedSource> = describedAs(
  path,
  z.union([path, items], { error: expected("a text") }),
);

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
