// Case 06: one seed is too long for a row. It is named, with its place and length; the rest can be used without it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { loadTeacher, plan, type SynthesisSpec, synthesize, type Teacher } from "../../lib/index.js";

const seedsFile = fileURLToPath(new URL("06-long-seed.jsonl", import.meta.url));

let teacher: Teacher;
let spec: SynthesisSpec;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
  ({ spec } = await readTaskFile(fileURLToPath(new URL("06-long-seed.yaml", import.meta.url))));
});
afterAll(() => teacher.close());

const refusal = async (task: SynthesisSpec) => await plan(teacher, task).catch((error: unknown) => error as Error);

describe("a seed that is too long", () => {
  it("is named with file, line, id and tokens, and no context beyond the model's is suggested", async () => {
    const error = (await refusal(spec)) as Error;
    expect(error).toMatchObject({
      code: "CORRSYNTH_PROMPT_TOO_LONG",
      contextSize: 128,
      contextTrain: 2048,
      seed: { place: `${seedsFile}:8`, id: "8", tokens: expect.any(Number), tooLong: 1 },
    });
    expect(error.message).toContain(`Seed ${seedsFile}:8 (id "8") has `);
    expect(error.message).toContain('set seeds.tooLong to "skip"');
    expect(error.message).not.toMatch(/are too long/);
    const { promptTokens } = error as unknown as { promptTokens: number };
    expect(error.message.includes("raise engine.contextSize")).toBe(promptTokens + 24 <= 2048);
  });

  it("is left out where the task says so, with a warning that names it", async () => {
    const skipping = { ...spec, seeds: { from: seedsFile, tooLong: "skip" as const } };
    const { warnings } = await plan(teacher, skipping);
    expect(warnings.join("\n")).toContain(`1 seed with which no prompt fits a row is left out: ${seedsFile}:8`);
    const examples = new Set<string>();
    for await (const instance of synthesize(teacher, { ...skipping, count: 40 })) {
      for (const id of instance.examples) examples.add(id);
    }
    expect(examples.has("8")).toBe(false);
    expect(examples.size).toBeGreaterThan(4);
  });

  it("is one of several: the longest is named, the others are counted", async () => {
    const long = (words: number) => ({ text: "a page pasted by mistake ".repeat(words), label: "animal" });
    const seeds = [...["a fox", "a bird", "a fish"].map((text) => ({ text, label: "animal" })), long(40), long(60)];
    const plants = ["a fern", "a tree"].map((text) => ({ text, label: "plant" }));
    const error = (await refusal({ ...spec, seeds: [...seeds, ...plants] })) as Error;
    expect(error).toMatchObject({ label: "animal", seed: { place: "seeds[4]", id: "5", tooLong: 2 } });
    expect(error.message).toContain("and 1 more is too long");
  });

  it("of a label that has no other cannot be skipped", async () => {
    const seeds = [
      { text: "a page pasted by mistake ".repeat(40), label: "animal" },
      { text: "a fern", label: "plant" },
    ];
    const error = (await refusal({ ...spec, seeds: { from: seeds, tooLong: "skip" } })) as Error;
    expect(error).toMatchObject({ label: "animal", seed: { place: "seeds[0]", tooLong: 0 } });
    expect(error.message).not.toContain("skip");
  });
});

it("seeds.from is taken from the task file's folder, and a wrong rule is told", async () => {
  const directory = await mkdtemp(join(tmpdir(), "corrsynth-case-"));
  try {
    await writeFile(
      join(directory, "task.yaml"),
      "teacher: demo\nlabels: [a, b]\nprompt: { instruction: x }\ncount: 2\nseeds: { from: s.jsonl, tooLong: drop }\n",
    );
    const task = await readTaskFile(join(directory, "task.yaml"));
    expect(task.spec.seeds).toEqual({ from: join(directory, "s.jsonl"), tooLong: "drop" });
    expect(String(await refusal(task.spec))).toMatch(/seeds/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
