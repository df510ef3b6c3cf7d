// One run: synthesised with the demo teacher and evaluated beside gold, or read back where it was done before.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { demoSeeds, demoTask } from "../../dist/cli/demo-task.js";
import {
  evaluate,
  offlineRecogniser,
  readOnce,
  teacherEmbedder,
  tokenize,
  tokenizerName,
} from "../../dist/evaluate/index.js";
import { loadTeacher, synthesize } from "../../dist/index.js";
import { readTable } from "../../dist/io.js";

/**
 * The demo teacher and all that runs share. Gold is read once.
 * @param features  false: without the figures that need vectors or entities, in half the time.
 */
export async function laboratory({ gold, draw, folder, features = true }) {
  const teacher = await loadTeacher("demo");
  const examples = (await readTable(demoSeeds)).rows;
  const embedder = teacherEmbedder(teacher, "last", "demo teacher");
  const tokenizer = { name: tokenizerName, tokenize };
  const goldTexts = gold.map(({ text }) => text);
  const read = features ? { embedder, recogniser: offlineRecogniser } : {};
  const readers = readOnce({ ...read, tokenizer }, goldTexts);
  const options = { gold, seeds: examples, ...readers, matchLabels: true, mapRows: 0 };

  async function synthesised({ method, sampling, prompt }, seed, rows) {
    const spec = demoTask(method, rows, seed);
    const run = synthesize(teacher, {
      ...spec,
      sampling: { ...spec.sampling, ...sampling },
      prompt: { ...spec.prompt, ...prompt },
    });
    const instances = [];
    for await (const { text, label, contrastNorms } of run) {
      instances.push({ text, label, ...(contrastNorms && { contrastNorms }) });
    }
    const { seconds, decodedTokens, generatedTokens } = await run.finished;
    return { rows: instances, report: { seconds, decodedTokens, generatedTokens } };
  }

  const pathOf = (key, rows, seed) => join(folder, `${key}_${rows}_${seed}.json`);
  return {
    embedder,
    isStored: ({ key, rows, seed }) => existsSync(pathOf(key, rows, seed)),
    /** A run of a setting; its rows, their evaluation, what it took. */
    run: (setting, seed, rows) =>
      cached(pathOf(setting.key, rows, seed), { ...setting, title: "", seed, rows }, async () => {
        const made = await synthesised(setting, seed, rows);
        return { ...made, evaluation: await evaluate(made.rows, options) };
      }),
    /** Gold rows that are not tested on, evaluated like a run. */
    goldRun: (seed, perLabel) =>
      cached(pathOf("gold", perLabel, seed), { seed, perLabel }, async () => {
        const rows = draw(seed, perLabel);
        return { rows, evaluation: await evaluate(rows, options) };
      }),
    close: () => teacher.close(),
  };
}

// What is stored belongs to its settings: others, and it is made anew.
async function cached(path, settings, make) {
  const asked = JSON.stringify(settings);
  try {
    const stored = JSON.parse(readFileSync(path, "utf8"));
    if (stored.settings === asked) return stored;
  } catch (error) {
    if (error.code !== "ENOENT" && !(error instanceof SyntaxError)) throw error;
  }
  const made = { settings: asked, ...(await make()) };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, JSON.stringify(made));
  renameSync(`${path}.tmp`, path);
  return made;
}
