/** A corpus, read one text after the other, as often as it is asked for. */
import { show } from "../checks/nearest.js";
import { invalidField } from "../errors.js";
import { fieldOf } from "../files/entry.js";
import { expandHome } from "../files/home.js";
import { openRecords } from "../files/records.js";
import { nameOf } from "../text/names.js";

/** A text of a corpus. */
export interface CorpusText {
  readonly text: string;
  /** Default its number among the texts, from 1. */
  readonly id?: string | number | undefined;
}

/**
 * Path of a file, in any format that rows are read in, or texts that can be gone through more than once, such as a list or
 * an object whose iterator begins anew each time.
 */
export type Corpus = string | Iterable<CorpusText> | AsyncIterable<CorpusText>;

/** A text, checked. */
export interface Document {
  /** Its number among the texts, from 1. */
  readonly position: number;
  readonly id: string;
  readonly text: string;
}

/**
 * The texts, in their order; blank ones are left out.
 * @param column  of the text, in a file.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG at the first that has no text, and where the file cannot be read.
 */
export async function* documentsOf(corpus: Corpus, column: string, columnAdvice?: string): AsyncGenerator<Document> {
  let position = 0; // a JSON list may have all of its rows on one line
  for await (const { place, value } of entriesOf(corpus, column, columnAdvice)) {
    position++;
    if (value instanceof Error) throw invalidField(place, value.message);
    const text = fieldOf(value, column);
    if (typeof text !== "string") {
      throw invalidField(place, `Expected a text in "${column}", received ${show(text)}`);
    }
    if (text.trim() === "") continue;
    const id = fieldOf(value, "id");
    const isGiven = (typeof id === "string" && id !== "") || Number.isFinite(id);
    yield { position, id: String(isGiven ? id : position), text: text.trim() };
  }
}

/** Refuses what would be empty at the second pass. */
export function checkReadable(corpus: Corpus): void {
  if (typeof corpus === "string") return;
  const { [Symbol.iterator]: now, [Symbol.asyncIterator]: later } = corpus as Iterable<unknown> &
    AsyncIterable<unknown>;
  const iterator = (now ?? later)?.call(corpus) as object | undefined;
  if (iterator !== undefined && iterator !== (corpus as object)) return;
  const message =
    "Expected a path, or texts that can be read twice, received what can be read but once: give a list, or write a file";
  throw invalidField("corpus", message);
}

type Found = {
  readonly place: string;
  readonly value: Readonly<Record<string, unknown>> | Error;
};

async function* entriesOf(corpus: Corpus, column: string, advice: string | undefined): AsyncGenerator<Found> {
  if (typeof corpus === "string") {
    const { entries } = await openRecords(expandHome(corpus), { wanted: { columns: [nameOf(column)], advice } });
    return yield* entries;
  }
  let position = 0;
  for await (const value of corpus) {
    const place = `corpus[${position++}]`;
    const isObject = typeof value === "object" && value !== null;
    yield { place, value: isObject ? { ...value } : new Error(`Expected { text }, received ${show(value)}`) };
  }
}
