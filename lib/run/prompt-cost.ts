/** How many tokens of a group's prompts the engine decodes: what rows have in common it decodes once and copies. */

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

function commonCells(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length) - 1;
  let n = 0;
  while (n < most && a[n] === b[n]) n++;
  return n;
}
