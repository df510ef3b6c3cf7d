/** How many tokens of a group's prompts the engine decodes: what rows have in common it decodes once and copies. */

import type { ShapeRow } from "../methods/coupling.js";
import { commonTokens, type RowTokens } from "./row-tokens.js";

/** Tokens in common from which on they are copied: as native/engine/prompt_cache.cpp has it. */
const worthCopying = 8;

/** What the engine has of groups before. */
interface Kept {
  /** All of the prompts. */
  readonly areKept?: boolean;
  /** The group before, of which prompts with cuts find what they share. */
  readonly before?: RowTokens | undefined;
}

/** @param rows  of a group; without tokens of a row that it lacks. */
export function tokensToRead({ tokens, cuts }: RowTokens, { areKept = false, before }: Kept = {}): number {
  let total = 0;
  for (const [m, prompt] of tokens.entries()) {
    const cells = Math.max(0, prompt.length - 1); // a row's first step decodes the last one
    const own = cuts?.[m] ?? [];
    let common = areKept ? cells : 0;
    const compare = (other: RowTokens, n: number) => {
      if (common < cells) common = Math.max(common, commonCells(prompt, own, other.tokens[n]!, other.cuts?.[n] ?? []));
    };
    if (own.length > 0) for (let n = 0; n < (before?.tokens.length ?? 0); n++) compare(before!, n);
    for (let n = 0; n < m; n++) compare({ tokens, cuts }, n);
    total += common >= worthCopying ? cells - common : cells;
  }
  return total;
}

/** As {@link tokensToRead}, of rows of two models: each reads its own. */
export function rowsToRead(
  rows: RowTokens,
  shape: readonly ShapeRow[],
  { areKept = false, before }: Kept = {},
): number {
  const ofSource = (source: 0 | 1, { tokens, cuts }: RowTokens): RowTokens => {
    const own = <T>(list: readonly T[]) => list.filter((_, m) => shape[m]?.source === source);
    return { tokens: own(tokens), cuts: cuts && own(cuts) };
  };
  const of = (source: 0 | 1) =>
    tokensToRead(ofSource(source, rows), { areKept, before: before && ofSource(source, before) });
  return of(0) + of(1);
}

type Cuts = ArrayLike<number>;

// Cells, of prompts with cuts those of the whole pieces that both begin with.
function commonCells(a: Int32Array, aCuts: Cuts, b: Int32Array, bCuts: Cuts): number {
  const n = Math.min(commonTokens(a, b), a.length - 1, b.length - 1);
  if (aCuts.length === 0 && bCuts.length === 0) return Math.max(0, n);
  const most = Math.min(aCuts.length, bCuts.length);
  let pieces = 0;
  while (pieces < most && aCuts[pieces] === bCuts[pieces] && aCuts[pieces]! <= n) pieces++;
  const areSameCuts = aCuts.length === bCuts.length && pieces === aCuts.length;
  if (areSameCuts && n === a.length - 1 && n === b.length - 1) return n;
  return pieces === 0 ? 0 : aCuts[pieces - 1]!;
}
