// What {hint} and {taboo} stand for.
import { describe, expect, test } from "vitest";
import { fewgen } from "../../../lib/index.js";
import { groupShape } from "../../../lib/methods/coupling.js";
import { GroupFactory } from "../../../lib/prompt/group.js";
import { Hints, hintOf } from "../../../lib/prompt/hints.js";
import type { Seed } from "../../../lib/prompt/seeds.js";
import { TabooWords } from "../../../lib/prompt/taboo.js";
import { RandomStream } from "../../../lib/random.js";
import { resolveSpec } from "../../../lib/task/spec.js";

const pool = (...texts: string[]): Seed[] =>
  texts.map((text, i) => ({ id: String(i), text, fields: {}, place: `seeds[${i}]` }));
const pools = [pool("The badger digs burrows.", "of the", "An otter swims"), pool("Ferns like shade")];

function factory(prompt: object, change: object = {}) {
  const spec = resolveSpec({
    labels: { a: "an animal", p: "a plant" },
    prompt: { shots: 0, ...prompt },
    seeds: "unread",
    method: fewgen({ repeat: 2 }),
    count: 10,
    ...change,
  });
  return new GroupFactory(spec, groupShape(spec.method, 2), pools);
}
const textsOf = (made: GroupFactory, index: number) =>
  made.build(index).prompts.map((prompt) => prompt.map(({ text }) => text).join(""));

describe("hints", () => {
  const words = [
    ["badger", "digs", "burrows", "otter", "swims"],
    ["ferns", "shade"],
  ];

  test("are content words of the label's seeds, every one of them in time, and stand in the row's attributes", () => {
    const made = factory({ instruction: "On {label} with {hint}" });
    const drawn = words.map(() => new Set<string>());
    for (let index = 0; index < 60; index++) {
      const { labels, attributes } = made.build(index);
      expect(textsOf(made, index)).toEqual(
        attributes.map(({ hint }, m) => `On ${["an animal", "a plant"][labels[m]!]} with ${hint}`),
      );
      for (const [m, { hint }] of attributes.entries()) drawn[labels[m]!]!.add(hint!);
    }
    expect(drawn.map((set) => [...set].sort())).toEqual(words.map((list) => [...list].sort()));
  });

  test("of the rows of a label are of different seeds while there are enough", () => {
    const hints = new Hints(pools);
    for (let group = 0; group < 20; group++) {
      const drawn = hints.draw(new RandomStream(1n, group, "hints", 0), 0, 2);
      expect(drawn.filter((word) => ["otter", "swims"].includes(word))).toHaveLength(1);
    }
  });

  test("of an example are a word of its own, whatever is drawn", () => {
    const [first] = textsOf(factory({ instruction: "With {hint}:", shots: 3, separator: "\n" }), 0);
    const blocks = first!.split("\n").slice(0, -1);
    expect(blocks.map((block) => block.replace(/^With \w*: ?/, "")).sort()).toEqual(
      ["An otter swims", "The badger digs burrows.", "of the"].sort(),
    );
    for (const block of blocks) {
      const [, hint, text] = /^With (\w*): ?(.*)$/.exec(block)!;
      expect(hint).toBe(hintOf(text!));
    }
  });

  test("longest prompts have the longest", () => {
    const prompts = factory({ instruction: "On {label}: {hint}" }).worstCasePrompts();
    expect(prompts.map(({ prompt }) => prompt[0]!.text)).toEqual(["On an animal: burrows", "On a plant: ferns"]);
  });

  test("of a label without content words are refused", () => {
    const issue = new Hints([pools[0]!, pool("of the", "42")]).issues([{ name: "a" }, { name: "p" }]);
    expect(issue).toEqual([{ path: "labels.p", message: expect.stringContaining("a seed with a content word") }]);
  });
});

describe("taboo words", () => {
  const taboo = (words = 3, text = "Not {words}!") => {
    const prompt = { instruction: "Write about {label} and its habitat. {taboo}", shots: 0, taboo: { words, text } };
    return new TabooWords(resolveSpec({ labels: { a: "an animal", p: "a plant" }, prompt, count: 2 }));
  };
  const rows = [
    "The badger digs a burrow", // badger 1, digs 1, burrow 1
    "A badger, an otter: a badger.", // badger 2, otter 1
    "The otter leaves its burrow", // otter 2, leaves 1, burrow 2
    "An animal in its habitat is a badger", // badger 3; what the prompt asks for is never named
  ];

  test.each<[rows: number, words: number, besides: string[], text: string]>([
    [0, 3, [], ""],
    [1, 3, [], ""],
    [2, 3, [], "Not badger!"],
    [3, 3, [], "Not badger, burrow, otter!"],
    [4, 3, [], "Not badger, burrow, otter!"],
    [4, 2, [], "Not badger, burrow!"],
    [4, 2, ["a burrow"], "Not badger, otter!"],
    [4, 3, ["badger", "otter", "burrow"], ""],
  ])("after %i rows, %i at most, beside %j: %j", (count, words, besides, text) => {
    const words_ = taboo(words);
    for (const row of rows.slice(0, count)) words_.see({ text: row, label: "a" });
    expect(words_.textFor(0, besides)).toBe(text);
    expect(words_.textFor(1, besides)).toBe("");
  });

  test("rows of no label, or of another task's, do not count", () => {
    const words = taboo();
    for (const label of ["b", undefined]) for (const row of rows) words.see({ text: row, ...(label ? { label } : {}) });
    expect(words.textFor(0, [])).toBe("");
  });

  test("stand in the prompt when there are some, in no example, and in the row's attributes", () => {
    const made = factory({ instruction: "On {label}.{taboo}", taboo: { words: 1, text: " No {words}." } });
    expect(textsOf(made, 1)).toEqual(["On an animal.", "On an animal.", "On a plant.", "On a plant."]);
    for (let i = 0; i < 2; i++) made.taboo?.see({ text: "badger", label: "a" });
    const { attributes } = made.build(1);
    expect(textsOf(made, 1)).toEqual([
      "On an animal. No badger.",
      "On an animal. No badger.",
      "On a plant.",
      "On a plant.",
    ]);
    expect(attributes).toEqual([{ taboo: " No badger." }, { taboo: " No badger." }, {}, {}]);
    const shown = factory({ instruction: "On {label}.{taboo}", taboo: { words: 1, text: " No {words}." }, shots: 1 });
    for (let i = 0; i < 2; i++) shown.taboo?.see({ text: "badger", label: "a" });
    expect(textsOf(shown, 0)[0]).toMatch(/^On an animal\. [^\n]+\n\nOn an animal\. No badger\.$/);
  });
});
