// Encoders: refused as teachers, and as embedders what they are by their definition, in float64.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddingModel, loadEmbedder, loadTeacher, ModelLoadError, synthesizeTo } from "../../../lib/index.js";
import { bertFile, bertStates } from "../helpers/bert.js";
import { task } from "../helpers/demo.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-encoder-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function bert(pooling?: number): Promise<string> {
  const path = join(directory, `bert-${pooling ?? "unsaid"}.gguf`);
  await writeFile(path, bertFile(pooling));
  return path;
}

const texts = ["small grey bird", "tall green tree of hills", "bird of hills"];

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

async function leastCosine(model: EmbeddingModel, pool: (states: number[][]) => number[]): Promise<number> {
  const vectors = await model.embed(texts, { threads: 1 });
  return Math.min(...texts.map((text, i) => cosine(vectors[i]!, pool(bertStates(text)))));
}

const mean = (states: number[][]) =>
  states[0]!.map((_, i) => states.reduce((sum, state) => sum + state[i]!, 0) / states.length);

test("texts are pooled as the file says, between [CLS] and [SEP]; where it says nothing, over all tokens", async () => {
  for (const [number, pooling, pool] of [
    [1, "mean", mean],
    [2, "cls", (states: number[][]) => states[0]!],
    [3, "last", (states: number[][]) => states.at(-1)!],
    [undefined, "mean", mean],
  ] as const) {
    await using model = await loadEmbedder(await bert(number));
    expect(model.info).toMatchObject({ architecture: "bert", pooling });
    expect(await leastCosine(model, pool)).toBeGreaterThan(0.9999);
  }
});

test("a text beyond the limit is cut there, and closed all the same", async () => {
  await using model = await loadEmbedder(await bert(1));
  const [cut] = await model.embed(["small grey bird of hills"], { maxTokens: 5, threads: 1 });
  expect(cosine(cut!, mean(bertStates("small grey bird")))).toBeGreaterThan(0.9999);
});

test("an encoder is no teacher, and nothing is written for it", async () => {
  const path = await bert(1);
  await expect(loadTeacher(path)).rejects.toThrow(/architecture \(bert\) reads texts in both directions.*--embedder/);
  await expect(loadTeacher(path)).rejects.toBeInstanceOf(ModelLoadError);
  const out = join(directory, "run");
  await expect(synthesizeTo(out, () => loadTeacher(path), task())).rejects.toThrow(/cannot write one/);
  expect(await readdir(directory)).not.toContain("run");
});

test("letters large or accented, punctuation and white space are as sentence-transformers reads them", async () => {
  await using model = await loadEmbedder(await bert(1));
  const [plain, ...others] = await model.embed(
    ["small grey bird", "SMALL Grey bird", "smáll grey bïrd", " small\tgrey\n bird ", "sma\u0301ll grey bird"],
    { threads: 1 },
  );
  for (const other of others) expect(cosine(other, plain!)).toBeGreaterThan(0.99999);
  const [unknown] = await model.embed(["small purple bird"], { threads: 1 }); // a word that it lacks is [UNK]
  expect(cosine(unknown!, mean(bertStates("small purple bird")))).toBeGreaterThan(0.9999);
});

test("an encoder was made to embed, and a language model was not unless its file says how it is pooled", async () => {
  await using encoder = await loadEmbedder(await bert());
  await using teacher = await loadEmbedder("demo");
  expect([encoder.info.isEmbedder, teacher.info.isEmbedder]).toEqual([true, false]);
});

test("a reranker is no embedder", async () => {
  await expect(loadEmbedder(await bert(4))).rejects.toThrow(/is a reranker.*embedding model/);
});
