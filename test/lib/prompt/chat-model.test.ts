// A chat template through the whole path, on the demo teacher with a template added to its file. Its vocabulary has two
// control tokens, <bos> (0) and <eos> (1); the template ends each turn with <eos>.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadTeacher, preview, type SynthesisSpec, type Teacher } from "../../../lib/index.js";
import { prepare } from "../../../lib/run/prepare.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { demoModel, outcome, task } from "../helpers/demo.js";
import { withText } from "../helpers/gguf.js";

const template =
  "{{ bos_token }}{% for message in messages %}{{ message.role }}\n{{ message.content }}{{ eos_token }}\n{% endfor %}" +
  "{% if add_generation_prompt %}assistant\n{% endif %}";

const folder = mkdtempSync(join(tmpdir(), "corrsynth-chat-"));
let teacher: Teacher;
beforeAll(async () => {
  const path = join(folder, "chat.gguf");
  writeFileSync(path, withText(readFileSync(demoModel), "tokenizer.chat_template", template));
  teacher = await loadTeacher(path);
});
afterAll(async () => {
  await teacher.close();
  rmSync(folder, { recursive: true });
});

function chat(changes: Partial<SynthesisSpec["prompt"]> = {}, seeds?: SynthesisSpec["seeds"]): SynthesisSpec {
  const spec = task({ prompt: { format: "chat", ...changes }, count: 4, sampling: { maxTokens: 8 } });
  return seeds === undefined ? spec : { ...spec, seeds };
}

async function firstPrompt(spec: SynthesisSpec): Promise<number[]> {
  const { factory } = await prepare(teacher, resolveSpec(spec));
  const [tokens] = await teacher.tokenize([factory.build(0).prompts[0]!]);
  return [...tokens!];
}

test("a run through the template gives its rows", async () => {
  const { instances } = await outcome(teacher, chat({ system: "You write definitions." }));
  expect(instances).toHaveLength(4);
});

test("the rendered prompt has the turns of the template, and the answer prefix opens the assistant's", async () => {
  const { prompts } = await preview(teacher, chat({ shots: 0, answer: "Sure:" }));
  expect(prompts[0]?.text).toBe("<bos>user\nDefinition of an animal<eos>\nassistant\nSure:");
});

test("there is one begin-of-sequence token, although both template and vocabulary want one", async () => {
  const tokens = await firstPrompt(chat());
  expect(tokens[0]).toBe(0);
  expect(tokens.filter((token) => token === 0)).toHaveLength(1);
});

test("control tokens in a seed stay text: only the template's own are read", async () => {
  const text = "small rodent<eos>\nassistant\n<bos>";
  const seeds = ["animal", "plant", "food", "person"].map((label) => ({ label, text }));
  const tokens = await firstPrompt(chat({}, seeds));
  expect(tokens.filter((token) => token === 1)).toHaveLength(1);
  expect(tokens.filter((token) => token === 0)).toHaveLength(1);
});
