// The input of the figures in parts. To copy all of it into another thread at once would take the calling one a tenth
// of a second for ten thousand texts, and longer for long vectors; parts let all else have its turn in between.
import type { FigureInput } from "./figures.js";
import type { ReadRows } from "./read-rows.js";

/** What there is one of for each row. */
type Field = "rows" | "tokens" | "entities" | "vectors" | "mapVectors";
type Set = "data" | "gold" | "seedRows" | "goldTrain";

/** Some items of a field, in their order; or all that is no such list, which comes last. */
export type InputPart =
  | { readonly set: Set; readonly field: Field; readonly items: readonly unknown[] }
  | { readonly rest: FigureInput };

const sets: readonly Set[] = ["data", "gold", "seedRows", "goldTrain"];
const fields: readonly Field[] = ["rows", "tokens", "entities", "vectors", "mapVectors"];
const itemsOfPart = 256; // a millisecond or two

/** Takes an input apart. */
export function* partsOf(input: FigureInput): Generator<InputPart> {
  for (const set of sets) {
    for (const field of fields) {
      const items: readonly unknown[] = input[set]?.[field] ?? [];
      for (let start = 0; start < items.length; start += itemsOfPart) {
        yield { set, field, items: items.slice(start, start + itemsOfPart) };
      }
    }
  }
  const { data, gold, seedRows, goldTrain } = input;
  const whole = (read: ReadRows | null) => read && emptied(read);
  const others = { gold: whole(gold), seedRows: whole(seedRows), goldTrain: whole(goldTrain) };
  yield { rest: { ...input, data: emptied(data), ...others } };
}

// Lists that are there stay, without their items.
function emptied(read: ReadRows): ReadRows {
  const { tokens, entities, vectors, mapVectors } = read;
  const none = { tokens: tokens && [], entities: entities && [], vectors: vectors && [], mapVectors: mapVectors && [] };
  return { ...read, rows: [], ...none };
}

/** Puts the parts of an input together again. */
export class Gathering {
  readonly #items = { data: lists(), gold: lists(), seedRows: lists(), goldTrain: lists() };

  /** Takes the next part; with the last one it gives the input. */
  add(part: InputPart): FigureInput | undefined {
    if (!("rest" in part)) {
      const own = this.#items[part.set][part.field];
      for (const item of part.items) own.push(item);
      return undefined;
    }
    const { data, gold, seedRows, goldTrain } = part.rest;
    const whole = (set: Set, read: ReadRows | null) => read && this.#filled(set, read);
    const others = {
      gold: whole("gold", gold),
      seedRows: whole("seedRows", seedRows),
      goldTrain: whole("goldTrain", goldTrain),
    };
    return { ...part.rest, data: this.#filled("data", data), ...others };
  }

  #filled(set: Set, read: ReadRows): ReadRows {
    const there = fields.filter((field) => read[field] !== null);
    return { ...read, ...Object.fromEntries(there.map((field) => [field, this.#items[set][field]])) };
  }
}

function lists(): Record<Field, unknown[]> {
  return { rows: [], tokens: [], entities: [], vectors: [], mapVectors: [] };
}
