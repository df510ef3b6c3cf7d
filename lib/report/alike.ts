// Which rows nearly repeat another, and which one: what the duplicates of an evaluation are to somebody who reads the rows.
import type { Evaluation } from "../evaluate/evaluation.js";
import { type DuplicatePair, duplicates } from "../near/duplicates.js";
import { UnionFind } from "../near/union-find.js";

/** The row most like another. */
export interface Alike {
  /** Its position. */
  readonly other: number;
  /** Jaccard similarity of their shingles, 0.7..1; null of two that are the same but for case and white space. */
  readonly similarity: number | null;
  /** The least position among all rows that such pairs join with it: one number for each set. */
  readonly set: number;
}

/** The rows that an evaluation lists as near duplicates, and those that its list has no room for. */
export function alikeRows(
  rows: readonly { readonly text: string }[],
  { near, pairs }: Pick<Evaluation["duplicates"], "near" | "pairs">,
): Map<number, Alike> {
  const isWhole = pairs.length < listed || near === 0;
  const texts = isWhole ? [] : rows.map(({ text }) => text);
  return alikeOf(isWhole ? pairs : duplicates(texts, { pairs: texts.length }).pairs);
}

const listed = 100; // pairs of an evaluation

/** Each row of the pairs beside the one most like it; of two equally alike the earlier one. */
export function alikeOf(pairs: readonly DuplicatePair[]): Map<number, Alike> {
  const last = pairs.reduce((most, { second }) => Math.max(most, second), -1);
  const sets = new UnionFind(last + 1);
  for (const { first, second } of pairs) sets.join(first, second);
  const best = new Map<number, { readonly other: number; readonly rank: number; readonly similarity: number | null }>();
  const offer = (row: number, other: number, { similarity, exact }: DuplicatePair) => {
    const rank = exact ? 2 : similarity;
    const known = best.get(row);
    if (known !== undefined && (known.rank > rank || (known.rank === rank && known.other < other))) return;
    best.set(row, { other, rank, similarity: exact ? null : similarity });
  };
  for (const pair of pairs) {
    offer(pair.first, pair.second, pair);
    offer(pair.second, pair.first, pair);
  }
  return new Map([...best].map(([row, { other, similarity }]) => [row, { other, similarity, set: sets.root(row) }]));
}
