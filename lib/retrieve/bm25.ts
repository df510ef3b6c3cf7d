/** BM25 of documents that come by, for queries that are known from the start: no index of the corpus is held. */

/** Saturation of a word's count, and weight of a document's length; Lucene's, and the paper's. */
const [k1, b] = [1.2, 0.75];

/**
 * The scores of queries. A first pass over the corpus counts in how many documents each word of a query stands and how long
 * documents are ({@link count}), a second scores ({@link score}); memory stays at the queries' words.
 *
 *     score(q, d) = Σ over words w of q:  ln(1 + (N − n_w + ½)/(n_w + ½)) · f_w (k1 + 1) / (f_w + k1 (1 − b + b |d|/avg))
 *
 * with f_w the count of w in d, |d| the words of d, n_w the documents that have w, N all documents; a word that stands in a
 * query twice counts twice.
 */
export class Bm25 {
  readonly #terms = new Map<string, number>();
  /** By word: the queries that have it, and how often each does. */
  readonly #queries: number[][] = [];
  readonly #times: number[][] = [];
  readonly #frequencies: Int32Array;
  #documents = 0;
  #words = 0;
  // of one document, cleared behind it
  readonly #counts: Int32Array;
  readonly #scores: Float64Array;

  /** @param queries  words of each. */
  constructor(queries: readonly (readonly string[])[]) {
    for (const [query, words] of queries.entries()) for (const word of words) this.#addWord(query, word);
    this.#frequencies = new Int32Array(this.#terms.size);
    this.#counts = new Int32Array(this.#terms.size);
    this.#scores = new Float64Array(queries.length);
  }

  /** The first pass: a document's words. */
  count(words: readonly string[]): void {
    this.#documents++;
    this.#words += words.length;
    for (const term of this.#termsOf(words)) {
      this.#frequencies[term]!++;
      this.#counts[term] = 0;
    }
  }

  /** The second pass: has each query that shares a word with the document told, in the order of the queries. */
  score(words: readonly string[], tell: (query: number, score: number) => void): void {
    const norm = k1 * (1 - b + (b * words.length * this.#documents) / this.#words);
    for (const term of this.#termsOf(words)) {
      const count = this.#counts[term]!;
      this.#counts[term] = 0;
      const frequency = this.#frequencies[term]!;
      const idf = Math.log(1 + (this.#documents - frequency + 0.5) / (frequency + 0.5));
      const weight = (idf * count * (k1 + 1)) / (count + norm);
      const [queries, times] = [this.#queries[term]!, this.#times[term]!];
      for (let i = 0; i < queries.length; i++) this.#scores[queries[i]!]! += weight * times[i]!;
    }
    for (let query = 0; query < this.#scores.length; query++) {
      const score = this.#scores[query]!;
      if (score === 0) continue;
      this.#scores[query] = 0;
      tell(query, score);
    }
  }

  // The queries' words in a document, in the order of their first places, counted.
  #termsOf(words: readonly string[]): number[] {
    const found: number[] = [];
    for (const word of words) {
      const term = this.#terms.get(word);
      if (term !== undefined && this.#counts[term]!++ === 0) found.push(term);
    }
    return found;
  }

  #addWord(query: number, word: string): void {
    const term = this.#terms.get(word) ?? this.#terms.size;
    if (term === this.#terms.size) {
      this.#terms.set(word, term);
      this.#queries.push([]);
      this.#times.push([]);
    }
    const [queries, times] = [this.#queries[term]!, this.#times[term]!];
    if (queries.at(-1) === query) times[times.length - 1]!++;
    else {
      queries.push(query);
      times.push(1);
    }
  }
}
