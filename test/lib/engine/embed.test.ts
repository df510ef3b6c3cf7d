// Embeddings through the API: shape, order, refusals, and how they are stopped. (What they depend on: engine/embed_test.cpp.)
import { afterAll, beforeAll, expect, test } from "vitest";
import { ClosedError, InvalidConfigError, loadTeacher, type Teacher } from "../../../lib/index.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const texts = Array.from({ length: 150 }, (_, i) =>
  `small plant number ${i} ${"with white flowers ".repeat(i % 5)}`.trim(),
);

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test("one vector per text, in order, whatever batch it came in; the pooling makes a difference", async () => {
  const done: number[] = [];
  const last = await teacher.embed(texts, { onProgress: (n) => done.push(n) });
  expect(done).toEqual([64, 128, 150]);
  expect(last.map(({ length }) => length)).toEqual(texts.map(() => 192));
  const mean = await teacher.embed(texts, { pooling: "mean" });
  for (const i of [0, 63, 64, 149]) {
    const [alone] = await teacher.embed([texts[i]!]);
    expect(cosine(alone!, last[i]!)).toBeGreaterThan(0.9999);
    expect(cosine(mean[i]!, last[i]!)).toBeLessThan(0.99);
  }
  expect(await teacher.embed([])).toEqual([]);
});

test("texts that share more words are more alike", async () => {
  const [a, b, c] = await teacher.embed(["small burrowing rodent", "large burrowing rodent", "the capital of France"], {
    pooling: "mean",
  });
  expect(cosine(a!, b!)).toBeGreaterThan(cosine(a!, c!));
});

test("what is wrong is said at once", async () => {
  const options = { pooling: "max" as "mean", maxTokens: 0, threads: 1.5 };
  const error = await teacher.embed(["a", " "], options).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(InvalidConfigError);
  expect((error as InvalidConfigError).issues).toEqual([
    { path: "pooling", message: 'Expected "mean", "cls" or "last", received "max"' },
    { path: "maxTokens", message: "Expected an integer of at least 1, received 0" },
    { path: "threads", message: "Expected an integer of 1..512, received 1.5" },
    { path: "texts[1]", message: 'Expected a text that is not blank, received " "' },
  ]);
});

test("what are no texts, and an onProgress that throws nothing, are told by their names", async () => {
  const table: [texts: unknown, message: string][] = [
    [undefined, "texts: Expected a list of texts, received undefined"],
    ["a", 'texts: Expected a list of texts, received "a"'],
    [["a", undefined], "texts[1]: Expected a text that is not blank, received undefined"],
    [["a", 3], "texts[1]: Expected a text that is not blank, received 3"],
  ];
  for (const [texts, message] of table) {
    await expect(teacher.embed(texts as string[])).rejects.toThrow(message);
  }
  const onProgress = () => {
    throw undefined;
  };
  await expect(teacher.embed(["a"], { onProgress })).rejects.toThrow(/^onProgress: Expected it to throw an Error/);
});

test("a signal stops it between batches, with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const embedding = teacher.embed(texts, { signal: controller.signal, onProgress: () => controller.abort(reason) });
  await expect(embedding).rejects.toBe(reason);
});

test("a teacher that closes meanwhile waits for the batch at hand and refuses the rest", async () => {
  const closing = await loadTeacher("demo");
  const embedding = closing.embed(texts);
  const outcome = expect(embedding).rejects.toBeInstanceOf(ClosedError);
  await closing.close();
  await outcome;
  await expect(closing.embed(["a"])).rejects.toBeInstanceOf(ClosedError);
});
