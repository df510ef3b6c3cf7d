// A tiny arena with a real instruct model, SmolLM2-135M-Instruct (98 MB, fetched once): two arms, one seed, a row of each label.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { arena } from "../../lib/arena/index.js";
import { packageRoot } from "../../lib/engine/addon.js";
import { loadTeacher } from "../../lib/index.js";

const positive = [
  "A warm, funny story with a wonderful cast.",
  "I loved every minute of it.",
  "Bold and moving.",
  "A joy.",
];
const negative = [
  "The plot goes nowhere and the jokes fall flat.",
  "Dull from start to end.",
  "A waste of time.",
  "Clumsy.",
];
const seeds = [
  ...positive.map((text) => ({ text, label: "positive" })),
  ...negative.map((text) => ({ text, label: "negative" })),
];

test("an arena of two arms has rows, costs and students of both, and calls one seed a look", async () => {
  const script = join(packageRoot, "scripts/models/fetch.py");
  const path = execFileSync("python3", [script, "smollm2-135m-instruct"], { encoding: "utf8" }).trim();
  const folder = await mkdtemp(join(tmpdir(), "corrsynth-arena-"));
  try {
    const task = {
      labels: { positive: "praises the film", negative: "complains about the film" },
      prompt: { format: "chat", instruction: "Write one sentence of a film review that {label}.", shots: 1 },
      seeds,
      count: 2,
      sampling: { maxTokens: 40, stop: ["\n"] },
      filters: { unfinished: "keep" },
      engine: { threads: 1, groups: 1 },
    } as const;
    const arms = [{ name: "cross", fields: { method: { name: "cross", contrast: 0.5, heat: "none" } } }];
    const { record } = await arena(join(folder, "arena"), () => loadTeacher(path), task, { arms, rows: 4, seeds: 1 });
    expect(record.runs.map(({ arm, rows, isWhole }) => [arm, rows, isWhole])).toEqual([
      ["fewgen", 4, true],
      ["cross", 4, true],
    ]);
    for (const { tokens, equal } of record.runs) {
      expect(tokens).toBeGreaterThan(100);
      expect(equal.rows.proxy.withSeeds).toBeGreaterThanOrEqual(0);
    }
    expect(record.test).toEqual({ from: "seeds held out", rows: 4, alike: 0 });
    expect(record.words[0]).toMatch(/^A look, not a result: 1 seed/);
    expect(await readFile(join(folder, "arena/report.html"), "utf8")).toContain("<svg");
  } finally {
    await rm(folder, { recursive: true });
  }
}, 600_000);
