// A name is one name in whatever Unicode form it was typed: in the task, its counts and attributes, in seeds and gold.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { evaluate } from "../../lib/evaluate/index.js";
import { checkTask } from "../../lib/index.js";
import { readTable } from "../../lib/io.js";
import { readSeeds } from "../../lib/prompt/seeds.js";
import { resolveSpec } from "../../lib/task/spec.js";

const [composed, decomposed] = ["Café".normalize("NFC"), "Café".normalize("NFD")];
const here = (name: string) => join(import.meta.dirname, name);

test("seeds, labels and counts meet", async () => {
  const { spec } = await readTaskFile(here("11-seed.yaml"));
  await checkTask(spec);
  const resolved = resolveSpec(spec);
  const pools = await readSeeds(resolved.seeds!, resolved.labels, "seeds");
  expect(pools.map((pool) => pool.length)).toEqual([1, 1]);
  const { labels, count } = resolveSpec({ ...spec, labels: [decomposed, " Bar "], count: { [composed]: 3, Bar: 2 } });
  expect([labels.map(({ name }) => name), count]).toEqual([
    [composed, "Bar"],
    [3, 2],
  ]);
});

test("attributes, placeholders and the fields of seeds meet", async () => {
  const prompt = { instruction: `A {label}, {${decomposed}}`, shots: 1 };
  const seeds = [{ text: "t", label: "a", [decomposed]: "x" }];
  const spec = resolveSpec({
    labels: ["a"],
    prompt,
    attributes: { [composed]: ["y"] },
    seeds,
    count: 1,
    method: { name: "fewgen" },
  });
  expect(Object.keys(spec.attributes)).toEqual([composed]);
  expect((await readSeeds(seeds, spec.labels, "seeds"))[0]![0]!.fields).toEqual({ [composed]: "x" });
});

test("gold and rows meet, from a file or a program", async () => {
  const folder = await mkdtemp(join(tmpdir(), "corrsynth-case-"));
  await writeFile(join(folder, "gold.csv"), `text,${decomposed}\na b,${decomposed}\n`);
  const { rows } = await readTable(join(folder, "gold.csv"), { label: composed });
  await rm(folder, { recursive: true });
  expect(rows[0]!.label).toBe(composed);
  const gold = [{ text: "a b", label: decomposed }];
  const found = await evaluate([{ text: "a c", label: composed }], { gold });
  expect(found.gold).toMatchObject({ n: 1, unknownLabel: 0 });
});

test("one name in two spellings is told", () => {
  const base = { labels: ["a", "b"], prompt: { instruction: "{label}", shots: 0 }, count: 2 };
  const refused = (change: object) => {
    try {
      return resolveSpec({ ...base, ...change });
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refused({ labels: [composed, decomposed] })).toContain("Expected every label once");
  const twice = "Expected every name once, received this one in another spelling again";
  expect(refused({ labels: [composed, "b"], count: { [composed]: 1, [decomposed]: 2, b: 1 } })).toContain(twice);
  expect(refused({ attributes: { [composed]: ["x"], [decomposed]: ["y"] } })).toContain(twice);
});
