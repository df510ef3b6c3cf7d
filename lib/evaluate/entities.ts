// Entity entropy: how evenly a dataset spreads its mentions over people, places and the like.
import { sum } from "../numbers/sum.js";

/** A named entity as a text mentions it. */
export interface Entity {
  /** What kind of thing, in the recogniser's words: `PERSON`, `DATE`, … */
  readonly type: string;
  /** The words of the text, unchanged: "Apple", "apple" and "the Apple" are three entities. */
  readonly text: string;
}

/** Entity entropy of a set of texts, in bits. */
export interface EntityEntropy {
  /** Entropy of each type that occurs, from 0, by type in alphabetical order. */
  readonly perType: Record<string, number>;
  /** Mentions of each type that occurs. */
  readonly mentions: Record<string, number>;
  /** Unweighted mean over the types that occur; null where there is no entity. */
  readonly mean: number | null;
}

/**
 * Entity entropy of a whole set of texts: for each type, -Σ p log2 p where p is an entity's share of the type's
 * mentions. The published tables give one number without saying how the types are combined; here it is the unweighted
 * mean over the types that occur. It grows with the number of texts and depends on the recogniser: state both beside
 * it.
 * @example
 * import { entityEntropy } from "corrsynth/evaluate";
 * const mentions = ["Rome", "Oslo"].map((text) => ({ type: "PLACE", text }));
 * console.log(entityEntropy(mentions).mean); // 1 bit: two places, equally often
 */
export function entityEntropy(entities: Iterable<Entity>): EntityEntropy {
  const counts = new Map<string, Map<string, number>>();
  for (const { type, text } of entities) {
    let ofType = counts.get(type);
    if (ofType === undefined) {
      ofType = new Map();
      counts.set(type, ofType);
    }
    ofType.set(text, (ofType.get(text) ?? 0) + 1);
  }
  const types = [...counts.keys()].sort();
  const entropies = types.map((type) => entropy([...counts.get(type)!.values()]));
  const mentions = types.map((type) => sum([...counts.get(type)!.values()]));
  return {
    perType: Object.fromEntries(types.map((type, t) => [type, entropies[t]!])),
    mentions: Object.fromEntries(types.map((type, t) => [type, mentions[t]!])),
    mean: types.length === 0 ? null : sum(entropies) / types.length,
  };
}

// In bits, of what was counted so many times each.
function entropy(counts: readonly number[]): number {
  const all = sum(counts);
  return sum(counts.map((count) => (count / all) * Math.log2(all / count)));
}
