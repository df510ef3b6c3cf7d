// What an evaluation knows of its texts before it computes anything: plain data, which can cross into another thread.

import type { TextRow } from "../students/student.js";
import type { Embedder } from "./embedder.js";
import type { Entity } from "./entities.js";
import { embedAll, type ReadingOptions, readEach } from "./read-texts.js";
import type { EntityRecogniser } from "./recognisers.js";
import type { Tokenizer } from "./tokenize.js";

/** What reads texts for an evaluation. */
export interface Readers {
  readonly embedder: Embedder | undefined;
  /** For the heat map and the 2-D map alone; undefined where `embedder` serves for them. */
  readonly mapEmbedder?: Embedder | undefined;
  readonly recogniser: EntityRecogniser | undefined;
  /** Undefined for the built-in one, which reads texts on a thread of its own, and gold once for each dataset. */
  readonly tokenizer: Tokenizer | undefined;
}

/** A set of rows and what was read of their texts. Plain data: it crosses into another thread. */
export interface ReadRows {
  /** None of them blank. */
  readonly rows: readonly TextRow[];
  /** Positions of the rows that are compared with the other set, ascending; of both sets as many. */
  readonly sampled: readonly number[];
  /** A number for each token of each row; null where the built-in tokeniser is to read them. */
  readonly tokens: readonly (readonly number[])[] | null;
  /** Of the rows that were to be recognised; null without a recogniser. */
  readonly entities: readonly (readonly Entity[])[] | null;
  /** Positions of the rows that were to be embedded, ascending, and their vectors; null without an embedder. */
  readonly embedded: readonly number[];
  readonly vectors: readonly Float32Array[] | null;
  /** Of the same rows, for the maps; null where `vectors` serve for them, as they do of gold. */
  readonly mapVectors: readonly Float32Array[] | null;
}

/** Rows, by position those that are compared with another set, and those whose entities and vectors are wanted. */
export interface RowsToRead {
  /** None of them blank. */
  readonly rows: readonly TextRow[];
  readonly sampled: readonly number[];
  readonly recognised: readonly number[];
  /** Ascending. */
  readonly embedded: readonly number[];
}

/** The vector of each row that was embedded, by its position. */
export function vectorsByRow({ embedded, vectors }: ReadRows): ReadonlyMap<number, Float32Array> {
  return new Map(vectors === null ? [] : embedded.map((r, i) => [r, vectors[i]!]));
}

/**
 * Reads the texts of rows.
 * @param stage  how the reading of tokens, entities and embeddings is stopped and watched, by these names.
 */
export async function readRows(
  { rows, sampled, recognised, embedded }: RowsToRead,
  { tokenizer, recogniser, embedder, mapEmbedder }: Partial<Readers>,
  stage: (name: string) => ReadingOptions,
): Promise<ReadRows> {
  const texts = rows.map(({ text }) => text);
  const textsAt = (positions: readonly number[]) => positions.map((r) => texts[r]!);
  const numberOf = numbering();
  const numbers = (text: string) => tokenizer!.tokenize(text).map(numberOf);
  const recognise = (text: string) => recogniser!.recognise(text);
  return {
    rows: rows.map(({ text, label, weight }) => (weight === undefined ? { text, label } : { text, label, weight })),
    sampled,
    tokens: tokenizer === undefined ? null : await readEach(texts, numbers, stage("tokens")),
    entities: recogniser === undefined ? null : await readEach(textsAt(recognised), recognise, stage("entities")),
    embedded,
    vectors: embedder === undefined ? null : await embedAll(embedder, textsAt(embedded), stage("embeddings")),
    mapVectors:
      mapEmbedder === undefined ? null : await embedAll(mapEmbedder, textsAt(embedded), stage("embeddings for maps")),
  };
}

// Metrics ask of tokens only which are equal, and numbers cross into another thread at a tenth of the cost of words.
function numbering(): (token: string) => number {
  const known = new Map<string, number>();
  return (token) => {
    const number = known.get(token) ?? known.size;
    if (number === known.size) known.set(token, number);
    return number;
  };
}
