// Do rows end as the teacher would end them? FewGen, and the paper's Hybrid with ends contrasted and kept. See --help.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { tInterval } from "../../../dist/evaluate/index.js";
import { loadEmbedder, loadTeacher, synthesizeTo } from "../../../dist/index.js";
import { drawSeeds } from "../../../dist/io.js";
import { goldOf, logisticOn, readRows } from "../labels/measure.mjs";
import { embedder, tasks, teachers } from "../labels/plan.mjs";
import { vectorStore } from "../labels/vectors.mjs";
import { markdown } from "../markdown.mjs";

const HELP = `Usage: node scripts/experiment/ends/run.mjs --gold DIR --models DIR [--out DIR] [--teachers gemma,qwen] [--threads N]

AG News, 80 rows of each arm and seed: docs/results/ends.md. What is done is kept.
`;
const { values: given } = parseArgs({
  options: {
    ...Object.fromEntries(["gold", "models"].map((name) => [name, { type: "string" }])),
    out: { type: "string", default: ".cmake/experiment-ends" },
    teachers: { type: "string", default: "gemma,qwen" },
    threads: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (given.help || given.gold === undefined || given.models === undefined) {
  console.log(HELP);
  process.exit(given.help ? 0 : 2);
}
const hybrid = { name: "hybrid", repeat: 2, intra: 0.5, cross: 0.1, heat: "paper" };
const arms = {
  fewgen: { title: "FewGen", method: { name: "fewgen" } },
  contrasted: { title: "Hybrid .5/.1, ends contrasted", method: hybrid, ends: "contrasted" },
  kept: { title: "Hybrid .5/.1, ends kept", method: hybrid, ends: "kept" },
};
const seeds = [0, 1, 2];
const out = resolve(given.out);
mkdirSync(out, { recursive: true });
const { labels, instruction, answer, maxTokens } = tasks.ag_news;
const names = Object.keys(labels);
const examples = examplesOf();
for (const teacher of given.teachers.split(",")) {
  for (const seed of seeds) for (const arm of Object.keys(arms)) await make(teacher, arm, seed);
}
await write();

function examplesOf() {
  const file = join(out, "seeds.jsonl");
  if (existsSync(file)) return file;
  const train = readRows(join(given.gold, "ag_news-train.jsonl"));
  const exclude = readRows(join(given.gold, "ag_news-test.jsonl")).map(({ text }) => text);
  const drawn = drawSeeds(train, { perLabel: 50, seed: 7, exclude, clean: true });
  writeFileSync(file, drawn.seeds.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return file;
}

function directoryOf(teacher, arm, seed) {
  return join(out, `${teacher}-${arm}-${seed}`);
}

async function make(teacher, arm, seed) {
  const directory = directoryOf(teacher, arm, seed);
  if (existsSync(`${directory}.json`)) return;
  const { method, ends } = arms[arm];
  const task = {
    labels,
    prompt: { instruction, answer, shots: 3, format: "raw" },
    seeds: examples,
    method,
    count: 80,
    engine: { threads: Number(given.threads), promptReuse: 8 },
    sampling: { maxTokens, stop: ["\n"], seed: 7 + seed, ...(ends === undefined ? {} : { ends }) },
    filters: { keepRejected: true },
  };
  const { report } = await synthesizeTo(directory, () => loadTeacher(join(given.models, teachers[teacher])), task);
  writeFileSync(`${directory}.json`, JSON.stringify({ generated: report.generatedTokens }));
  console.log(directory);
}

async function write() {
  const model = await loadEmbedder(join(given.models, embedder));
  const vectorsOf = vectorStore(out, model, Number(given.threads));
  const judge = await logisticOn(goldOf("ag_news", given.gold).train, names, vectorsOf);
  const lines = [];
  for (const teacher of Object.keys(teachers)) {
    for (const arm of Object.keys(arms)) {
      const made = seeds.filter((seed) => existsSync(`${directoryOf(teacher, arm, seed)}.json`));
      if (made.length === 0) continue;
      const figures = [];
      for (const seed of made) figures.push(await figuresOf(directoryOf(teacher, arm, seed), judge));
      const cell = (field, digits) =>
        interval(
          figures.map((figure) => figure[field]),
          digits,
        );
      lines.push([
        teachers[teacher],
        arms[arm].title,
        cell("unfinished", 1),
        cell("perRow", 1),
        cell("words", 1),
        cell("fidelity", 1),
        made.length,
      ]);
    }
  }
  await model.close();
  const heads = [
    "teacher",
    "method",
    "unfinished, % of rows written",
    "tokens written for an accepted row",
    "words of an accepted row",
    "fidelity, %",
    "seeds",
  ];
  const page = `# Ends, contrasted and kept

Written by \`node scripts/experiment/ends/run.mjs\`. AG News, raw prompts, three shots of 200 seeds, 80 accepted rows of each arm and seed, at most ${maxTokens} tokens. *Unfinished*: rows that
came to the token limit. *Fidelity*: share of accepted rows that a logistic student on MiniLM embeddings of 4,000 human rows gives their label. Means with 95 % intervals (t) over
the seeds of the draw.

${markdown(heads, lines)}
`;
  writeFileSync(resolve(import.meta.dirname, "../../../docs/results/ends.md"), page);
}

async function figuresOf(directory, judge) {
  const rows = readRows(join(directory, "data.jsonl"));
  const rejectedFile = join(directory, "rejected.jsonl");
  const rejected = existsSync(rejectedFile) ? readRows(rejectedFile) : [];
  const written = [...rows, ...rejected];
  const { generated } = JSON.parse(readFileSync(`${directory}.json`, "utf8"));
  const judged = await judge(rows.map(({ text }) => text));
  const right = rows.filter(({ label }, i) => names[judged[i].indexOf(Math.max(...judged[i]))] === label);
  const words = rows.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
  return {
    unfinished: (100 * written.filter(({ ending }) => ending === "length").length) / written.length,
    perRow: generated / rows.length,
    words: words / rows.length,
    fidelity: (100 * right.length) / rows.length,
  };
}

function interval(values, digits) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const around = tInterval(values);
  return mean.toFixed(digits) + (around === null ? "" : ` ± ${((around[1] - around[0]) / 2).toFixed(digits)}`);
}
