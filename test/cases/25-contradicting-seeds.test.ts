// Seeds that can be used but should be looked at give one warning a kind, before anything is generated.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { seedWarnings } from "../../lib/prompt/seed-remarks.js";
import { readSeeds } from "../../lib/prompt/seeds.js";
import { resolveSpec } from "../../lib/task/spec.js";

const here = (name: string) => join(import.meta.dirname, name);
const labels = [{ name: "animal" }, { name: "plant" }];
const warningsOf = async (seeds: Parameters<typeof readSeeds>[0]) =>
  seedWarnings(labels, await readSeeds(seeds, labels, "seeds"));

test("a text under two labels is told with both lines; a repeat of the same label is none", async () => {
  const { spec } = await readTaskFile(here("25-contradiction.yaml"));
  expect(resolveSpec(spec).labels).toMatchObject(labels);
  const path = here("25-contradiction.jsonl");
  expect(await readFile(path, "utf8")).toContain("Small  grey bird");
  expect(await warningsOf(path)).toEqual([
    `1 text of the seeds stands under two labels: ${path}:1 ("animal") and ${path}:2 ("plant"): remove one of each, or both`,
  ]);
});

test("of many, three are shown", async () => {
  const seeds = Array.from({ length: 12 }, (_, i) => ({ text: `text ${i >> 1}`, label: labels[i % 2]!.name }));
  expect(await warningsOf(seeds)).toEqual([
    '6 texts of the seeds stand under two labels: seeds[0] ("animal") and seeds[1] ("plant"); ' +
      'seeds[2] ("animal") and seeds[3] ("plant"); seeds[4] ("animal") and seeds[5] ("plant"); and 3 more: ' +
      "remove one of each, or both",
  ]);
});

test("HTML is told once, with how many seeds have it", async () => {
  const texts = ["a <b>bold</b> move", "fish &amp; chips", "x < y and y > z", "plain", "<name> is missing"];
  const seeds = texts.map((text) => ({ text, label: "plant" }));
  expect(await warningsOf(seeds)).toEqual([
    "2 of 5 seeds have HTML (tags or entities), which rows will imitate: corrsynth seeds FILE --clean takes it off",
  ]);
  expect(await warningsOf(seeds.slice(2))).toEqual([]);
});
