// Booleans and numbers name labels by one rule in task, seeds and gold; a task file keeps their order and their digits.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { checkTask } from "../../lib/index.js";
import { readTable } from "../../lib/io.js";
import { readSeeds } from "../../lib/prompt/seeds.js";
import { resolveSpec } from "../../lib/task/spec.js";

const scratch = await mkdtemp(join(tmpdir(), "corrsynth-case-"));
afterAll(() => rm(scratch, { recursive: true }));
const here = (name: string) => join(import.meta.dirname, name);

async function labelsOf(path: string): Promise<string[][]> {
  const { labels } = resolveSpec((await readTaskFile(path)).spec);
  return labels.map(({ name, verbalization }) => [name, verbalization]);
}

test("true and false name labels in the task, in its seeds and in gold", async () => {
  const { spec } = await readTaskFile(here("12-booleans.yaml"));
  await checkTask(spec);
  const resolved = resolveSpec(spec);
  const pools = await readSeeds(resolved.seeds!, resolved.labels, "seeds");
  expect(pools.map((pool) => pool[0]!.text)).toEqual(["small grey bird", "tall tree"]);
  expect((await readTable(here("12-booleans.jsonl"))).rows.map(({ label }) => label)).toEqual(["true", "false"]);
});

test("an object keeps the order in which it is written, and a list may hold numbers", async () => {
  expect(await labelsOf(here("12-order.yaml"))).toEqual([
    ["5", "an animal"],
    ["1", "a plant"],
  ]);
  expect((await labelsOf(here("12-stars.yaml"))).map(([name]) => name)).toEqual(["1", "2", "3", "4", "5"]);
});

test("numbers keep the digits in which they are written, true and false are one name in any spelling", async () => {
  //                      labels                                count                     names, and how many of each
  const table: [labels: string, count: string, names: string[], counts: number[]][] = [
    ["{ 007: a, +1: b, 2.0: c }", "{ +1: 2, 007: 1, 2.0: 3 }", ["007", "+1", "2.0"], [1, 2, 3]],
    ["[007, -1, 1e3]", "3", ["007", "-1", "1e3"], [1, 1, 1]],
    ["[[2, two], [1, one]]", "{ 1: 5, 2: 6 }", ["2", "1"], [6, 5]],
    ["{ True: yes, false: no }", "{ true: 1, false: 2 }", ["true", "false"], [1, 2]],
    ["[true, FALSE]", "2", ["true", "false"], [1, 1]],
  ];
  for (const [labels, count, names, counts] of table) {
    const path = join(scratch, "task.yaml");
    await writeFile(
      path,
      `teacher: demo\nlabels: ${labels}\nprompt: { instruction: "{label}", shots: 0 }\ncount: ${count}\n`,
    );
    expect((await labelsOf(path)).map(([name]) => name)).toEqual(names);
    expect(resolveSpec((await readTaskFile(path)).spec).count).toEqual(counts);
  }
  const json = join(scratch, "task.json");
  const rest = { teacher: "demo", prompt: { instruction: "{label}", shots: 0 }, count: 2 };
  await writeFile(json, `{"labels":{"5":"x","1":"y"},${JSON.stringify(rest).slice(1)}`);
  expect(await labelsOf(json)).toEqual([
    ["5", "x"],
    ["1", "y"],
  ]);
});

test("what names no label is refused alike in task, seeds and gold", async () => {
  for (const label of [null, {}]) {
    const path = join(scratch, "rows.jsonl");
    await writeFile(path, `${JSON.stringify({ text: "t", label })}\n`);
    await expect(readTable(path)).rejects.toThrow('Expected the name of a label in "label"');
    await expect(readSeeds(path, [{ name: "a" }], "seeds")).rejects.toThrow(
      'Expected "label" to be the name of a label',
    );
    const task = { labels: [label, "b"], prompt: { instruction: "{label}", shots: 0 }, count: 2 };
    expect(() => resolveSpec(task)).toThrow("Expected a name or a pair");
  }
});
