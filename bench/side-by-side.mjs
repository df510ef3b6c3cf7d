// What two runs on the same cores take from each other.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./build.mjs";
import { begin } from "./harness.mjs";
import { spread } from "./statistics.mjs";

const bench = begin({
  name: "side-by-side",
  title: "Two runs side by side",
  text: `How much longer do two runs take that share all cores, each with as many threads as there are cores, than one of
them alone? Whole processes, loading included, on the demo teacher's own task.`,
  goal: "ratio at most 2.3",
  rounds: 5,
  options: {
    count: { default: "400", help: "instances of each run; 24 are enough for smollm2" },
    model: { default: "demo", help: "demo, or a model that scripts/models/fetch.py gets, such as smollm2" },
  },
});
const model = bench.model(bench.values.model);
const program = join(root, "bench/children/count-instances.mjs");

/** Seconds until all of so many processes have ended. */
async function together(runs) {
  const started = performance.now();
  const run = () => promisify(execFile)(process.execPath, [program, bench.values.count, String(bench.threads), model]);
  await Promise.all(Array.from({ length: runs }, run));
  return (performance.now() - started) / 1000;
}

const figures = { alone: [], "side by side": [], ratio: [] };
for (let round = 0; round < bench.rounds; round++) {
  const [alone, both] = [await together(1), await together(2)];
  figures.alone.push(alone);
  figures["side by side"].push(both);
  figures.ratio.push(both / alone);
}
bench.finish(
  [
    {
      caption: `Seconds, with the model "${bench.values.model}"; medians over the rounds, in brackets the least and the most.`,
      rows: [
        {
          "one run": spread(figures.alone, 1),
          "two at once": spread(figures["side by side"], 1),
          ratio: spread(figures.ratio, 2),
        },
      ],
    },
  ],
  figures,
);
