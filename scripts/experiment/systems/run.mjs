// One run of each system that the paper is measured against, beside FewGen at equal rows and at equal tokens. See --help.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadEmbedder, loadTeacher, proposeAttributes, synthesizeRounds, synthesizeTo } from "../../../dist/index.js";
import { drawSeeds, retrieve } from "../../../dist/io.js";
import { goldOf, logisticOn, readRows } from "../labels/measure.mjs";
import { embedder, tasks, teachers } from "../labels/plan.mjs";
import { vectorStore } from "../labels/vectors.mjs";
import { figuresOf } from "./figures.mjs";
import { evenlyFrom, systems } from "./systems.mjs";
import { write } from "./write.mjs";

const HELP = `Usage: node scripts/experiment/systems/run.mjs --gold DIR --models DIR [options]

AG News, 300 rows of each system, one seed: rows, figures, docs/results/systems.md. What is done is kept.

  --gold DIR       ag_news-train.jsonl and ag_news-test.jsonl of {"text", "label"}
  --models DIR     where scripts/models put the real models
  --out DIR        runs and figures (default: .cmake/experiment-systems)
  --teacher NAME   of ${Object.keys(teachers).join(", ")} (default: smol)
  --systems LIST   of ${Object.keys(systems).join(", ")} (default: all)
  --threads N      (default: 1)
`;
const { values: given } = parseArgs({
  options: {
    ...Object.fromEntries(["gold", "models"].map((name) => [name, { type: "string" }])),
    out: { type: "string", default: ".cmake/experiment-systems" },
    teacher: { type: "string", default: "smol" },
    systems: { type: "string", default: Object.keys(systems).join(",") },
    threads: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (given.help || given.gold === undefined || given.models === undefined) {
  console.log(HELP);
  process.exit(given.help ? 0 : 2);
}
const out = resolve(given.out, given.teacher);
const threads = Number(given.threads);
mkdirSync(out, { recursive: true });
const teacherPath = join(resolve(given.models), teachers[given.teacher]);
const known = await prepare();
for (const name of given.systems.split(",")) await make(name);
await measure();
write(out, resolve(import.meta.dirname, "../../../docs/results"), given.teacher);

/** Seeds, validation rows, attributes, and contexts of train rows outside both and outside the test set. */
async function prepare() {
  const files = { train: join(given.gold, "ag_news-train.jsonl"), test: join(given.gold, "ag_news-test.jsonl") };
  const at = (name) => join(out, `${name}.jsonl`);
  if (!existsSync(at("examples"))) {
    const drawn = drawSeeds(readRows(files.train), {
      perLabel: 75,
      seed: 7,
      exclude: readRows(files.test).map(({ text }) => text),
      clean: true,
    });
    const lines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    writeFileSync(at("drawn"), lines(drawn.seeds));
    writeFileSync(at("seeds"), lines(evenlyFrom(at("drawn"), 50)));
    writeFileSync(at("validation"), lines(evenlyFrom(at("drawn"), 25, 50)));
    const taken = new Set(readRows(at("drawn")).map(({ text }) => text));
    const corpus = readRows(files.train).filter(({ text }) => !taken.has(text));
    const exclude = [...readRows(at("validation")), ...readRows(files.test)].map(({ text }) => text);
    const found = await retrieve(readRows(at("seeds")), corpus, { perSeed: 10, exclude });
    writeFileSync(at("contexts"), lines(found.contexts));
    writeFileSync(at("examples"), lines(found.examples));
  }
  const proposals = join(out, "attributes.json");
  if (!existsSync(proposals)) {
    const teacher = await loadTeacher(join(resolve(given.models), teachers.qwen));
    const { labels, instruction } = tasks.ag_news;
    const task = { labels, prompt: { instruction, shots: 0, format: "chat" }, count: 4, engine: { threads } };
    const { attributes } = await proposeAttributes(teacher, task, { dimensions: ["subtopic", "style"], values: 10 });
    await teacher.close();
    writeFileSync(proposals, JSON.stringify(attributes, null, 1));
  }
  return {
    ...Object.fromEntries(["seeds", "validation", "contexts", "examples"].map((name) => [name, at(name)])),
    attributes: JSON.parse(readFileSync(proposals, "utf8")),
    teacher: teacherPath,
    threads,
  };
}

async function make(name) {
  const directory = join(out, name);
  const file = `${directory}.cost.json`;
  if (existsSync(file)) return;
  const { taskOf, rounds } = systems[name];
  const { teacher: _, ...task } = taskOf(known);
  const begun = process.cpuUsage();
  const cost = {};
  const onProgress = ({ promptTokens, decodedTokens, generatedTokens, rejected, accepted }, round = 1) => {
    cost[round] = { promptTokens, decodedTokens, generatedTokens, rejected, accepted };
  };
  const load = () => loadTeacher(teacherPath);
  if (rounds === undefined) await synthesizeTo(directory, load, task, { onProgress });
  else await synthesizeRounds(directory, load, task, { ...rounds(known), onProgress });
  const { user, system } = process.cpuUsage(begun);
  writeFileSync(file, JSON.stringify({ rounds: Object.values(cost), processorSeconds: (user + system) / 1e6 }));
  console.log(name, readFileSync(file, "utf8"));
}

async function measure() {
  const model = await loadEmbedder(join(resolve(given.models), embedder));
  const vectorsOf = vectorStore(out, model, threads);
  const labels = Object.keys(tasks.ag_news.labels);
  const gold = goldOf("ag_news", given.gold);
  const judge = await logisticOn(gold.train, labels, vectorsOf);
  for (const name of Object.keys(systems)) {
    if (!existsSync(join(out, `${name}.cost.json`))) continue;
    const file = join(out, `${name}.figures.json`);
    if (!existsSync(file))
      writeFileSync(file, JSON.stringify(await figuresOf(name, { out, labels, gold, judge, vectorsOf, known })));
  }
  await model.close();
}
