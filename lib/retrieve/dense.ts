/** The cosine of documents that come by with queries, in vectors of an embedder. */
import { checkOption } from "../checks/option.js";
import { dot, unitVectors } from "../numbers/vectors.js";
import type { TextEmbedder } from "../text/text-embedder.js";
import type { Document } from "./corpus.js";

/** Texts that are embedded together. */
const batch = 64;

/** What is taken: neither what is about something else, nor what nearly repeats the query. */
export interface CosineRange {
  readonly minCosine: number;
  readonly maxCosine: number;
}

/** Has each query told of each document whose cosine is in the range, in the order of the corpus. */
export async function denseScores(
  embedder: TextEmbedder,
  queries: readonly string[],
  documents: AsyncIterable<Document>,
  { minCosine, maxCosine }: CosineRange,
  tell: (document: Document, query: number, score: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const asked = unitVectors(await embedder.embed(queries, { signal }), "queries");
  for await (const part of batches(documents)) {
    signal?.throwIfAborted();
    const texts = part.map(({ text }) => text);
    const found = unitVectors(await embedder.embed(texts, { signal }), "corpus");
    const dims = `${asked.dims} numbers like those of the queries`;
    checkOption("embedder", found.dims, dims, found.dims === asked.dims);
    for (const [i, document] of part.entries()) {
      for (let query = 0; query < asked.rows; query++) {
        const cosine = dot(found.values, i * found.dims, asked.values, query * asked.dims, asked.dims);
        if (cosine >= minCosine && cosine <= maxCosine) tell(document, query, cosine);
      }
    }
  }
}

async function* batches(documents: AsyncIterable<Document>): AsyncGenerator<Document[]> {
  let part: Document[] = [];
  for await (const document of documents) {
    if (part.push(document) < batch) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
