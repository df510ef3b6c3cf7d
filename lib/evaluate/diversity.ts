// How varied a set of texts is: all scores that depend on the number of texts, together with that number.
import { distinctSteps } from "./distinct-n.js";
import { type Duplicates, duplicateSteps } from "./duplicates.js";
import { type Entity, entityEntropy } from "./entities.js";
import { selfBleuSteps } from "./self-bleu.js";
import { mean } from "./statistics.js";
import { atOnce, partOf, type Steps } from "./steps.js";

/** A text that was taken apart once, for all the metrics that need it. */
export interface ReadText {
  readonly text: string;
  readonly label: string;
  readonly tokens: readonly string[];
  /** Null where no recogniser was given. */
  readonly entities: readonly Entity[] | null;
}

/** Scores of a set of texts; all of them depend on n. */
export interface Diversity {
  /** Texts. */
  readonly n: number;
  /** Self-BLEU-2 to 5, 0..1; null of fewer than two texts. */
  readonly selfBleu: Readonly<Record<"2" | "3" | "4" | "5", number | null>>;
  /** Distinct-1 to 3, 0..1. */
  readonly distinct: Readonly<Record<"1" | "2" | "3", number>>;
  /** Share of the texts that are there before, exactly or nearly, 0..1; null without texts. */
  readonly exactDuplicates: number | null;
  readonly nearDuplicates: number | null;
  /** Mean over the types, in bits; null without a recogniser, or without an entity. */
  readonly entityEntropy: number | null;
  /** Mean length in tokens; null without texts. */
  readonly meanTokens: number | null;
}

/** The diversity of a set of texts that are not blank. */
export function diversity(texts: readonly ReadText[]): Diversity {
  return atOnce(diversitySteps(texts));
}

/**
 * {@link diversity} in pieces.
 * @param known  the duplicates of these texts, where they were counted before.
 */
export function* diversitySteps(texts: readonly ReadText[], known?: Duplicates): Steps<Diversity> {
  const tokens = texts.map((text) => text.tokens);
  const orders = (yield* partOf(selfBleuSteps(tokens), 0, 0.4)).map(({ score }) => score);
  const distinct = yield* partOf(distinctSteps(tokens, 3), 0.4, 0.5);
  const raw = texts.map(({ text }) => text);
  const repeated = known ?? (yield* partOf(duplicateSteps(raw, { pairs: 0 }), 0.5, 1));
  const entities = texts.flatMap((text) => text.entities ?? []);
  return {
    n: texts.length,
    selfBleu: { 2: orders[0]!, 3: orders[1]!, 4: orders[2]!, 5: orders[3]! },
    distinct: { 1: distinct[0]!, 2: distinct[1]!, 3: distinct[2]! },
    exactDuplicates: repeated.exactRate,
    nearDuplicates: repeated.nearRate,
    entityEntropy: entityEntropy(entities).mean,
    meanTokens: texts.length === 0 ? null : mean(tokens.map(({ length }) => length)),
  };
}
