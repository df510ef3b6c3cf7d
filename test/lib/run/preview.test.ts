// What a preview shows is what a run does, and all of it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hybrid, loadTeacher, type Preview, preview, previewBoth, type Teacher } from "../../../lib/index.js";
import { labels, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
let folder: string;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
  folder = mkdtempSync(join(tmpdir(), "corrsynth-preview-"));
});
afterAll(async () => {
  await teacher.close();
  rmSync(folder, { recursive: true });
});

const bare = { seeds: undefined, prompt: { shots: 0 } } as const;
const names = Object.keys(labels);
const fates = ({ rows }: Preview, fate: string) => rows.filter((row) => row.fate === fate);

test("each prompt is told once, word for word, however many rows have it", async () => {
  const { prompts, rows } = await preview(teacher, task({ method: hybrid(), count: 40, ...bare }));
  const texts = Object.values(labels).map((phrase) => `Definition of ${phrase}:`);
  expect(prompts).toEqual(texts.map((text, i) => ({ label: names[i], text, parts: [{ text }] })));
  expect(rows).toHaveLength(16); // two groups of four labels, two rows each
  expect(rows.map(({ label }) => label)).toEqual(rows.map(({ prompt }) => prompts[prompt]!.label));
  expect(new Set(rows.map(({ group }) => group))).toEqual(new Set([0, 1]));
});

test("every row is there with its text, and has a fate", async () => {
  const found = await preview(
    teacher,
    task({ method: hybrid(), count: 6, sampling: { maxTokens: 6, stop: ["a", "\n"] } }),
  );
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).sort();
  expect(ids(fates(found, "accepted"))).toEqual(ids(found.instances));
  expect(ids(fates(found, "rejected"))).toEqual(ids(found.rejected));
  for (const { fate, reason, text, written } of found.rows) {
    expect(fate === "rejected").toBe(reason !== undefined);
    expect(written).toContain(text);
  }
  const of = (ending: string) => found.rows.filter((row) => row.ending === ending).length;
  expect(found.endings).toEqual({ eos: of("eos"), stop: of("stop"), length: of("length") });
  for (const [stop, n] of Object.entries(found.stops)) {
    expect(found.rows.filter((row) => row.stop === stop)).toHaveLength(n);
  }
  expect(found.collapse.texts).toBe(Math.min(16, found.rows.filter(({ written }) => written.trim() !== "").length));
});

test("beyond its count rows are a surplus, with their texts", async () => {
  const found = await preview(teacher, task({ count: 3 }));
  expect(found.instances).toHaveLength(3);
  const surplus = fates(found, "surplus");
  expect(surplus.length).toBe(16 - 3 - found.rejected.length);
  expect(surplus.length).toBeGreaterThan(0);
  for (const { text } of surplus) expect(text).not.toBe("");
});

test("gives the first groups of the run", async () => {
  const spec = task({ method: hybrid(), count: 8, engine: { groups: 1 } });
  expect((await preview(teacher, spec)).instances).toEqual((await outcome(teacher, spec)).instances);
});

test.each([0, 257, 1.5, Number.NaN])("refuses to make %s rows", async (rows) => {
  await expect(preview(teacher, task(), { rows })).rejects.toMatchObject({
    code: "CORRSYNTH_INVALID_CONFIG",
    message: expect.stringContaining("rows: Expected an integer from 1 to 256"),
  });
});

const jinja =
  "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

test("what of a chat is whose is told", async () => {
  const template = join(folder, "chat.jinja");
  writeFileSync(template, jinja);
  const prompt = {
    ...{ instruction: "A {label}", answer: "Text:", shots: 1 },
    format: "chat",
    template,
    system: "Be brief.",
  };
  const { prompts, format } = await preview(teacher, task({ prompt: prompt as never }), { rows: 1 });
  expect(format).toBe("chat");
  const [{ parts }] = prompts as [Preview["prompts"][number]];
  const roles = parts.map(({ role, text }) => [role ?? "template", role === undefined ? text : ""]);
  expect(roles).toEqual([
    ["template", "<system>"],
    ["system", ""],
    ["template", "<user>"],
    ["user", ""],
    ["template", "<assistant>"],
    ["assistant", ""],
    ["template", "<user>"],
    ["user", ""],
    ["template", "<assistant>"],
    ["assistant", ""],
  ]);
  const { raw, chat } = await previewBoth(teacher, task({ prompt: prompt as never }), { rows: 1 });
  expect([raw, chat].map((found) => ("refused" in found ? found.refused : found.format))).toEqual(["raw", "chat"]);
  expect((raw as Preview).notes[0]).toBe('Format "raw" has no use for prompt.system, prompt.template: left out here');
  expect((raw as Preview).prompts[0]!.text).not.toContain("Be brief.");
});

test("seeds that can be read once are read once for both formats, and a format without a template says why", async () => {
  const { seeds = [], ...rest } = task({ count: 8 });
  function* once() {
    yield* seeds as Iterable<{ text: string; label: string }>;
  }
  const { raw, chat } = await previewBoth(teacher, { ...rest, seeds: once() } as never, { rows: 1 });
  expect("refused" in raw).toBe(false);
  expect(chat).toEqual({ refused: expect.stringContaining("the model has no chat template") });
});

test("a task that is wrong in both formats is refused as it is", async () => {
  const wrong = task({ seeds: [{ text: "a", label: "nobody" }] as never });
  await expect(previewBoth(teacher, wrong)).rejects.toMatchObject({ code: "CORRSYNTH_INVALID_CONFIG" });
});
