// What rows get in turn: values of attributes, and contexts that are all used once.
import { describe, expect, test } from "vitest";
import { groupShape } from "../../../lib/methods/coupling.js";
import { labelSets } from "../../../lib/methods/label-sets.js";
import { cross, hybrid } from "../../../lib/methods/methods.js";
import { Deck } from "../../../lib/prompt/deck.js";
import { GroupFactory } from "../../../lib/prompt/group.js";
import type { Seed } from "../../../lib/prompt/seeds.js";
import { RandomStream } from "../../../lib/random.js";
import { resolveSpec } from "../../../lib/task/spec.js";

const labels = { sports: "sports", business: "business" };
const topics = { sports: ["football", "tennis", "chess"], business: ["banks", "oil"] };

const contextsOf = (...ids: string[]): Seed[] =>
  ids.map((id, i) => ({ id, text: `text ${id}`, fields: {}, place: `contexts[${i}]` }));

function factory(change: Record<string, unknown>, contexts: Seed[][] = []) {
  const spec = resolveSpec({
    labels,
    prompt: { instruction: "{label}", shots: 0 },
    count: 10,
    method: hybrid(),
    ...change,
  });
  const { labels: inGroup, own } = labelSets(spec.method, spec.labels.length);
  return new GroupFactory(spec, groupShape(spec.method, inGroup, own), [], contexts);
}

/** Of each label what its rows of the groups 0 to n − 1 have, in their order. */
function ofLabels<Value>(made: GroupFactory, groups: number, of: (group: ReturnType<typeof made.build>) => Value[]) {
  const found: Value[][] = [];
  for (let index = 0; index < groups; index++) {
    const group = made.build(index);
    for (const [m, value] of of(group).entries()) {
      const label = group.labels[m]!;
      found[label] ??= [];
      found[label].push(value);
    }
  }
  return found;
}

const counted = (values: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

describe("a deck", () => {
  const deck = () => new Deck(4, (round) => new RandomStream(3n, round, "attributes", 0));

  test("deals each once, in another order each time", () => {
    const made = deck();
    const rounds = Array.from({ length: 6 }, (_, round) => [0, 1, 2, 3].map((i) => made.at(4 * round + i)));
    for (const round of rounds) expect([...round].sort()).toEqual([0, 1, 2, 3]);
    expect(new Set(rounds.map((round) => round.join())).size).toBeGreaterThan(3);
  });

  test("holds the same at a place, whatever was asked for before", () => {
    const places = [9, 2, 17, 3, 9, 0];
    expect(places.map((place) => deck().at(place))).toEqual(
      places.map((place, _, __, made = deck()) => made.at(place)),
    );
    const one = deck();
    expect(places.map((place) => one.at(place))).toEqual(places.map((place) => deck().at(place)));
  });
});

describe("attributes", () => {
  const attributes = { style: ["news", "blog", "poem"], subtopic: topics };
  const drawn = (groups: number, change: Record<string, unknown> = {}) =>
    ofLabels(factory({ attributes, ...change }), groups, (group) => [...group.attributes]);

  test("of V values any V rows of a label that begin a round have each once", () => {
    const [sports, business] = drawn(6); // 12 rows of each label
    for (const rows of [sports!, business!]) {
      for (let from = 0; from < 12; from += 3)
        expect(new Set(rows.slice(from, from + 3).map(({ style }) => style)).size).toBe(3);
    }
    expect(counted(sports!.map(({ subtopic }) => subtopic!))).toEqual({ football: 4, tennis: 4, chess: 4 });
    expect(counted(business!.map(({ subtopic }) => subtopic!))).toEqual({ banks: 6, oil: 6 });
  });

  test("are permutations of their own: every pair of values comes in time, and labels do not go in step", () => {
    const [sports, business] = drawn(60);
    const pairs = counted(sports!.map(({ style, subtopic }) => `${style} ${subtopic}`));
    expect(Object.keys(pairs)).toHaveLength(9);
    for (const count of Object.values(pairs)) expect(count).toBeGreaterThan(4); // of 120 / 9
    const same = sports!.filter(({ style }, i) => style === business![i]!.style).length;
    expect(same).toBeLessThan(70);
    expect(drawn(60)).toEqual([sports, business]);
    expect(drawn(60, { sampling: { seed: 1 } })).not.toEqual([sports, business]);
  });

  test("stand in the prompt, and of a label's own the longest is measured", () => {
    const made = factory({ attributes, prompt: { instruction: "{style} of {subtopic}", shots: 0 } });
    const { prompts, attributes: values } = made.build(2);
    expect(prompts.map(([part]) => part!.text)).toEqual(values.map(({ style, subtopic }) => `${style} of ${subtopic}`));
    expect(made.worstCasePrompts().map(({ prompt }) => prompt[0]!.text)).toEqual(["news of football", "news of banks"]);
  });

  test("are even where labels take turns", () => {
    const many = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, name]));
    const change = { labels: many, method: cross({ labelsPerGroup: 2 }), attributes: { style: attributes.style } };
    // three groups have a row of each label
    for (const rows of ofLabels(factory(change), 3 * 6, (group) => [...group.attributes]))
      expect(counted(rows.map(({ style }) => style!))).toEqual({ news: 2, blog: 2, poem: 2 });
  });
});

describe("contexts that are used once", () => {
  const prompt = { instruction: "{label}: {context}", shots: 0 };
  const dealt = (change: Record<string, unknown>, pools: Seed[][], groups: number) =>
    ofLabels(factory({ prompt, ...change }, pools), groups, (group) => group.contexts.map((id) => id!));
  const once = { from: "unread", once: true };

  test("come each once before any comes again, of each label its own", () => {
    const own = [contextsOf("s1", "s2", "s3", "s4", "s5", "s6"), contextsOf("b1", "b2", "b3", "b4")];
    const [sports, business] = dealt({ contexts: once }, own, 6); // 12 rows of each label
    expect(counted(sports!)).toEqual({ s1: 2, s2: 2, s3: 2, s4: 2, s5: 2, s6: 2 });
    expect(new Set(sports!.slice(0, 6)).size).toBe(6);
    expect(counted(business!)).toEqual({ b1: 3, b2: 3, b3: 3, b4: 3 });
    expect(dealt({ contexts: once }, own, 6)).toEqual([sports, business]);
    expect(dealt({ contexts: once, sampling: { seed: 1 } }, own, 6)).not.toEqual([sports, business]);
  });

  test("without labels come each once over the rows of all labels", () => {
    const shared = contextsOf("1", "2", "3", "4", "5", "6", "7", "8");
    const rows = dealt({ contexts: once }, [shared, shared], 4).flat(); // 4 rows a group
    expect(Object.values(counted(rows))).toEqual(Array(8).fill(2));
    expect(new Set(dealt({ contexts: once }, [shared, shared], 2).flat()).size).toBe(8);
  });

  test("are one for all rows of a group with perGroup", () => {
    const shared = contextsOf("1", "2", "3", "4");
    const change = { contexts: { ...once, perGroup: true } };
    const made = factory({ prompt, ...change }, [shared, shared]);
    const groups = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => made.build(index));
    expect(factory({ prompt, contexts: once }, [shared, shared]).build(0).sharedContext).toBeUndefined();
    for (const { contexts, prompts, sharedContext } of groups) {
      expect(sharedContext).toBe(`text ${contexts[0]}`);
      expect(new Set(contexts).size).toBe(1);
      const text = `text ${contexts[0]}`;
      const asked = [`sports: ${text}`, `sports: ${text}`, `business: ${text}`, `business: ${text}`];
      expect(prompts.map(([part]) => part!.text)).toEqual(asked);
    }
    expect(counted(groups.map(({ contexts }) => contexts[0]!))).toEqual({ 1: 2, 2: 2, 3: 2, 4: 2 });
  });

  test("perGroup alone draws a context for each group", () => {
    const shared = contextsOf("1", "2", "3", "4");
    const made = factory({ prompt, contexts: { from: "unread", perGroup: true } }, [shared, shared]);
    const drawn = Array.from({ length: 40 }, (_, index) => made.build(index).contexts);
    for (const contexts of drawn) expect(new Set(contexts).size).toBe(1);
    expect(new Set(drawn.map(([id]) => id)).size).toBe(4);
  });

  test("of a label cannot be shared by rows of all", () => {
    const shared = contextsOf("1", "2");
    const change = { prompt, contexts: { from: "unread", perGroup: true } };
    expect(() => factory(change, [[...shared, ...contextsOf("s")], shared])).toThrow(
      'contexts: Expected no label with contexts.perGroup, since rows of all labels share a context, received "sports" ' +
        "at contexts[0]: leave the labels out, or perGroup",
    );
  });
});
