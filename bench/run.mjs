// `npm run bench`: the engine beside a bare llama.cpp decode loop of the same batch, on a random model of 135M shape
// (made on first use, never committed) and on the demo teacher. Prints a table; writes it to bench/results/.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { takeFile } from "../scripts/llama-source.mjs";
import { build, root, tree } from "./build.mjs";

const HELP = `Usage: npm run bench -- [--rows 20] [--groups 1] [--steps 32] [--rounds 5] [--threads all] [--model 135m|demo|both]

  --rows N        rows of a group, M
  --groups LIST   groups decoded together, separated by commas
  --steps N       lockstep decodes a round
  --rounds N      rounds; engine and bare loop take turns, medians are printed
  --threads N     CPU threads, default all
  --out NAME      name of the file under bench/results, default engine-vs-bare
`;

function options() {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "20" },
      groups: { type: "string", default: "1" },
      steps: { type: "string", default: "32" },
      rounds: { type: "string", default: "5" },
      threads: { type: "string", default: String(availableParallelism()) },
      model: { type: "string", default: "both" },
      out: { type: "string", default: "engine-vs-bare" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  return values;
}

function randomModel() {
  const path = join(tree, "random-135m.Q8_0.gguf");
  if (existsSync(path)) return path;
  const vocabulary = join(tree, "vocabulary.gguf");
  takeFile("models/ggml-vocab-gpt-2.gguf", vocabulary);
  execFileSync(join(tree, "out/random_model"), [vocabulary, path]);
  return path;
}

function measure(model, groups, { rows, steps, threads, rounds }) {
  const args = [model, rows, groups, steps, threads, rounds];
  return JSON.parse(execFileSync(join(tree, "out/engine_vs_bare"), args, { encoding: "utf8" }));
}

function machine() {
  const commit = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).stdout.trim();
  return { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, device: "cpu", commit, load: loadavg()[0] };
}

const asked = options();
build();
mkdirSync(join(root, "bench/results"), { recursive: true });
const models = { "135m": randomModel(), demo: join(root, "models/demo-teacher.Q8_0.gguf") };
const before = machine();
const results = [];
for (const [name, path] of Object.entries(models)) {
  if (asked.model !== "both" && asked.model !== name) continue;
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  for (const groups of asked.groups.split(",")) results.push({ model: name, sha256, ...measure(path, groups, asked) });
}
const report = { date: new Date().toISOString(), machine: before, results };
writeFileSync(join(root, `bench/results/${asked.out}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
console.log(
  `${before.cpu}, ${before.cores} cores, commit ${before.commit}, load ${before.load.toFixed(1)} at the start`,
);
console.table(
  results.map(
    ({
      model,
      rows,
      groups,
      vocabulary,
      bareTokensPerSecond,
      engineTokensPerSecond,
      ratio,
      samplerMsPerStep,
      samplerShare,
    }) => ({
      model,
      rows,
      groups,
      vocabulary,
      "bare tokens/s": bareTokensPerSecond,
      "engine tokens/s": engineTokensPerSecond,
      ratio,
      "sampler ms/step": samplerMsPerStep,
      "sampler share": `${(100 * samplerShare).toFixed(2)} %`,
    }),
  ),
);
