import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Library } from "../../lib/cli/command.js";
import { checkTask } from "../../lib/index.js";
import { cli } from "./environment.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-retrieve-"));
  await writeFile(
    at("corpus.csv"),
    "body\nThe cup final was won late\nOil prices fell again\nWeather\nLate oil rally\n",
  );
  await writeFile(
    at("seeds.jsonl"),
    '{"body":"Cup final tonight","topic":"sports"}\n{"body":"Oil up, prices too","topic":"business","id":"b7"}\n',
  );
  await writeFile(at("test.jsonl"), '{"body":"late oil RALLY"}\n');
});
afterEach(() => rm(folder, { recursive: true }));

const given = () => ["retrieve", "--corpus", at("corpus.csv"), "--queries", at("seeds.jsonl"), "--text-column", "body"];
const rows = async (name: string) =>
  (await readFile(at(name), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("corrsynth retrieve", () => {
  it("writes contexts and examples that a task takes", async () => {
    const [out, examples] = [at("contexts.jsonl"), at("examples.jsonl")];
    const more = ["--label-column", "topic", "--exclude", at("test.jsonl"), "--out", out, "--examples", examples];
    const { code, stderr } = await cli([...given(), ...more, "--progress", "none"]);
    expect([code, stderr.replace(/in \d+\.\d s/, "in N s")]).toEqual([
      0,
      `2 contexts of 4 texts for 2 seeds in ${out}, in N s\nBy label: "sports" 1, "business" 1\n` +
        `Left out: 1 text that repeat a seed or a row to exclude\n2 examples with a context in ${examples}\n`,
    ]);
    expect(await rows("contexts.jsonl")).toEqual([
      {
        text: "The cup final was won late",
        label: "sports",
        id: "1:1",
        seed: "1",
        document: "1",
        score: expect.any(Number),
      },
      {
        text: "Oil prices fell again",
        label: "business",
        id: "2:2",
        seed: "b7",
        document: "2",
        score: expect.any(Number),
      },
    ]);
    const prompt = { instruction: "{context} {label}", shots: 1 };
    const task = {
      labels: ["sports", "business"],
      prompt,
      count: 2,
      seeds: examples,
      contexts: { from: out, once: true },
    };
    expect((await checkTask(task)).spec.contexts).toBe(out);
  });

  it("looks by cosine with an embedder", async () => {
    const model = {
      info: { name: "writer", pooling: "last", isEmbedder: false },
      embed: async (texts: readonly string[]) =>
        texts.map((text) => Float32Array.of(1, /oil/i.test(text) ? 1 : 0, /cup/i.test(text) ? 1 : 0)),
      close: async () => {},
    };
    const library = { loadEmbedder: async () => model } as unknown as Partial<Library>;
    const more = ["--no-label", "--embedder", "m.gguf", "--max-cosine", "1", "--per-seed", "2", "--out", at("c.jsonl")];
    const { code, stderr } = await cli([...given(), ...more], { library });
    expect([code, stderr]).toEqual([0, expect.stringContaining("was not made to embed")]);
    const found = await rows("c.jsonl");
    expect(found.map(({ id, score, label }) => [id, (score as number).toFixed(3), label])).toEqual([
      ["1:1", "1.000", undefined],
      ["2:2", "1.000", undefined],
      ["3:1", "0.707", undefined],
      ["4:2", "1.000", undefined],
    ]);
  });

  it("refuses a file that is there, columns that are not, and a corpus without anything alike", async () => {
    const cases: [args: string[], message: string][] = [
      [["--label-column", "topic", "--out", at("seeds.jsonl")], "overwrite it with --force"],
      [["--label-column", "nope", "--out", at("c.jsonl")], "or do without by --no-label"],
      [["--per-seed", "0"], "Expected an integer from 1"],
      [["--embedder", "demo", "--min-cosine", "2"], "Expected a number of -1 to 1"],
    ];
    for (const [args, message] of cases) expect((await cli([...given(), ...args])).stderr).toContain(message);
    await writeFile(at("corpus.csv"), "body\nWeather\n");
    const none = await cli([...given(), "--label-column", "topic", "--out", at("c.jsonl")]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("Expected texts that are like a query") });
  });
});
