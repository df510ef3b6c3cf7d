// Case 21: MAUVE was 95.9 for two texts that are repeated.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import type { Environment, Library } from "../../lib/cli/command.js";
import { runCli } from "../../lib/cli/program.js";
import { mauve } from "../../lib/evaluate/index.js";
import { Memory } from "../cli/environment.js";

const file = (name: string) => resolve(import.meta.dirname, name);

it("case 21: MAUVE of 12 rows is “-”, and the reason says from how many on there is one", async () => {
  const out = await mkdtemp(join(tmpdir(), "corrsynth-case-"));
  const embed = async (texts: readonly string[]) => texts.map((text) => Float32Array.of(text.length, 1));
  const model = { info: { name: "t" }, embed, close: async () => undefined };
  const library = { loadEmbedder: async () => model };
  const [stdout, stderr] = [new Memory(), new Memory()];
  const environment: Environment = {
    ...{ library: library as unknown as Library, stdout, stderr, now: () => 0 },
    signal: new AbortController().signal,
  };
  try {
    const args = ["evaluate", file("21-collapsed.jsonl"), "--gold", file("21-gold.jsonl"), "--embedder", "t.gguf"];
    expect(await runCli([...args, "--out", out, "--progress", "none"], environment)).toBe(0);
    expect(stdout.text).toMatch(/^MAUVE ↑ +- +-$/m);
    expect(stdout.text).toContain("- MAUVE: it compares at least 150 rows of each set, and there are 12\n");
    expect(stdout.text).toContain("it takes 20 rows to judge the labels of others, 10 for each label, and gold has 12");
  } finally {
    await rm(out, { recursive: true });
  }
});

it("from 150 rows on, two samples of one distribution score above 90, and sets with nothing in common below 60", () => {
  const sample = (from: number, length = 150) =>
    Array.from({ length }, (_, i) =>
      Float32Array.from({ length: 8 }, (_, d) => Math.sin((from + i) * (d + 1.7) * 2.3)),
    );
  const shifted = sample(900).map((vector) => vector.map((value, d) => (d === 0 ? value + 30 : value)));
  expect(mauve(sample(0), sample(500)).score).toBeGreaterThan(0.9);
  expect(mauve(sample(0), shifted).score).toBeLessThan(0.6);
});
