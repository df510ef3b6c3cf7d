import { describe, expect, test } from "vitest";
import { groupShape } from "../../../lib/methods/coupling.js";
import { cfg, contextAware, hybrid } from "../../../lib/methods/methods.js";
import { type ChatFormat, readChatFormat } from "../../../lib/prompt/chat-template.js";
import { drawExamples } from "../../../lib/prompt/draw.js";
import { GroupFactory, turnsOf } from "../../../lib/prompt/group.js";
import type { Seed } from "../../../lib/prompt/seeds.js";
import { RandomStream } from "../../../lib/random.js";
import { resolveSpec } from "../../../lib/task/spec.js";

const pool = (prefix: string, size: number, fields: Record<string, string> = {}): Seed[] =>
  Array.from({ length: size }, (_, i) => {
    return { id: `${prefix}${i}`, text: `${prefix} text ${i}`, fields, place: `seeds[${i}]` };
  });
const pools = [pool("a", 10), pool("b", 10)];
const blank = [{ text: "<s>", special: true }];

function factory(change: Record<string, unknown> = {}, seeds = pools, contexts: Seed[][] = [], chat?: ChatFormat) {
  const spec = resolveSpec({
    labels: { a: "an animal", b: "a plant" },
    prompt: { instruction: "Definition of {label}", answer: ":", separator: "\n" },
    seeds: "unread",
    method: hybrid(),
    count: 10,
    ...change,
  });
  return new GroupFactory(spec, groupShape(spec.method, 2), seeds, contexts, { chat, blank });
}

describe("examples", () => {
  const draw = (poolSize: number, shots: number, repeat: number, group = 0) =>
    drawExamples(new RandomStream(1n, group, "examples", 0), poolSize, shots, repeat);
  const setOf = (row: number[]) => [...row].sort().join();

  test("no seed comes twice over the rows of a label while the pool suffices", () => {
    const drawn = draw(6, 3, 2);
    expect(drawn.map((row) => row.length)).toEqual([3, 3]);
    expect(drawn.flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  //                        pool, shots, repeat, different sets
  test.each([
    [4, 2, 6, 6],
    [5, 2, 10, 10],
    [3, 2, 5, 3],
    [3, 3, 2, 1],
    [4, 3, 4, 4],
    [2, 3, 2, 1],
    [1, 1, 3, 1],
  ])(
    "%i seeds, %i shots, %i rows: %i different sets, and no seed twice in a row",
    (poolSize, shots, repeat, different) => {
      for (let group = 0; group < 20; group++) {
        const drawn = draw(poolSize, shots, repeat, group);
        expect(new Set(drawn.map(setOf)).size).toBe(different);
        for (const row of drawn)
          expect([row.length, new Set(row).size]).toEqual(Array(2).fill(Math.min(shots, poolSize)));
      }
    },
  );

  test("no shots draw nothing", () => expect(draw(0, 0, 2)).toEqual([[], []]));
});

test("a group is pure in seed and index", () => {
  const first = factory();
  const group5 = first.build(5);
  first.build(6);
  expect(first.build(5)).toEqual(group5);
  expect(factory().build(5)).toEqual(group5);
  expect(first.build(6).examples).not.toEqual(group5.examples);
  expect(factory({ sampling: { seed: 1 } }).build(5).examples).not.toEqual(group5.examples);
});

test("prompts hold the examples that the group names, each of its own label", () => {
  const { prompts, examples } = factory().build(0);
  expect(prompts).toHaveLength(4);
  const blocks = examples[2]!.map((id) => `Definition of a plant: b text ${id.slice(1)}\n`);
  expect(prompts[2]).toEqual([{ text: `${blocks.join("")}Definition of a plant:`, special: false }]);
  expect(new Set([...examples[2]!, ...examples[3]!]).size).toBe(6);
});

test("a contrast row of CFG has exactly its partner's prompt", () => {
  const method = cfg({ kind: "hybrid" });
  const { prompts } = factory({ method }).build(3);
  for (const [row, { promptOf }] of groupShape(method, 2).rows.entries())
    expect(prompts[row]).toEqual(prompts[promptOf]);
});

test("a negative prompt is all that its row reads, and an empty one the beginning of a text", () => {
  const prompts = (negative: string) => factory({ method: cfg({ kind: "prompt", negative }) }).build(3).prompts;
  const plain = (text: string) => [{ text, special: false }];
  expect(prompts("Not {label}: ").slice(2)).toEqual([plain("Not an animal:"), plain("Not a plant:")]);
  expect(prompts("{{x}}").slice(2)).toEqual([plain("{x}"), plain("{x}")]);
  for (const negative of ["", "  "]) expect(prompts(negative).slice(2)).toEqual([blank, blank]);
  expect(prompts("Not {label}").slice(0, 2)).toEqual(prompts("").slice(0, 2));
});

test("attributes and contexts are drawn per row and recorded; examples show the seed's own", () => {
  const prompt = { instruction: "{context}: {style} {label}", answer: "", shots: 1 };
  const change = { prompt, attributes: { style: ["short", "long"] }, contexts: "unread", method: contextAware() };
  const contexts = [pool("c", 3), pool("d", 3)];
  const seeds = [pool("a", 2, { context: "own", style: "plain" }), pool("b", 2, { context: "own", style: "plain" })];
  const group = factory(change, seeds, contexts).build(0);
  const style = group.attributes[1]!.style;
  const context = `d text ${group.contexts[1]!.slice(1)}`;
  expect(["short", "long"]).toContain(style);
  const example = `b text ${group.examples[1]![0]!.slice(1)}`;
  expect(group.prompts[1]![0]!.text).toBe(`own: plain a plant ${example}\n\n${context}: ${style} a plant`);
  expect(group.prompts[3]![0]!.text).toBe(`: plain a plant ${example}\n\n: ${style} a plant`);
});

describe("chat", () => {
  const turns = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}";
  const chatFormat = (template: string, ...numbers: number[]) =>
    readChatFormat({ template, bosToken: "", eosToken: "" }, { turns: numbers, hasAnswer: true });

  test("a chat group renders the template around each prompt", async () => {
    const prompt = { instruction: "Of {label}", answer: "A:", shots: 0, format: "chat" };
    const chat = await chatFormat("<u>{{ messages[0]['content'] }}</u>", 0);
    const { prompts } = factory({ prompt }, [], [], chat).build(0);
    expect(prompts[2]!.map(({ text }) => text)).toEqual(["<u>", "Of a plant", "</u>", "A:"]);
  });

  test("examples are turns with their own values, as many as the label has seeds", async () => {
    const prompt = { instruction: "A {style} {label}", answer: "A:", shots: 2, format: "chat" };
    const change = { prompt, attributes: { style: ["long"] }, method: hybrid({ repeat: 1 }) };
    const seeds = [pool("a", 2, { style: "short" }), pool("b", 1, { style: "<user>" })];
    const { prompts, examples } = factory(change, seeds, [], await chatFormat(turns, 1, 2)).build(0);
    const text = (row: number) => prompts[row]!.map((part) => part.text).join("");
    const own = examples[0]!.map((id) => `<user>A short an animal<assistant>A: a text ${id.slice(1)}`);
    expect(text(0)).toBe(`${own.join("")}<user>A long an animal<assistant>A:`);
    expect(text(1)).toBe("<user>A <user> a plant<assistant>A: b text 0<user>A long a plant<assistant>A:");
    expect(prompts[1]!.filter(({ special }) => special).map((part) => part.text)).toEqual([
      "<user>",
      "<assistant>",
      "<user>",
      "<assistant>",
    ]);
  });

  test("examples as text stand in front of the question, in one turn", async () => {
    const prompt = {
      instruction: "Of {label}",
      answer: ":",
      shots: 1,
      separator: "\n",
      format: "chat",
      examples: "text",
    };
    const { prompts, examples } = factory({ prompt }, pools, [], await chatFormat(turns, 0)).build(0);
    const text = prompts[0]!.map((part) => part.text).join("");
    expect(text).toBe(`<user>Of an animal: a text ${examples[0]![0]!.slice(1)}\nOf an animal<assistant>:`);
  });

  //                shots, seeds per label, examples, numbers of turns
  const numbers: [number, number[], string, number[]][] = [
    [3, [10, 10], "turns", [3]],
    [3, [10, 2], "turns", [3, 2]],
    [0, [10, 10], "turns", [0]],
    [3, [10, 10], "text", [0]],
  ];
  test.each(numbers)("%i shots of %j seeds as %s are %j turns", (shots, sizes, examples, expected) => {
    const spec = resolveSpec({
      labels: ["a", "b"],
      prompt: { instruction: "Of {label}", shots, format: "chat", examples },
      seeds: "unread",
      count: 1,
    });
    expect([
      ...turnsOf(
        spec,
        sizes.map((size) => pool("s", size)),
      ),
    ]).toEqual(expected);
  });
});

test("the worst case is at least as long as any prompt", () => {
  const seeds = [0, 1].map((label) =>
    Array.from({ length: 9 }, (_, i) => {
      return { id: `${i}`, text: "é".repeat(1 + i * (label + 1)), fields: {}, place: `seeds[${i}]` };
    }),
  );
  const made = factory({}, seeds);
  const worst = made.worstCasePrompts();
  expect(worst.map(({ label }) => label)).toEqual(["a", "b"]);
  for (let index = 0; index < 50; index++) {
    for (const [row, prompt] of made.build(index).prompts.entries()) {
      expect(prompt[0]!.text.length).toBeLessThanOrEqual(worst[row >> 1]!.prompt[0]!.text.length);
    }
  }
});

test("too few seeds give one warning, however many labels have them", () => {
  expect(factory().warnings).toEqual([]);
  expect(factory({}, [pool("a", 5), pool("b", 6)]).warnings).toEqual([
    'Label "a" has 5 seeds for 2 x 3 examples of a group: rows share some of them',
  ]);
  expect(factory({}, [pool("a", 2), pool("b", 6)]).warnings[0]).toContain("its prompts have 2 examples each");
  expect(factory({}, [pool("a", 5), pool("b", 4)]).warnings).toEqual([
    '2 labels have few seeds ("a" 5, "b" 4) for 2 x 3 examples of a group: rows share some of them',
  ]);
});

describe("refusals", () => {
  test("a label without seeds", () => {
    expect(() => factory({}, [pool("a", 6), []])).toThrow(
      "labels.b: Expected seeds for 3 examples per prompt, received none",
    );
  });
  test("a label without contexts", () => {
    const change = { prompt: { instruction: "{context} {label}", shots: 0 }, contexts: "unread", method: hybrid() };
    expect(() => factory(change, [], [pool("c", 1), []])).toThrow("labels.b: Expected contexts, received none");
  });
  test("a seed that lacks a field which its block needs", () => {
    const change = { prompt: { instruction: "{style} {label}" }, attributes: { style: ["x"] } };
    const seeds = [pool("a", 30), pool("b", 30, { style: "s" })];
    expect(() => factory(change, seeds)).toThrow('seeds: Expected seed "a0" to have "style"');
    expect(() => factory(change, seeds)).toThrow("seeds: and 10 more that lack a field");
  });
  test("a chat with a model that has no template", () => {
    const prompt = { instruction: "Of {label}", format: "chat", shots: 0 };
    expect(() => factory({ prompt }, [])).toThrow('prompt.format: Expected "raw"');
  });
});
