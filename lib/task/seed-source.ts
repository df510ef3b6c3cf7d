/** Where seeds and contexts come from, as a caller gives them. */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { describedAs, part, programOnly } from "../checks/shapes.js";

/** One seed example or context, as a line of the file or an item of the iterable. */
export interface SeedInput {
  /** Not blank; white space around it is dropped. */
  readonly text: string;
  /** Name of the label. A context may leave it out and then serves every label. */
  readonly label?: string | number | boolean | undefined;
  /** Unlike all others of the source; default the line number, or the position in the iterable from 1. */
  readonly id?: string | number | undefined;
  /** Values of further placeholders ({context}, attributes): text, numbers and booleans are kept. */
  readonly [field: string]: unknown;
}

/** Path of a file with rows, such as JSON Lines, CSV or Parquet, or the items themselves. */
export type SeedSource = string | Iterable<SeedInput> | AsyncIterable<SeedInput>;

/** One line of a file or item of an iterable, as it was found. */
export interface SourceEntry {
  /** For messages: `seeds.jsonl:12`, `seeds.parquet: row 12`, or `seeds[3]`. */
  readonly place: string;
  /** Line number, number of the row, or position; from 1. */
  readonly position: number;
  /** The parsed value, or an Error that says why there is none. */
  readonly value: unknown;
}

/**
 * A source that was read: its items as often as they are asked for, whatever becomes of the file or the generator they
 * are from.
 */
export class ReadSource implements Iterable<SeedInput> {
  readonly entries: readonly SourceEntry[];
  /** Of the file; undefined of items that a caller gave. */
  readonly path: string | undefined;

  constructor(entries: readonly SourceEntry[], path: string | undefined) {
    this.entries = entries;
    this.path = path;
  }

  /** The items, each with its id. */
  *[Symbol.iterator](): Iterator<SeedInput> {
    for (const { position, value } of this.entries) {
      const item = value as SeedInput;
      const id = item?.id ?? ""; // which a column for ids may be, too
      yield { ...item, id: id === "" ? position : id };
    }
  }

  /** JSON has the items. */
  toJSON(): SeedInput[] {
    return [...this];
  }
}

/** Path of a file. */
export const path = z.string().min(1);
/** Items of a program. */
export const items = programOnly<Exclude<SeedSource, string>>("iterable", isIterable);

/** A {@link SeedSource}; what the items hold is for whoever reads them to check. */
export const seedSourceSchema: z.ZodType<SeedSource, SeedSource> = describedAs(
  path,
  z.union([path, items], { error: expected("a text") }),
);

const rules = part({
  /** Path of a JSONL file, or (in the API) items { text, label, id? }. */
  from: seedSourceSchema,
  /**
   * What becomes of seeds with which a prompt and `sampling.maxTokens` do not fit a row: "error" (default) names the
   * longest, "skip" leaves as few of them out as it takes, the longest of a label first, and warns.
   */
  tooLong: z.enum(["error", "skip"]).default("error"),
});

/**
 * Seeds with a rule for those that are too long.
 * @inline
 */
export interface SeedRules extends z.input<typeof rules> {}

/** A source by itself, or with rules. */
export const seedsSchema: z.ZodType<z.output<typeof rules>, SeedSource | SeedRules> = describedAs(
  z.union([path, rules]),
  z.union([path, items, rules], { error: expected("a path, or { from: a path }") }),
).transform((given) => (isRules(given) ? given : { from: given, tooLong: "error" as const }));

function isRules(given: SeedSource | z.output<typeof rules>): given is z.output<typeof rules> {
  return typeof given === "object" && !isIterable(given);
}

/** Whether a value can be gone through, now or as it comes. */
export function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
