import { describe, expect, test } from "vitest";
import { type ContrastSet, type GroupShape, groupShape, hasNoPartners } from "../../../lib/methods/coupling.js";
import {
  cfg,
  contextAware,
  coupling,
  cross,
  fewgen,
  fewgenMatched,
  hybrid,
  intra,
} from "../../../lib/methods/methods.js";
import type { Method } from "../../../lib/methods/schema.js";

/** gamma_mn while only the rows of `active` run: what the engine makes of the sets. */
function weightsOf({ rows, sets }: GroupShape, active: ReadonlySet<number>): number[][] {
  const weights = rows.map(() => rows.map(() => 0));
  for (const { row, total, members } of sets) {
    const partners = members.filter((n) => active.has(n));
    if (active.has(row)) for (const n of partners) weights[row]![n]! += total / partners.length;
  }
  return weights;
}

const all = (shape: GroupShape) => new Set(shape.rows.keys());
const half = 0.5;
// K = 2, R = 2: rows 0 and 1 have label 0, rows 2 and 3 label 1.
const tables: [string, Method, number[][]][] = [
  [
    "fewgen",
    fewgen({ repeat: 2 }),
    [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ],
  ],
  [
    "intra, delta 0.5",
    intra(),
    [
      [0, half, 0, 0],
      [half, 0, 0, 0],
      [0, 0, 0, half],
      [0, 0, half, 0],
    ],
  ],
  [
    "cross, delta 0.5",
    cross({ repeat: 2, delta: 0.5 }),
    [
      [0, 0, 0.25, 0.25],
      [0, 0, 0.25, 0.25],
      [0.25, 0.25, 0, 0],
      [0.25, 0.25, 0, 0],
    ],
  ],
  [
    "hybrid 0.5 + 0.1",
    hybrid(),
    [
      [0, 0.5, 0.05, 0.05],
      [0.5, 0, 0.05, 0.05],
      [0.05, 0.05, 0, 0.5],
      [0.05, 0.05, 0.5, 0],
    ],
  ],
];

test.each(tables)("%s at K = 2, R = 2 has the weights worked out by hand", (_, method, expected) => {
  const shape = groupShape(method, 2);
  expect(shape.rows.map(({ label, repeat }) => [label, repeat])).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(shape).toMatchObject({ gamma: 1, temperature: 1, generating: 4 });
  expect(shape.rows.every((row, m) => row.follows === m && row.promptOf === m && row.prompt === "own")).toBe(true);
  const weights = weightsOf(shape, all(shape));
  for (const [m, row] of expected.entries()) {
    for (const [n, weight] of row.entries()) expect(weights[m]![n]).toBeCloseTo(weight, 12);
  }
});

test("the matrix form reproduces each preset", () => {
  for (const [, method, weights] of tables) {
    const preset = groupShape(method, 2);
    const matrix = groupShape(coupling({ repeat: 2, weights }), 2);
    const [a, b] = [weightsOf(preset, all(preset)), weightsOf(matrix, all(matrix))];
    for (const m of a.keys()) for (const n of a.keys()) expect(b[m]![n]).toBeCloseTo(a[m]![n]!, 12);
  }
});

test("a matrix is one set of one member for each entry above 0", () => {
  const shape = groupShape(
    coupling({
      weights: [
        [0, 0.5, 0.2],
        [0, 0, 0],
        [0.1, 0, 0],
      ],
    }),
    3,
  );
  expect(shape.sets).toEqual([
    { row: 0, total: 0.5, members: [1] },
    { row: 0, total: 0.2, members: [2] },
    { row: 2, total: 0.1, members: [0] },
  ] satisfies ContrastSet[]);
});

test("at R = 1, eq. 10 is eq. 13: (gamma - delta) / (M - 1) to every other row", () => {
  for (const nLabels of [2, 3, 8]) {
    const shape = groupShape(cross({ gamma: 1.5, delta: 0.7 }), nLabels);
    for (const [m, row] of weightsOf(shape, all(shape)).entries()) {
      for (const [n, weight] of row.entries()) expect(weight).toBeCloseTo(m === n ? 0 : 0.8 / (nLabels - 1), 12);
    }
  }
});

test("hybrid with no intra is cross, with no cross is intra", () => {
  expect(groupShape(hybrid({ repeat: 3, intra: 0, cross: 0.25 }), 3)).toEqual(
    groupShape(cross({ repeat: 3, delta: 0.75 }), 3),
  );
  expect(groupShape(hybrid({ repeat: 3, intra: 0.25, cross: 0 }), 3)).toEqual(
    groupShape(intra({ repeat: 3, delta: 0.75 }), 3),
  );
});

test("a total contrast of 0 is FewGen", () => {
  const plain = groupShape(fewgen({ repeat: 2 }), 3);
  for (const method of [
    cross({ repeat: 2, delta: 1 }),
    intra({ delta: 1 }),
    hybrid({ intra: 0, cross: 0 }),
    cfg({ kind: "intra", delta: 1 }),
  ]) {
    expect(groupShape(method, 3)).toEqual(plain);
  }
  expect(groupShape(contextAware({ repeat: 2, delta: 1 }), 3)).toEqual(plain);
});

test("weights of a row sum to a target of its sets or to 0, whichever rows have ended", () => {
  for (const method of [cross({ repeat: 2 }), intra(), hybrid(), cfg({ kind: "cross" })]) {
    const shape = groupShape(method, 2);
    for (let bits = 0; bits < 2 ** shape.rows.length; bits++) {
      const active = new Set([...shape.rows.keys()].filter((m) => bits & (1 << m)));
      const sums = weightsOf(shape, active).map((row) => row.reduce((a, b) => a + b, 0));
      for (const [m, sum] of sums.entries()) {
        const live = shape.sets.filter((set) => set.row === m && set.members.some((n) => active.has(n)));
        expect(sum).toBeCloseTo(active.has(m) ? live.reduce((total, set) => total + set.total, 0) : 0, 12);
      }
    }
  }
});

test("nobody is a partner of itself, in any method", () => {
  for (const method of [
    cross({ repeat: 3 }),
    intra(),
    hybrid({ repeat: 3 }),
    cfg({ kind: "hybrid" }),
    contextAware(),
  ]) {
    for (const set of groupShape(method, 3).sets) expect(set.members).not.toContain(set.row);
  }
});

describe("contrast rows", () => {
  test("CFG cross at K = 2, R = 2: each row follows its own with the prompt of every partner, in the order (m, n)", () => {
    const shape = groupShape(cfg({ kind: "cross", repeat: 2, delta: 0.5 }), 2);
    const pairs = shape.rows.slice(4).map(({ follows, promptOf, label, repeat }) => [follows, promptOf, label, repeat]);
    //                      follows, promptOf, label, repeat
    expect(pairs).toEqual([
      [0, 2, 1, 0],
      [0, 3, 1, 1],
      [1, 2, 1, 0],
      [1, 3, 1, 1],
      [2, 0, 0, 0],
      [2, 1, 0, 1],
      [3, 0, 0, 0],
      [3, 1, 0, 1],
    ]);
    expect(shape.generating).toBe(4);
    expect(shape.sets).toEqual([
      { row: 0, total: 0.5, members: [4, 5] },
      { row: 1, total: 0.5, members: [6, 7] },
      { row: 2, total: 0.5, members: [8, 9] },
      { row: 3, total: 0.5, members: [10, 11] },
    ]);
  });

  test("CFG hybrid interleaves partners by their row and keeps the two sets apart", () => {
    const shape = groupShape(cfg({ kind: "hybrid" }), 2);
    expect(shape.rows).toHaveLength(4 * 4);
    expect(shape.rows.slice(4, 10).map(({ follows, promptOf }) => [follows, promptOf])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 0],
      [1, 2],
      [1, 3],
    ]);
    expect(shape.sets.slice(0, 4)).toEqual([
      { row: 0, total: 0.5, members: [4] },
      { row: 0, total: 0.1, members: [5, 6] },
      { row: 1, total: 0.5, members: [7] },
      { row: 1, total: 0.1, members: [8, 9] },
    ]);
  });

  test("CFG makes no row for a partner whose total is 0", () => {
    expect(groupShape(cfg({ kind: "hybrid", cross: 0 }), 2)).toEqual(groupShape(cfg({ kind: "intra" }), 2));
  });

  test("context-aware has one contrast row a row: its own prompt, without the context", () => {
    const shape = groupShape(contextAware({ repeat: 2, delta: 0.4 }), 1);
    expect(shape.rows.slice(2)).toEqual([
      { label: 0, repeat: 0, follows: 0, promptOf: 0, prompt: "without-context", source: 0 },
      { label: 0, repeat: 1, follows: 1, promptOf: 1, prompt: "without-context", source: 0 },
    ]);
    expect(shape.sets).toEqual([
      { row: 0, total: 0.6, members: [2] },
      { row: 1, total: 0.6, members: [3] },
    ]);
  });
});

test("CFG by a prompt has one contrast row a row, with the negative prompt and what the row drew", () => {
  const shape = groupShape(cfg({ kind: "prompt", negative: "not {label}", gamma: 1.5, delta: 1 }), 2);
  expect(shape.gamma).toBe(1.5);
  expect(shape.rows.slice(2)).toEqual([
    { label: 0, repeat: 0, follows: 0, promptOf: 0, prompt: "negative", source: 0 },
    { label: 1, repeat: 0, follows: 1, promptOf: 1, prompt: "negative", source: 0 },
  ]);
  expect(shape.sets).toEqual([
    { row: 0, total: 0.5, members: [2] },
    { row: 1, total: 0.5, members: [3] },
  ]);
  expect(groupShape(cfg({ kind: "prompt", delta: 1 }), 2)).toMatchObject({ generating: 2, sets: [] });
});

test("fewgen-matched is FewGen at the temperature that the contrast leaves", () => {
  //                     matched method                         temperature
  const matched = [
    [cross(), 1 / 0.9],
    [intra(), 2],
    [hybrid(), 2.5],
    [cross({ gamma: 2, delta: 0.5 }), 2],
  ] as const;
  for (const [match, temperature] of matched) {
    const shape = groupShape(fewgenMatched({ match }), 2);
    expect(shape.temperature).toBeCloseTo(temperature, 12);
    expect({ ...shape, temperature: 1 }).toEqual(groupShape(fewgen({ repeat: match.repeat }), 2));
  }
});

test("a set without any possible member is kept, so that the row counts as uncontrasted", () => {
  expect(groupShape(hybrid({ repeat: 1 }), 2).sets[0]).toEqual({ row: 0, total: 0.5, members: [] });
});

test("a method has no partners when no row could ever have one", () => {
  //                              method, K, none
  const table: [Method, number, boolean][] = [
    [cross(), 1, true],
    [cross(), 2, false],
    [intra({ repeat: 1 }), 5, true],
    [intra(), 1, false],
    [hybrid({ repeat: 1 }), 1, true],
    [hybrid({ repeat: 1 }), 2, false],
    [cross({ delta: 1 }), 1, false],
    [contextAware(), 1, false],
  ];
  for (const [method, nLabels, none] of table) expect(hasNoPartners(groupShape(method, nLabels))).toBe(none);
});
