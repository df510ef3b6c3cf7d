/** Contexts for labelled texts: the documents of a corpus that are most like each of them. */
import { checkInteger, checkOption } from "../checks/option.js";
import { calling } from "../checks/thrown.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { KnownTexts } from "../near/known-texts.js";
import type { TextEmbedder } from "../text/text-embedder.js";
import { uaxWords } from "../text/uax-words.js";
import { Best, type Scored } from "./best.js";
import { Bm25 } from "./bm25.js";
import { type Corpus, checkReadable, type Document, documentsOf } from "./corpus.js";
import { denseScores } from "./dense.js";

/** A text for which contexts are looked for. */
export interface RetrieveQuery {
  readonly text: string;
  /** Of its label; the contexts that it finds are for that. Without one they are for all. */
  readonly label?: string | undefined;
  /** Default its position, from 1. */
  readonly id?: string | number | undefined;
}

/** How contexts are looked for. */
export interface RetrieveOptions {
  /** Contexts of a query at most: integer ≥ 1, default 50. */
  readonly perSeed?: number | undefined;
  /** Looks by the cosine of vectors in place of BM25 (k1 1.2, b 0.75). */
  readonly embedder?: TextEmbedder | undefined;
  /** With an embedder: the least cosine, −1..1, default 0.4. */
  readonly minCosine?: number | undefined;
  /** With an embedder: the largest cosine, −1..1, default 0.9. */
  readonly maxCosine?: number | undefined;
  /** Texts that no context repeats, such as those of a test set; the queries are among them in any case. */
  readonly exclude?: Iterable<string> | undefined;
  /** Column of the text in a file; default "text". */
  readonly column?: string | undefined;
  /** What to do where a file lacks the column, for the error. */
  readonly columnAdvice?: string | undefined;
  /** Stops between two documents; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called every thousand documents: with the pass, 1 or 2, and the documents that it has read. */
  readonly onProgress?: ((pass: number, documents: number) => void) | undefined;
}

/** A context, as a task's `contexts` take it. */
export interface RetrievedContext {
  readonly text: string;
  /** Of the query that found it; absent where that has none. */
  readonly label?: string;
  /** Unlike all others: position of the document and number of the query, such as "812:3". */
  readonly id: string;
  /** Id of the query that found it. */
  readonly seed: string;
  /** Id of the document. */
  readonly document: string;
  /** BM25, or the cosine. */
  readonly score: number;
}

/** What was found. */
export interface Retrieved {
  /**
   * A document once for each label that found it, as context of the query to which it stood nearest. The first of every query
   * come first, in the order of the queries, then the second, and so on.
   */
  readonly contexts: readonly RetrievedContext[];
  /** The queries that found something, each with the text of its best document as `context`: examples for a prompt with {context}. */
  readonly examples: readonly {
    readonly text: string;
    readonly label?: string;
    readonly id: string;
    readonly context: string;
  }[];
  /** Documents of the corpus, without blank ones. */
  readonly documents: number;
  /** Documents that a query would have had but for `exclude` and the queries. */
  readonly excluded: number;
}

const each = 1000;

/**
 * Finds contexts for texts: for each the documents that are most like it, by BM25 over the words of UAX 29 in lower case, or by
 * the cosine of an embedder's vectors. The corpus streams, by BM25 twice, and is never held: memory stays at the queries and
 * what they found. The same corpus and queries give the same contexts; of equal scores the earlier document comes first.
 * Left out is what repeats a query or a text of `exclude`, exactly or nearly.
 * @param queries  such as the seeds of a task.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for options out of their ranges, no query, one without a text, a corpus
 *   without texts, or one that cannot be read twice.
 * @example
 * import { retrieve } from "corrsynth/io";
 * const corpus = [{ text: "The cup final was won on penalties" }, { text: "Oil prices fell" }];
 * const { contexts } = await retrieve([{ text: "Late goal wins the cup", label: "sports" }], corpus);
 * console.log(contexts.map(({ label, text }) => `${label}: ${text}`)); // [ 'sports: The cup final was won on penalties' ]
 */
export async function retrieve(
  queries: readonly RetrieveQuery[],
  corpus: Corpus,
  options: RetrieveOptions = {},
): Promise<Retrieved> {
  const { perSeed = 50, minCosine = 0.4, maxCosine = 0.9, embedder, exclude = [], column = "text", signal } = options;
  checkInteger("perSeed", perSeed, 1);
  checkOption("minCosine", minCosine, "a number of -1..1", minCosine >= -1 && minCosine <= 1);
  const range = `a number of minCosine (${minCosine})..1`;
  checkOption("maxCosine", maxCosine, range, maxCosine >= minCosine && maxCosine <= 1);
  checkQueries(queries);
  if (embedder === undefined) checkReadable(corpus);
  const texts = queries.map(({ text }) => text.trim());
  const best = queries.map(() => new Best(perSeed));
  const forbidden = new Forbidden(texts, exclude);
  const tell = (document: Document, query: number, score: number) => {
    if (best[query]!.takes(score) && !forbidden.has(document)) best[query]!.add({ score, ...document });
  };
  let documents = 0;
  async function* pass(number: number): AsyncGenerator<Document> {
    documents = 0;
    for await (const document of documentsOf(corpus, column, options.columnAdvice)) {
      signal?.throwIfAborted();
      if (++documents % each === 0) calling("onProgress", () => options.onProgress?.(number, documents));
      yield document;
    }
  }
  if (embedder !== undefined) {
    await denseScores(embedder, texts, pass(1), { minCosine, maxCosine }, tell, signal);
  } else {
    const bm25 = new Bm25(texts.map(uaxWords));
    for await (const { text } of pass(1)) bm25.count(uaxWords(text));
    for await (const document of pass(2)) {
      bm25.score(uaxWords(document.text), (query, score) => tell(document, query, score));
    }
  }
  if (documents === 0) {
    const path = typeof corpus === "string" ? corpus : "corpus";
    throw new InvalidConfigError([{ path, message: "Expected at least one text that is not blank, received none" }]);
  }
  return { ...found(queries, best), documents, excluded: forbidden.count };
}

/** What no context repeats. A document is asked about when a query would have it, and remembered while it comes by. */
class Forbidden {
  readonly #known: KnownTexts;
  #last = { position: 0, isForbidden: false };
  count = 0;

  constructor(...texts: readonly Iterable<string>[]) {
    this.#known = new KnownTexts();
    for (const some of texts) for (const text of some) if (text.trim() !== "") this.#known.add(text);
  }

  has({ position, text }: Document): boolean {
    if (this.#last.position !== position) {
      this.#last = { position, isForbidden: this.#known.has(text) };
      if (this.#last.isForbidden) this.count++;
    }
    return this.#last.isForbidden;
  }
}

function checkQueries(queries: readonly RetrieveQuery[]): void {
  const wrong = queries.flatMap((query, i): ConfigIssue[] => {
    const text: unknown = (query as RetrieveQuery | null)?.text;
    if (typeof text === "string" && text.trim() !== "") return [];
    return [{ path: `queries[${i}].text`, message: "Expected a text that is not blank" }];
  });
  if (queries.length === 0) wrong.push({ path: "queries", message: "Expected at least one, received none" });
  const [first] = wrong;
  if (first === undefined) return;
  const others = wrong.length > 1 ? `, and so for ${wrong.length - 1} more` : "";
  throw new InvalidConfigError([{ ...first, message: first.message + others }]);
}

function found(queries: readonly RetrieveQuery[], best: readonly Best[]): Pick<Retrieved, "contexts" | "examples"> {
  const ranked = best.map((one) => one.ranked());
  const labelOf = ({ label }: RetrieveQuery) => (label === undefined ? {} : { label });
  const idOf = ({ id = "" }: RetrieveQuery, query: number) => String(id === "" ? query + 1 : id);
  const taken = new Set<string>();
  const contexts: RetrievedContext[] = [];
  const most = Math.max(...ranked.map(({ length }) => length));
  for (let rank = 0; rank < most; rank++) {
    for (const [query, list] of ranked.entries()) {
      const document: Scored | undefined = list[rank];
      const { label } = queries[query]!;
      const key = `${document?.position} ${label ?? ""}`;
      if (document === undefined || taken.has(key)) continue;
      taken.add(key);
      contexts.push({
        text: document.text,
        ...labelOf(queries[query]!),
        id: `${document.position}:${query + 1}`,
        seed: idOf(queries[query]!, query),
        document: document.id,
        score: document.score,
      });
    }
  }
  const examples = queries.flatMap((query, i) => {
    const context = ranked[i]![0]?.text;
    return context === undefined ? [] : [{ text: query.text.trim(), ...labelOf(query), id: idOf(query, i), context }];
  });
  return { contexts, examples };
}
