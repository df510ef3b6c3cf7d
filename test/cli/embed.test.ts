// corrsynth embed, with a library that makes a vector of a text's letters.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Environment, Library } from "../../lib/cli/command.js";
import { runCli } from "../../lib/cli/program.js";
import { Memory } from "./environment.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-embed-"));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

async function cli(args: readonly string[], { isEmbedder = true } = {}) {
  const calls: unknown[] = [];
  const library = {
    loadEmbedder: async (source: string) => {
      calls.push(source);
      return {
        info: { name: "tiny", pooling: "last", isEmbedder },
        embed: async (texts: readonly string[], { signal: _, ...options }: object & { signal?: unknown }) => {
          calls.push([texts.length, options]);
          return texts.map((text) => Float32Array.of(3 * text.length, 4 * text.length));
        },
        close: async () => void calls.push("close"),
      };
    },
  } as unknown as Library;
  const [stdout, stderr] = [new Memory(), new Memory()];
  const { signal } = new AbortController();
  const environment: Environment = { library, stdout, stderr, signal, now: () => 0 };
  const code = await runCli(["embed", ...args, "--progress", "none"], environment);
  return { code, calls, stderr: stderr.text };
}

describe("corrsynth embed", () => {
  it("reads any table, embeds as it is told, and says what it made", async () => {
    await writeFile(at("rows.csv"), "id;body\n1;a fox\n2;\n3;an owl\n");
    const settings = ["--text-column", "body", "--pooling", "mean", "--max-tokens", "256", "--threads", "2"];
    const files = [at("rows.csv"), "--embedder", "m.gguf", "--out", at("v.jsonl")];
    const { code, calls, stderr } = await cli([...files, ...settings]);
    expect(code).toBe(0);
    expect(calls).toEqual(["m.gguf", [2, { pooling: "mean", maxTokens: 256, threads: 2 }], "close"]);
    expect(stderr).toBe(`2 vectors of 2 numbers in ${at("v.jsonl")}\n1 blank text was left out\n`);
    const lines = (await readFile(at("v.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { id: "1", body: "a fox", embedding: [0.600000024, 0.800000012] },
      { id: "3", body: "an owl", embedding: [0.600000024, 0.800000012] },
    ]);
  });

  it("leaves vectors as they are, and says of a language model what its vectors are", async () => {
    await writeFile(at("rows.jsonl"), '{"text": "a fox"}\n');
    const args = [at("rows.jsonl"), "--embedder", "m.gguf", "--out", at("v.npy"), "--no-normalize"];
    const { code, stderr } = await cli(args, { isEmbedder: false });
    expect(code).toBe(0);
    expect(stderr).toBe(
      `1 vector of 2 numbers in ${at("v.npy")} and ${at("v.ids.jsonl")}\n` +
        "tiny writes texts and was not made to embed: its vectors are states of the last token, which say less about " +
        "meaning than those of an embedding model\n",
    );
    expect((await readFile(at("v.npy"))).readFloatLE(128)).toBe(15);
  });

  it("refuses what is there, another ending and no model, and closes what it loaded", async () => {
    await writeFile(at("rows.jsonl"), '{"text": "a fox"}\n');
    const table: [args: string[], message: string][] = [
      [["--embedder", "m.gguf", "--out", at("rows.jsonl")], "Expected a new path"],
      [["--embedder", "m.gguf", "--out", at("v.txt")], "ends in .npy, .jsonl, .parquet"],
      [["--embedder", "none", "--out", at("v.npy")], "Expected a model, received none"],
    ];
    for (const [args, message] of table) {
      const { code, calls, stderr } = await cli([at("rows.jsonl"), ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
      if (calls.length > 0) expect(calls.at(-1)).toBe("close");
    }
    expect(await readdir(folder)).toEqual(["rows.jsonl"]);
  });
});
