// Which labels share a group: every label once a round, at random or with those that are alike.
import { describe, expect, test } from "vitest";
import { cfg, cross, fewgen, hybrid, type Method, resolveSpec } from "../../../lib/index.js";
import { LabelDraw } from "../../../lib/prompt/label-draw.js";
import { labelLikeness } from "../../../lib/prompt/label-likeness.js";
import type { SeedPools } from "../../../lib/prompt/seeds.js";

function drawOf(method: Method, nLabels: number, { seed = 7, pools = [] as SeedPools } = {}): LabelDraw {
  const labels = Array.from({ length: nLabels }, (_, k) => `label ${k}`);
  const prompt = { instruction: "A {label}", shots: 0 };
  return new LabelDraw(resolveSpec({ labels, prompt, method, count: nLabels, sampling: { seed } }), pools);
}

const turns = (count: number) => Array.from({ length: count }, (_, turn) => turn);
const all = (n: number) => Array.from({ length: n }, (_, label) => label);
const ascending = (labels: Iterable<number>) => [...labels].sort((a, b) => a - b);

describe("labels that are drawn", () => {
  const draw = drawOf(hybrid({ repeat: 4 }), 77); // 16 labels a group, 5 groups a round

  test("come once in every round, in groups that are as even as can be", () => {
    for (const round of [0, 1, 2]) {
      const groups = turns(5).map((part) => draw.of(5 * round + part));
      expect(groups.map(({ labels }) => labels.length)).toEqual([16, 16, 15, 15, 15]);
      expect(groups.map(({ own }) => own)).toEqual([16, 16, 15, 15, 15]);
      expect(ascending(groups.flatMap(({ labels }) => labels))).toEqual(all(77));
    }
  });

  test("are others in the next round, the same for the same seed in any order, and others for another", () => {
    const groups = turns(10).map((turn) => draw.of(turn).labels);
    expect(new Set(groups.map((labels) => ascending(labels).join())).size).toBe(10);
    const again = drawOf(hybrid({ repeat: 4 }), 77);
    expect(
      turns(10)
        .reverse()
        .map((turn) => again.of(turn).labels)
        .reverse(),
    ).toEqual(groups);
    expect(drawOf(hybrid({ repeat: 4 }), 77, { seed: 8 }).of(0).labels).not.toEqual(groups[0]);
  });

  test("are all of them, in their order, where their rows fit", () => {
    for (const turn of [0, 5]) expect(drawOf(hybrid(), 77).of(turn)).toEqual({ labels: all(77), own: 77 });
  });
});

test("of CFG all others are partners, or as many as were asked for, none twice", () => {
  const [first] = turns(26).map((turn) => drawOf(cfg({ kind: "cross" }), 77).of(turn));
  expect(first!.own).toBe(3);
  expect(ascending(first!.labels)).toEqual(all(77));
  const few = turns(9).map((turn) => drawOf(cfg({ kind: "cross", repeat: 4, labelsPerGroup: 8 }), 17).of(turn));
  expect(few.map(({ own, labels }) => [own, new Set(labels).size])).toEqual(
    [2, 2, 2, 2, 2, 2, 2, 2, 1].map((own) => [own, 8]),
  );
  expect(ascending(few.flatMap(({ own, labels }) => labels.slice(0, own)))).toEqual(all(17));
});

describe("a group that makes up for rejected rows", () => {
  test.each([
    // method, wanted, labels in all
    [cross({ repeat: 4 }), [3], 4], //          three to be contrasted with, as where all labels share a group
    [cross({ repeat: 4 }), [3, 9, 5, 1, 0], 5],
    [cross({ repeat: 4, labelsPerGroup: 2 }), [3], 2],
    [fewgen({ repeat: 4 }), [3], 1],
    [cfg({ kind: "cross" }), [3], 77],
  ] as const)("%o for %j has %d labels", (method, wanted, count) => {
    const { labels, own } = drawOf(method, 77).toppedUp(4, wanted);
    expect(labels.slice(0, own)).toEqual(wanted);
    expect(new Set(labels).size).toBe(count);
    expect(labels.length).toBe(count);
  });
});

describe("labels that are near", () => {
  const animals = ["the cat purrs softly", "the cat hunts mice", "one dog chases the cat", "mice fear the cat"];
  const money = ["the bank lends money", "money earns interest", "a bank charges interest", "the bank keeps money"];
  const pools = [animals, money].flatMap((texts, side) =>
    texts.map((text, i) => [{ id: `${side}.${i}`, text, fields: {}, place: "" }]),
  ) as unknown as SeedPools;
  const order = [0, 4, 1, 5, 2, 6, 3, 7]; // animals have the even labels
  const mixed = order.map((label) => pools[label]!);

  test("are alike by the words of their seeds; words that all have say nothing", () => {
    const seeds = (text: string) => [{ text }] as unknown as SeedPools[number];
    const likeness = labelLikeness([], []);
    expect(likeness).toEqual([]);
    const named = ["the cat", "the dog", "the cat"].map((verbalization) => ({ verbalization }));
    const byPhrase = labelLikeness(named, []);
    expect(byPhrase[0]![1]).toBeCloseTo(0, 9);
    expect(byPhrase[0]![2]).toBeCloseTo(1, 9);
    // "cat" in 2 of 3 texts weighs ln 1.5, "dog" and "mouse" ln 3
    const bySeed = labelLikeness(named, [seeds("cat dog"), seeds("cat mouse"), seeds("bird")]);
    expect(bySeed[0]![1]).toBeCloseTo(Math.log(1.5) ** 2 / (Math.log(1.5) ** 2 + Math.log(3) ** 2), 9);
    expect(bySeed[0]![0]).toBeCloseTo(1, 9);
  });

  test("share a group, in every round, and each still comes once", () => {
    const method = cross({ labelsPerGroup: 4, labelGroups: "near" });
    const draw = drawOf(method, 8, { pools: mixed });
    for (const turn of turns(6)) {
      const parities = new Set(draw.of(turn).labels.map((label) => label % 2));
      expect([...parities]).toHaveLength(1);
    }
    expect(ascending([...draw.of(0).labels, ...draw.of(1).labels])).toEqual(all(8));
    const random = drawOf(cross({ labelsPerGroup: 4 }), 8, { pools: mixed });
    expect(turns(6).some((turn) => new Set(random.of(turn).labels.map((label) => label % 2)).size > 1)).toBe(true);
  });

  test("are the partners of CFG, and of a group that makes up for rejected rows", () => {
    const method = cfg({ kind: "cross", repeat: 8, labelsPerGroup: 4, labelGroups: "near" });
    const draw = drawOf(method, 8, { pools: mixed });
    expect(draw.sizes).toEqual({ labels: 4, own: 1, groups: 8 });
    for (const turn of turns(8)) expect(new Set(draw.of(turn).labels.map((label) => label % 2)).size).toBe(1);
    expect(draw.toppedUp(3, [2]).labels.map((label) => label % 2)).toEqual([0, 0, 0, 0]);
  });
});
