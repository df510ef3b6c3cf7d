// Chat with a real instruct model, SmolLM2-135M-Instruct (98 MB, fetched once): the exact prompt that it gets, and rows
// from it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../lib/engine/addon.js";
import { fewgen, loadTeacher, preview, type SynthesisSpec, synthesize, type Teacher } from "../../lib/index.js";

let teacher: Teacher;
beforeAll(async () => {
  const script = join(packageRoot, "scripts/models/fetch.py");
  const path = execFileSync("python3", [script, "smollm2-135m-instruct"], { encoding: "utf8" }).trim();
  teacher = await loadTeacher(path);
}, 600_000);
afterAll(() => teacher?.close());

function reviews(changes: Partial<SynthesisSpec["prompt"]> = {}, count = 4): SynthesisSpec {
  return {
    labels: { positive: "praises the film", negative: "complains about the film" },
    prompt: { format: "chat", instruction: "Write one sentence of a film review that {label}.", shots: 1, ...changes },
    seeds: [
      { label: "positive", text: "A warm, funny story with a wonderful cast." },
      { label: "negative", text: "The plot goes nowhere and the jokes fall flat." },
    ],
    method: fewgen(),
    count,
    sampling: { maxTokens: 40, seed: 7, stop: ["\n"] },
    engine: { threads: 1, groups: 1 },
  };
}

const turn = (role: string, text: string) => `<|im_start|>${role}\n${text}<|im_end|>\n`;
const brand = turn("system", "You are a helpful AI assistant named SmolLM, trained by Hugging Face");
const instruction = "Write one sentence of a film review that praises the film.";
const ask = turn("user", instruction);
const said = "A warm, funny story with a wonderful cast.";

//             what of the prompt is set, what the model reads, whether its brand's system message is said to be in it
const prompts: [Partial<SynthesisSpec["prompt"]>, string, boolean][] = [
  [{}, `${brand}${ask}${turn("assistant", said)}${ask}<|im_start|>assistant\n`, true],
  [
    { answer: "Review:" },
    `${brand}${ask}${turn("assistant", `Review: ${said}`)}${ask}<|im_start|>assistant\nReview:`,
    true,
  ],
  [{ system: "", shots: 0 }, `${turn("system", "")}${ask}<|im_start|>assistant\n`, false],
  [{ system: "Be brief.", shots: 0 }, `${turn("system", "Be brief.")}${ask}<|im_start|>assistant\n`, false],
  [
    { examples: "text" },
    `${brand}${turn("user", `${instruction} ${said}\n\n${instruction}`)}<|im_start|>assistant\n`,
    true,
  ],
];
test.each(prompts)(
  "with %j the prompt is, word for word, what the model was trained on",
  async (changes, text, isSaid) => {
    const sampling = { maxTokens: 40, seed: 7 }; // of two rows none may end with a stop, which would be told
    const found = await preview(teacher, { ...reviews(changes, 2), sampling, filters: false });
    expect(found.prompts[0]).toMatchObject({ label: "positive", text });
    expect(found.notes.some((note) => note.includes("SmolLM"))).toBe(isSaid);
    expect(found.warnings).toEqual([]);
  },
);

test("a run gives exactly the rows asked for, each ended by the model itself", async () => {
  const run = synthesize(teacher, reviews());
  const rows = [];
  for await (const row of run) rows.push(row);
  const { labels } = await run.finished;
  expect(rows.map(({ label }) => label).sort()).toEqual(["negative", "negative", "positive", "positive"]);
  expect(rows.every(({ text }) => /^\p{Lu}[^\n<]*$/u.test(text))).toBe(true);
  expect(labels).toMatchObject({ positive: { wanted: 2, accepted: 2 }, negative: { wanted: 2, accepted: 2 } });
});
