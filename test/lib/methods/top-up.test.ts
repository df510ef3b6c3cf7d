// Which rows a top-up group has: those of the missing labels, and what these are contrasted with.
import { describe, expect, it } from "vitest";
import { groupShape } from "../../../lib/methods/coupling.js";
import { cfg, contextAware, coupling, cross, fewgen, hybrid, intra } from "../../../lib/methods/methods.js";
import type { Method } from "../../../lib/methods/schema.js";
import { topUpRows } from "../../../lib/methods/top-up.js";

/** Labels whose rows generate, and the number of contrast rows, where the first `count` of what is drawn from are drawn. */
function present(method: Method, labels: number, missing: readonly number[]) {
  const shape = groupShape(method, labels);
  const first = (_: number, count: number) => Array.from({ length: count }, (_, i) => i);
  const rows = topUpRows(shape, new Set(missing), first);
  const generating = shape.rows.slice(0, shape.generating).flatMap(({ label }, m) => (rows[m] ? [label] : []));
  return { generating, contrast: rows.slice(shape.generating).filter((isThere) => isThere).length };
}

describe("a top-up group", () => {
  const cases: [
    name: string,
    method: Method,
    labels: number,
    missing: number[],
    generating: number[],
    contrast?: number,
  ][] = [
    ["of FewGen has the missing labels alone", fewgen(), 6, [1, 4], [1, 4]],
    ["of Intra too, with all their repeats", intra({ repeat: 2 }), 6, [1, 4], [1, 1, 4, 4]],
    ["of Cross has four labels at least", cross(), 9, [8], [0, 1, 2, 8]],
    ["of Cross with four missing has no others", cross(), 9, [2, 3, 5, 7], [2, 3, 5, 7]],
    ["of Hybrid has all repeats of each label", hybrid({ repeat: 2 }), 9, [3, 8], [0, 0, 1, 1, 3, 3, 8, 8]],
    ["of Cross with four labels is whole", cross(), 4, [2], [0, 1, 2, 3]],
    ["of CFG has the partners' prompts, not the partners", cfg({ kind: "cross" }), 9, [8], [8], 3],
    ["of context-aware decoding has its contrast rows", contextAware(), 5, [1], [1], 1],
  ];
  it.each(cases)("%s", (_, method, labels, missing, generating, contrast = 0) => {
    expect(present(method, labels, missing)).toEqual({ generating, contrast });
  });

  it("of a matrix has the rows that a missing one is coupled with", () => {
    const weights = Array.from({ length: 6 }, (_, m) =>
      Array.from({ length: 6 }, (_, n) => (n === (m + 2) % 6 ? 0.1 : 0)),
    );
    expect(present(coupling({ weights, repeat: 1 }), 6, [1]).generating).toEqual([1, 3]);
  });
});
