// Seeds, contexts and the task itself are read once, whoever works on it: what can be read but once will do.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Plan, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { fewgen, loadTeacher, plan, preview, resolveSpec, synthesize, synthesizeShard } from "../../../lib/index.js";
import { seeds, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const articles = ["a long text about birds", "a short text about bread", "a note on trees", "a letter from a friend"];
const contexts = articles.map((text) => ({ text }));
const withContexts = { instruction: "{context}\nDefinition of {label}", shots: 0 };

async function drain(run: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of run);
}

const doors: [name: string, open: (spec: Parameters<typeof synthesize>[1]) => Promise<unknown>][] = [
  ["plan", (spec) => plan(teacher, spec)],
  ["preview", (spec) => preview(teacher, spec)],
  ["synthesize", (spec) => drain(synthesize(teacher, spec))],
  ["synthesizeShard", (spec) => drain(synthesizeShard(teacher, spec, { index: 0, count: 2 }))],
];

/** The items, by an iterator that counts how often it was asked for. */
function counted<Item>(items: readonly Item[]) {
  const source = {
    times: 0,
    async *[Symbol.asyncIterator]() {
      source.times++;
      yield* items;
    },
  };
  return source;
}

describe.each(doors)("%s", (_, open) => {
  test("reads seeds once, and contexts", async () => {
    const seedSource = counted(seeds);
    await open(task({ method: fewgen(), count: 4, seeds: seedSource }));
    expect(seedSource.times).toBe(1);
    const contextSource = counted(contexts);
    const { seeds: _, ...rest } = task({ method: fewgen(), count: 4, prompt: withContexts });
    await open({ ...rest, contexts: contextSource });
    expect(contextSource.times).toBe(1);
  });

  test("takes generators, which can be read but once", async () => {
    const inOrder = function* () {
      yield* seeds;
    };
    const later = async function* () {
      yield* contexts;
    };
    const instruction = "{context}\nDefinition of {label}";
    const seedsWithContexts = seeds.map((seed) => ({ ...seed, context: "a text" }));
    await open(task({ count: 4, seeds: inOrder() }));
    await open(task({ count: 4, seeds: seedsWithContexts, contexts: later(), prompt: { instruction } }));
  });

  test("takes a task that was resolved, and does not look at it again", async () => {
    const spec: SynthesisSpec = task({ count: 4 });
    let looks = 0;
    const watched = new Proxy(spec, {
      get(target, field, receiver) {
        if (field === "labels") looks++;
        return Reflect.get(target, field, receiver);
      },
    });
    const resolved = resolveSpec(watched);
    const before = looks;
    await open(resolved);
    expect(looks).toBe(before);
    expect(resolveSpec(resolved)).toBe(resolved);
  });
});

test("a resolved task gives what the task gives", async () => {
  const spec = task({ count: 8 });
  expect(await preview(teacher, resolveSpec(spec))).toEqual(await preview(teacher, spec));
  const timeless = ({ seconds, likelySeconds, promptSeconds, ...rest }: Plan) => rest;
  expect(timeless(await plan(teacher, resolveSpec(spec)))).toEqual(timeless(await plan(teacher, spec)));
  expect(synthesize(teacher, resolveSpec(spec)).spec).toEqual(resolveSpec(spec));
});
