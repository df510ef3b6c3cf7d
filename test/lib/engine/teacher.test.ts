// Loading: what a teacher says of itself, and files that are none. (Closing: test/lifetime.)
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClosedError, loadTeacher, ModelLoadError, plan, preview, synthesize } from "../../../lib/index.js";
import { demoModel, outcome, task, words } from "../helpers/demo.js";
import { ggufHeader } from "../helpers/gguf.js";

let directory: string;
let model: Buffer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-teacher-"));
  model = await readFile(demoModel);
});
afterAll(() => rm(directory, { recursive: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function refusal(source: unknown): Promise<ModelLoadError> {
  const error = await loadTeacher(source as string).then(
    () => new Error(`${source} was loaded`),
    (error) => error,
  );
  expect(error).toBeInstanceOf(ModelLoadError);
  expect(error.code).toBe("CORRSYNTH_MODEL_LOAD");
  return error as ModelLoadError;
}

test("the demo teacher says what it is", async () => {
  await using teacher = await loadTeacher("demo");
  expect(teacher.info).toEqual({
    path: demoModel,
    name: expect.stringContaining("demo teacher"),
    architecture: "llama",
    description: expect.stringContaining("Q8_0"),
    parameters: 2_803_776,
    sizeBytes: 2_985_216,
    vocabulary: 3072,
    contextTrain: 2048,
    kvBytesPerToken: 3840,
    devices: [],
    replicas: 1,
    hasChatTemplate: false,
    isEmbedder: false,
    pooling: "last",
    layers: 5,
  });
  expect(Object.isFrozen(teacher.info)).toBe(true);
  expect(await teacher.sha256()).toBe(createHash("sha256").update(model).digest("hex"));
});

test("the demo teacher counts the tokens of texts", async () => {
  await using teacher = await loadTeacher("demo");
  const [one, two, none] = await teacher.countTokens(["bird", "bird bird", ""]);
  expect(two).toBeGreaterThan(one!);
  expect(one).toBeGreaterThan(none!);
});

test("an absolute, a relative and a linked path give the same teacher", async () => {
  const link = join(directory, "linked with spaces ü.gguf");
  await symlink(demoModel, link);
  const spec = task({ count: 4 });
  const texts = [];
  for (const path of ["demo", demoModel, relative(process.cwd(), demoModel), link]) {
    await using teacher = await loadTeacher(path);
    texts.push(words(await outcome(teacher, spec)));
  }
  for (const text of texts) expect(text).toEqual(texts[0]);
});

test("teachers load at once and are independent of each other", async () => {
  const teachers = await Promise.all(["demo", "demo", "demo"].map((source) => loadTeacher(source)));
  await teachers[0]!.close();
  expect((await outcome(teachers[1]!, task({ count: 4 }))).instances.length).toBe(4);
  await Promise.all(teachers.map((teacher) => teacher.close()));
});

describe("refused", () => {
  test.each([
    ["an empty path", "", /path of a GGUF file or "demo", received ""/],
    ["no path", undefined, /received nothing/],
    ["a number", 7, /received 7/],
    ["half a Hugging Face address", "hf:nonsense", /Expected hf:owner/],
    ["a web address", "https://example.org/file.gguf", /path or hf:.*received "https:.*download/],
    ["no such file", "no-such-model.gguf", /no-such-model\.gguf.*no such file/],
    ["a directory", tmpdir(), /it is a folder/],
  ])("%s", async (_, source, message) => {
    expect((await refusal(source)).message).toMatch(message);
  });

  const files: [string, () => string | Buffer, RegExp][] = [
    ["an empty file", () => "", /empty/],
    ["a text", () => "This is no model.\n", /not a GGUF file, it starts with "This"/],
    ["a zip archive", () => Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0]), /a zip archive: unpack it/],
    ["three bytes", () => "GGU", /not a GGUF file/],
    ["four bytes", () => "GGUF", /header is damaged or cut short/],
    ["another version of GGUF", () => ggufHeader(1n, {}, 99), /header is damaged/],
    ["absurd counts", () => ggufHeader(2n ** 60n, {}), /header is damaged/],
    [
      "a vocabulary without weights",
      () => ggufHeader(0n, { "general.architecture": "llama", "tokenizer.ggml.model": "gpt2" }),
      /vocabulary but no weights/,
    ],
  ];
  test.each(files)("%s", async (name, content, message) => {
    const error = await refusal(await file(`${name}.gguf`, content()));
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`${name}.gguf`);
  });

  // in the counts, the metadata, the vocabulary, the table of tensors, and at every size of missing weights
  const cuts = [5, 8, 20, 24, 40, 100, 1000, 30_000, 60_000, 100_000, 0.25, 0.5, 0.75, 0.99, -4096, -1];
  test.each(cuts)("the demo teacher cut at %d (a byte, a share, or from the end)", async (cut) => {
    const length = cut < 0 ? model.length + cut : cut < 1 ? Math.floor(cut * model.length) : cut;
    const error = await refusal(await file(`cut-${cut}.gguf`, model.subarray(0, length)));
    expect(error.message).toMatch(/cut-.*: \S/);
  });

  test("a later good model still loads", async () => {
    await refusal(await file("bad.gguf", "GGUF"));
    await using teacher = await loadTeacher("demo");
    expect((await outcome(teacher, task({ count: 4 }))).instances.length).toBe(4);
  });
});

test("a closed teacher says so, whatever is asked of it", async () => {
  const teacher = await loadTeacher("demo");
  await teacher.close();
  expect(teacher.closed).toBe(true);
  expect(teacher.info.vocabulary).toBe(3072);
  for (const ask of [
    () => plan(teacher, task()),
    () => preview(teacher, task()),
    () => synthesize(teacher, task())[Symbol.asyncIterator]().next(),
  ]) {
    const error = await ask().then(
      () => undefined,
      (error) => error,
    );
    expect(error).toBeInstanceOf(ClosedError);
    expect(error.message).toMatch(/load it again/);
  }
});
