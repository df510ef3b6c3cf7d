// The input of the figures in parts. To copy all of it into another thread at once would take the calling one a tenth
// of a second for ten thousand texts, and longer for long vectors; parts let all else have its turn in between.
import type { FigureInput } from "./figures.js";
import type { ReadRows } from "./read-rows.js";

/** What there is one of for each row. */
type Field = "rows" | "tokens" | "entities" | "vectors" | "mapVectors";
type Set = "data" | "gold";

/** Some items of a field, in their order; or all that is no such list, which comes last. */
export type InputPart =
  | { readonly set: Set; readonly field: Field; readonly items: readonly unknown[] }
  | { readonly rest: FigureInput };

const fields: readonly Field[] = ["rows", "tokens", "entities", "vectors", "mapVectors"];
const itemsOfPart = 256; // a millisecond or two

/** Takes an input apart. */
export function* partsOf(input: FigureInput): Generator<InputPart> {
  const { data, gold } = input;
  for (const [set, read] of [
    ["data", data],
    ["gold", gold],
  ] as const) {
    for (const field of fields) {
      const items: readonly unknown[] = read?.[field] ?? [];
      for (let start = 0; start < items.length; start += itemsOfPart) {
        yield { set, field, items: items.slice(start, start + itemsOfPart) };
      }
    }
  }
  yield { rest: { ...input, data: emptied(data), gold: gold && emptied(gold) } };
}

// Lists that are there stay, without their items.
function emptied(read: ReadRows): ReadRows {
  const { tokens, entities, vectors, mapVectors } = read;
  const none = { tokens: tokens && [], entities: entities && [], vectors: vectors && [], mapVectors: mapVectors && [] };
  return { ...read, rows: [], ...none };
}

/** Puts the parts of an input together again. */
export class Gathering {
  readonly #items = { data: lists(), gold: lists() };

  /** Takes the next part; with the last one it gives the input. */
  add(part: InputPart): FigureInput | undefined {
    if (!("rest" in part)) {
      const own = this.#items[part.set][part.field];
      for (const item of part.items) own.push(item);
      return undefined;
    }
    const { data, gold } = part.rest;
    return { ...part.rest, data: this.#filled("data", data), gold: gold && this.#filled("gold", gold) };
  }

  #filled(set: Set, read: ReadRows): ReadRows {
    const there = fields.filter((field) => read[field] !== null);
    return { ...read, ...Object.fromEntries(there.map((field) => [field, this.#items[set][field]])) };
  }
}

function lists(): Record<Field, unknown[]> {
  return { rows: [], tokens: [], entities: [], vectors: [], mapVectors: [] };
}
