/** How many tokens of a group's prompts the engine decodes: what rows have in common it decodes once and copies. */

import type { ShapeRow } from "../methods/coupling.js";

/** Tokens in common from which on they are copied: as native/engine/prompt_cache.cpp has it. */
const worthCopying = 8;

/**
 * @param prompts  of a group, by row; empty of a row that it lacks.
 * @param areKept  the engine has them of the group before.
 */
export function tokensToRead(prompts: readonly Int32Array[], areKept = false): number {
  let total = 0;
  for (const [m, prompt] of prompts.entries()) {
    const cells = Math.max(0, prompt.length - 1); // a row's first step decodes the last one
    let common = areKept ? cells : 0;
    for (let n = 0; n < m && common < cells; n++) common = Math.max(common, commonCells(prompt, prompts[n]!));
    total += common >= worthCopying ? cells - common : cells;
  }
  return total;
}

/** As {@link tokensToRead}, of rows of two models: each reads its own. */
export function rowsToRead(prompts: readonly Int32Array[], rows: readonly ShapeRow[], areKept = false): number {
  const of = (source: 0 | 1) => prompts.filter((_, m) => rows[m]?.source === source);
  return tokensToRead(of(0), areKept) + tokensToRead(of(1), areKept);
}

function commonCells(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length) - 1;
  let n = 0;
  while (n < most && a[n] === b[n]) n++;
  return n;
}
