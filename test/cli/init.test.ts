import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { presets } from "../../lib/cli/presets.js";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { readSeeds } from "../../lib/prompt/seeds.js";
import { resolveSpec } from "../../lib/task/spec.js";
import { cli } from "./environment.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-init-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("corrsynth init", () => {
  for (const preset of Object.keys(presets)) {
    it(`writes a task that passes every check: ${preset}`, async () => {
      const file = join(directory, "task.yaml");
      expect(await cli(["init", file, "--preset", preset])).toMatchObject({ code: 0, stdout: "" });
      const spec = resolveSpec((await readTaskFile(file)).spec);
      const methods: Partial<Record<string, object>> = {
        banking77: { name: "cross", repeat: 1, gamma: 1, delta: 0.95 },
        sentiment: { name: "cross", repeat: 1, gamma: 1.5, delta: 1 },
        trec: { name: "cross", repeat: 1, gamma: 1.5, delta: 1 },
        starter: { name: "cross", repeat: 1, gamma: 1.5, delta: 1 },
      };
      const paper = { name: "hybrid", repeat: 2, gamma: 1, intra: 0.5, cross: 0.1 };
      expect(spec.method).toEqual(methods[preset] ?? paper);
      expect(spec).toMatchObject({ prompt: { shots: 3 }, sampling: { topP: 0.9, plausibility: 1e-3, seed: 7 } });
      expect(spec.sampling.stop[0]).toMatch(/^\n\n?$/);
    });
  }

  it("writes seeds of its own for the starter, enough for two rows of three examples a label", async () => {
    const file = join(directory, "task.yaml");
    await cli(["init", file]);
    const { labels, seeds } = resolveSpec((await readTaskFile(file)).spec);
    const pools = await readSeeds(seeds!, labels, "seeds");
    expect(pools.map((pool) => pool.length)).toEqual(labels.map(() => 6));
    expect(new Set(pools.flat().map(({ text }) => text)).size).toBe(24);
  });

  it("has the label names of the public data sets", async () => {
    const counts = Object.entries(presets).map(async ([name, { task }]) => {
      const file = join(directory, `${name}.yaml`);
      await writeFile(file, task());
      return [name, resolveSpec((await readTaskFile(file)).spec).labels.map((label) => label.name)];
    });
    const { banking77, ...others } = Object.fromEntries(await Promise.all(counts)) as Record<string, string[]>;
    expect(banking77).toHaveLength(77);
    expect(others).toEqual({
      starter: ["animal", "artifact", "food", "plant"],
      "ag-news": ["World", "Sports", "Business", "Sci/Tech"],
      "toi-headlines": "business city education elections entertainment environment life-style sports tech world".split(
        " ",
      ),
      humor: ["humorous", "non_humorous"],
      imdb: ["neg", "pos"],
      sentiment: ["neg", "pos"],
      trec: ["ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM"],
    });
  });

  it("overwrites neither file unless told to", async () => {
    await writeFile(join(directory, "seeds.jsonl"), "mine");
    const file = join(directory, "task.yaml");
    const refused = await cli(["init", file]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`corrsynth: ${join(directory, "seeds.jsonl")}: Expected to write a new file`);
    expect(refused.stderr).toContain("--force");
    expect(await readdir(directory)).toEqual(["seeds.jsonl"]);
    expect((await cli(["init", file, "--force"])).code).toBe(0);
    expect(await readFile(join(directory, "seeds.jsonl"), "utf8")).not.toBe("mine");
  });

  it("refuses an unknown preset and a folder that is not there", async () => {
    expect(await cli(["init", "--preset", "agnews"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Allowed choices are starter, ag-news/),
    });
    expect(await cli(["init", join(directory, "no", "task.yaml")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Cannot write here/),
    });
  });
});
