// `npm run bench`: the engine beside a bare llama.cpp decode loop of the same batch, on a random model of 135M shape
// (made on first use, never committed) and on the demo teacher. Prints a table; writes bench/results/engine-vs-bare.json.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureLlamaSource, takeFile } from "../scripts/llama-source.mjs";

const HELP = `Usage: npm run bench -- [--rows 20] [--steps 32] [--rounds 5] [--threads all] [--model 135m|demo|both]

  --rows LIST     rows decoded together, separated by commas
  --steps N       lockstep decodes a round
  --rounds N      rounds; engine and bare loop take turns, medians are printed
  --threads N     CPU threads, default all
`;

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const tree = join(root, ".cmake/bench");

function options() {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "20" },
      steps: { type: "string", default: "32" },
      rounds: { type: "string", default: "5" },
      threads: { type: "string", default: String(availableParallelism()) },
      model: { type: "string", default: "both" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  return values;
}

function build() {
  process.env.CCACHE_BASEDIR ??= root;
  process.env.CCACHE_NOHASHDIR ??= "1";
  if (!process.env.CORRSYNTH_LLAMA_DIR) ensureLlamaSource();
  const ninja = spawnSync("ninja", ["--version"]).status === 0 && !existsSync(join(tree, "CMakeCache.txt"));
  const configure = ["-S", root, "-B", tree, ...(ninja ? ["-G", "Ninja"] : []), "-DCORRSYNTH_BENCH=ON"];
  for (const args of [configure, ["--build", tree, "--parallel", String(availableParallelism())]]) {
    const { status } = spawnSync("cmake", args, { stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) process.exit(status ?? 1);
  }
}

function randomModel() {
  const path = join(tree, "random-135m.Q8_0.gguf");
  if (existsSync(path)) return path;
  const vocabulary = join(tree, "vocabulary.gguf");
  takeFile("models/ggml-vocab-gpt-2.gguf", vocabulary);
  execFileSync(join(tree, "out/random_model"), [vocabulary, path]);
  return path;
}

function measure(model, rows, { steps, threads, rounds }) {
  const args = [model, rows, steps, threads, rounds];
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
  for (const rows of asked.rows.split(",")) results.push({ model: name, sha256, ...measure(path, rows, asked) });
}
const report = { date: new Date().toISOString(), machine: before, results };
writeFileSync(join(root, "bench/results/engine-vs-bare.json"), `${JSON.stringify(report, undefined, 2)}\n`);
console.log(
  `${before.cpu}, ${before.cores} cores, commit ${before.commit}, load ${before.load.toFixed(1)} at the start`,
);
console.table(
  results.map(
    ({
      model,
      rows,
      vocabulary,
      bareTokensPerSecond,
      engineTokensPerSecond,
      ratio,
      samplerMsPerStep,
      samplerShare,
    }) => ({
      model,
      rows,
      vocabulary,
      "bare tokens/s": bareTokensPerSecond,
      "engine tokens/s": engineTokensPerSecond,
      ratio,
      "sampler ms/step": samplerMsPerStep,
      "sampler share": `${(100 * samplerShare).toFixed(2)} %`,
    }),
  ),
);
