// Which method, and which label check, makes the better rows of a real teacher. See --help.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadEmbedder, loadTeacher } from "../../../dist/index.js";
import { detectors, takers } from "./checks.mjs";
import { detect } from "./detectors.mjs";
import { directoryOf, generate } from "./generate.mjs";
import { goldOf, logisticOn, measure } from "./measure.mjs";
import { arms, embedder, tasks, teachers } from "./plan.mjs";
import { vectorStore } from "./vectors.mjs";
import { write } from "./write.mjs";

const HELP = `Usage: node scripts/experiment/labels/run.mjs --gold DIR --models DIR [options]

Makes the rows of every arm, measures them, and writes docs/results/labels.md. What is done is kept and not done again.

  --gold DIR        ag_news, trec and banking77, each as NAME-train.jsonl and NAME-test.jsonl of {"text", "label"}
  --models DIR      where scripts/models put the real models
  --out DIR         runs and figures (default: .cmake/experiment-labels)
  --teachers LIST   of ${Object.keys(teachers).join(", ")} (default: smol)
  --tasks LIST      of ${Object.keys(tasks).join(", ")} (default: all)
  --arms LIST       of ${Object.keys(arms).join(", ")} (default: all)
  --seeds LIST      (default: 0,1,2)
  --checks LIST     of direct, channel, student and proxy (default: all; scoring takes longest)
  --gold-rows N     human rows that the checks are tried on (default: 400)
  --threads N       (default: 1)
  --only STAGE      generate, measure, detect or write (default: all four)
`;

const { values: given } = parseArgs({
  options: {
    ...Object.fromEntries(["gold", "models", "only"].map((name) => [name, { type: "string" }])),
    out: { type: "string", default: ".cmake/experiment-labels" },
    teachers: { type: "string", default: "smol" },
    tasks: { type: "string", default: Object.keys(tasks).join(",") },
    arms: { type: "string", default: Object.keys(arms).join(",") },
    seeds: { type: "string", default: "0,1,2" },
    checks: { type: "string", default: "direct,channel,student,proxy" },
    "gold-rows": { type: "string", default: "400" },
    threads: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (given.help || given.gold === undefined || given.models === undefined) {
  console.log(HELP);
  process.exit(given.help ? 0 : 2);
}
const list = (text) => text.split(",");
const options = { ...given, out: resolve(given.out), checks: list(given.checks), threads: Number(given.threads) };
const isWanted = (stage) => given.only === undefined || given.only === stage;
mkdirSync(options.out, { recursive: true });

/** Every run that is wanted; seeds first, so that an early stop leaves all arms with equally many. */
const runs = list(given.teachers).flatMap((teacher) =>
  list(given.tasks).flatMap((task) =>
    list(given.seeds).flatMap((seed) => list(given.arms).map((arm) => ({ teacher, task, arm, seed: Number(seed) }))),
  ),
);
const isDone = (one) => existsSync(join(directoryOf({ ...options, ...one }), "done"));

if (isWanted("generate")) for (const one of runs) generate(one, options);
if (isWanted("measure") || isWanted("detect")) await judge();
if (isWanted("write")) write(options.out, resolve(import.meta.dirname, "../../../docs/results"));

async function judge() {
  const model = await loadEmbedder(join(options.models, embedder));
  const vectorsOf = vectorStore(options.out, model, options.threads);
  const judges = {};
  for (const name of list(given.tasks)) {
    judges[name] = await logisticOn(goldOf(name, options.gold).train, Object.keys(tasks[name].labels), vectorsOf);
  }
  for (const name of list(given.teachers)) {
    const teacher = await loadTeacher(join(options.models, teachers[name]));
    const known = { ...options, vectorsOf, judges, teacher };
    if (isWanted("measure")) {
      for (const one of runs.filter((run) => run.teacher === name && isDone(run))) {
        await measure(one, known, takers(one, known));
      }
    }
    if (isWanted("detect")) await detectWith(name, known);
    await teacher.close();
  }
  await model.close();
}

async function detectWith(name, known) {
  for (const task of list(given.tasks)) {
    for (const seed of list(given.seeds).map(Number)) {
      const file = join(options.out, name, `detectors-${task}-${seed}.json`);
      const before = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).found : {};
      const all = Object.entries(detectors({ task, seed }, known));
      const missing = Object.fromEntries(all.filter(([check]) => !(check in before)));
      if (Object.keys(missing).length === 0) continue;
      const { found, ...rest } = await detect(
        task,
        { gold: options.gold, number: Number(given["gold-rows"]) },
        missing,
      );
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, JSON.stringify({ teacher: name, seed, ...rest, found: { ...before, ...found } }));
    }
  }
}
