// How varied a set of texts is: all scores that depend on the number of texts, together with that number.
import { type Duplicates, duplicates } from "../near/duplicates.js";
import { type ProgressOptions, partOf, unwatched } from "../numbers/progress.js";
import { mean } from "../numbers/statistics.js";
import type { Token } from "../text/ngrams.js";
import { distinctShares } from "./distinct-n.js";
import { type Entity, entityEntropy } from "./entities.js";
import { selfBleuOrders } from "./self-bleu.js";

/** A text that was taken apart once, for all the metrics that need it. */
export interface ReadText {
  readonly text: string;
  readonly label: string;
  /** Only which of them are equal counts: numbers may stand for words. */
  readonly tokens: readonly Token[];
  /** Null where no recogniser was given. */
  readonly entities: readonly Entity[] | null;
}

/** Scores of a set of texts; all of them depend on n. */
export interface Diversity {
  /** Texts. */
  readonly n: number;
  /** Self-BLEU-2 to 5, 0..1; null of fewer than two texts. */
  readonly selfBleu: Readonly<Record<"2" | "3" | "4" | "5", number | null>>;
  /** Distinct-1 to 3, 0..1; null where no text has so many tokens. */
  readonly distinct: Readonly<Record<"1" | "2" | "3", number | null>>;
  /** Share of the texts that are there before, exactly or nearly, 0..1; null without texts. */
  readonly exactDuplicates: number | null;
  readonly nearDuplicates: number | null;
  /** Mean over the types, in bits; null without a recogniser, or without an entity. */
  readonly entityEntropy: number | null;
  /** Mean length in tokens; null without texts. */
  readonly meanTokens: number | null;
}

/** What the diversity of texts may be told. */
export interface DiversityOptions extends ProgressOptions {
  /** The duplicates of these texts, where they were counted before; default they are counted. */
  readonly known?: Duplicates | undefined;
}

/**
 * The diversity of a set of texts that are not blank.
 * @example
 * import { diversity, tokenize } from "corrsynth/evaluate";
 * const texts = ["a red fox", "a red hen"].map((text) => {
 *   return { text, label: "animal", tokens: tokenize(text), entities: null };
 * });
 * console.log(diversity(texts).distinct[1]); // 4 of 6 words: 0.667
 */
export function diversity(texts: readonly ReadText[], options: DiversityOptions = {}): Diversity {
  const { known, onProgress: progress = unwatched } = options;
  const tokens = texts.map((text) => text.tokens);
  const ofBleu = partOf(progress, 0, known === undefined ? 0.5 : 1);
  const orders = selfBleuOrders(tokens, { onProgress: ofBleu }).map(({ score }) => score);
  const distinct = distinctShares(tokens, 3);
  const raw = texts.map(({ text }) => text);
  const repeated = known ?? duplicates(raw, { pairs: 0, onProgress: partOf(progress, 0.5, 1) });
  const entities = texts.flatMap((text) => text.entities ?? []);
  return {
    n: texts.length,
    selfBleu: { 2: orders[0]!, 3: orders[1]!, 4: orders[2]!, 5: orders[3]! },
    distinct: { 1: distinct[0] ?? null, 2: distinct[1] ?? null, 3: distinct[2] ?? null },
    exactDuplicates: repeated.exactRate,
    nearDuplicates: repeated.nearRate,
    entityEntropy: entityEntropy(entities).mean,
    meanTokens: texts.length === 0 ? null : mean(tokens.map(({ length }) => length)),
  };
}
