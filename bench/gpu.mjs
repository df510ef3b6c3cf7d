// `npm run bench:gpu`: the engine on a CUDA device. Builds everything it needs (nvcc and cmake must be there).
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { decode } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { ratios, spread } from "./statistics.mjs";

const bench = begin({
  name: "gpu",
  title: "On a GPU",
  text: `How close does the engine come to the limit on a CUDA device, where only token ids leave it? Beside it: llama.cpp's
decode loop with the logits left on the device (the limit), the same loop as it is, which copies all logits to the host,
and the engine made to draw on the host. Models with random weights; groups of 20 rows (Hybrid, R = 2), 64-token prompts. On a
machine without network, bring .cmake/bench/vocabulary-*.gguf and deps/llama.cpp.tar.xz*.`,
  goal: `at least 0.97 of the limit; at least 1.3 times the host path at 160 rows and 128k tokens; 4 bytes a row to the host and
step`,
  rounds: 3,
  options: {
    models: { default: "1b-32k,1b-128k,7b-32k,7b-128k", help: "shape and vocabulary, separated by commas" },
    rows: { default: "20,80,160", help: "rows decoded together, a multiple of 20" },
    steps: { default: "48", help: "steps a round" },
  },
});
const programs = build("cuda");
const check = spawnSync(join(programs, "../tests/gpu_check"), { encoding: "utf8" });
console.log(check.stdout);
if (check.status === 77) console.log("There is no CUDA device: what follows is measured on the CPU");
else if (check.status !== 0) process.exit(1);

const [steps] = numbers("steps", bench.values.steps);
const figures = [];
function measure(name, rows) {
  const shape = { model: bench.model(name), groupRows: 20, groups: rows / 20, promptTokens: 64, steps, programs };
  const figure = decode("device,bare,engine,host", { ...shape, threads: bench.threads, rounds: bench.rounds });
  figures.push({ model: name, ...figure });
  const { device, bare, engine, host } = figure;
  return {
    model: name,
    rows,
    "limit tokens/s": spread(device.rounds),
    "copying tokens/s": spread(bare.rounds),
    "engine tokens/s": spread(engine.rounds),
    "over the limit": spread(ratios(engine.rounds, device.rounds), 2),
    "over the host path": spread(ratios(engine.rounds, host.rounds), 2),
    sampler: engine.sampler,
    "sampler µs/step": (1000 * engine.samplerMsPerStep).toFixed(0),
    "bytes to host/step": engine.bytesToHostPerStep,
    "on the host": host.bytesToHostPerStep,
  };
}
const rows = bench.values.models
  .split(",")
  .flatMap((name) => numbers("rows", bench.values.rows).map((n) => measure(name, n)));
bench.finish(
  [
    { caption: `On ${figures[0].runsOn}; medians over the rounds, in brackets the least and the most.`, rows },
    {
      caption: "The sampler alone (gpu_check): its tokens against sample_step's, and microseconds of whole calls.",
      rows: check.stdout
        .trim()
        .split("\n")
        .map((line) => ({ printed: line })),
    },
  ],
  figures,
);
