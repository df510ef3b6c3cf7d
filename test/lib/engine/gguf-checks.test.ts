// Metadata at which llama.cpp ends the process: each is told before it sees the file, and what is sound passes.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGgufHeader } from "../../../lib/engine/gguf-header.js";
import { checkModelFile } from "../../../lib/engine/model-file.js";
import { ModelLoadError } from "../../../lib/errors.js";
import { loadTeacher } from "../../../lib/index.js";
import { demoModel } from "../helpers/demo.js";
import { ggufHeader, withTokenTwice, withValue } from "../helpers/gguf.js";

let directory: string;
let path: string;
let demo: Buffer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-gguf-"));
  path = join(directory, "model.gguf");
  demo = await readFile(demoModel);
});
afterAll(() => rm(directory, { recursive: true }));

const uint32 = (value: number) => ({ uint32: value });

describe("a model", () => {
  //            name, value, what is said
  it.each([
    ["block_count", uint32(0), /Expected "llama\.block_count" of 1 to 512, received 0/],
    ["block_count", uint32(513), /of 1 to 512, received 513/],
    ["block_count", uint32(2 ** 31 - 1), /of 1 to 512, received 2147483647/],
    ["block_count", uint32(2 ** 32 - 1), /of 1 to 512, received 4294967295/],
    ["nextn_predict_layers", uint32(99), /"llama\.nextn_predict_layers" of 0 to \d+, received 99/],
    ["embedding_length", uint32(0), /"llama\.embedding_length" of 1 to 131072, received 0/],
    ["embedding_length", uint32(2 ** 32 - 1), /"llama\.embedding_length" of 1 to 131072/],
    ["context_length", uint32(0), /"llama\.context_length" of 1 to/],
    ["expert_count", uint32(1025), /"llama\.expert_count" of 0 to 1024, received 1025/],
    ["expert_used_count", uint32(2), /"llama\.expert_used_count" of 0 to 0, received 2/],
    ["expert_group_count", uint32(1), /"llama\.expert_group_count" of 0 to 0, received 1/],
    ["attention.head_count", uint32(2 ** 31), /"llama\.attention\.head_count" of 0 to \d+/],
    [
      "attention.head_count_kv",
      uint32(5),
      /"llama\.attention\.head_count" \(\d+\) as a multiple of head_count_kv \(5\)/,
    ],
    ["attention.key_length", uint32(0), /"llama\.attention\.key_length" of 1 to/],
    ["rope.dimension_count", uint32(7), /an even "llama\.rope\.dimension_count", received 7/],
    ["rope.scaling.type", "sideways", /"llama\.rope\.scaling\.type" as one of "none", .*, received "sideways"/],
    ["attention.layer_norm_rms_epsilon", { float32: -1 }, /"llama\.attention\.layer_norm_rms_epsilon" of 0 to 1/],
    ["attention.layer_norm_rms_epsilon", { float32: Number.NaN }, /_epsilon" of 0 to 1, received NaN/],
  ])("with %s %o is refused, with what to do", async (name, value, message) => {
    await writeFile(path, withValue(demo, `llama.${name}`, value));
    const error = await loadTeacher(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelLoadError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/the file is damaged, or was made by somebody who means harm; fetch it/);
  });

  it("with a token twice is refused", async () => {
    await writeFile(path, withTokenTwice(demo));
    await expect(loadTeacher(path)).rejects.toThrow(/its vocabulary has the token ".*" twice, as numbers 0 and 1/);
  });

  it("that is sound is read", async () => {
    await checkModelFile(demoModel);
    const header = await readGgufHeader(demoModel);
    expect(header).not.toHaveProperty("twice");
    expect((header as { values: Map<string, unknown> }).values.get("general.architecture")).toBe("llama");
  });
});

describe("a header", () => {
  it.each([
    ["of nothing but a beginning", Buffer.from("GGUF"), undefined],
    ["that promises 2^60 values", ggufHeader(1n, {}).fill(0xff, 16, 23), undefined],
    [
      "with a text of 2^60 bytes",
      Buffer.concat([ggufHeader(1n, { a: "b" }), Buffer.alloc(9)]).fill(0x10, 31, 39),
      undefined,
    ],
  ])("%s is left to llama.cpp", async (_, bytes, expected) => {
    await writeFile(path, bytes);
    expect(await readGgufHeader(path)).toBe(expected);
  });
});
