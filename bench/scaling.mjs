// What grows with what: groups in flight, labels of a group, instances of a run.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build, root } from "./build.mjs";
import { decode } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { median, spread, takeTurns } from "./statistics.mjs";

const bench = begin({
  name: "scaling",
  title: "Scaling",
  text: `How do speed and memory grow with the number of groups in flight (8 rows each, 135M model), the cost of a step with the
labels of a group (K rows, R = 1, 135M model), and memory with the instances of a run (demo teacher, its own task,
through the public API)? Each figure comes from a process of its own.`,
  goal: "the memory of a run stays flat from 100 to 10,000 instances",
  rounds: 2,
  options: {
    groups: { default: "1,2,4,8,16,32", help: "groups of 8 rows" },
    labels: { default: "2,5,10,20,50,100", help: "labels of a group" },
    counts: { default: "100,1000,10000", help: "instances of a run" },
    steps: { default: "12", help: "steps a round" },
    prompt: { default: "64", help: "tokens of a prompt" },
  },
});
build();
const model = bench.model("135m");
bench.model("demo");
const [steps] = numbers("steps", bench.values.steps);
const [promptTokens] = numbers("prompt", bench.values.prompt);
const { threads } = bench;

const contenders = (list, run) => Object.fromEntries(list.map((n) => [n, () => run(n)]));
const engine = (shape) => {
  const { peakMegabytes, engine } = decode("engine", { model, promptTokens, steps, threads, ...shape });
  return { tokensPerSecond: engine.tokensPerSecond, samplerMs: engine.samplerMsPerStep, peakMegabytes };
};
const byGroups = await takeTurns(
  bench.rounds,
  contenders(numbers("groups", bench.values.groups), (groups) => engine({ groupRows: 8, groups })),
);
const byLabels = await takeTurns(
  bench.rounds,
  contenders(numbers("labels", bench.values.labels), (groupRows) => engine({ groupRows, repeat: 1 })),
);
const child = join(root, "bench/children/count-instances.mjs");
const byCount = await takeTurns(
  bench.rounds,
  contenders(numbers("counts", bench.values.counts), (count) =>
    JSON.parse(execFileSync(process.execPath, [child, String(count), String(threads)], { encoding: "utf8" })),
  ),
);

const table = (figures, row) => Object.entries(figures).map(([n, figure]) => row(Number(n), figure));
bench.finish(
  [
    {
      caption: "Groups of 8 rows in flight; medians, least and most; megabytes of 10^6 bytes, the model included.",
      rows: table(byGroups, (groups, { tokensPerSecond, peakMegabytes }) => ({
        groups,
        rows: 8 * groups,
        "tokens/s": spread(tokensPerSecond),
        "peak MB": spread(peakMegabytes, 0),
      })),
    },
    {
      caption: "One group of K rows, each contrasted with all the others.",
      rows: table(byLabels, (labels, { tokensPerSecond, samplerMs }) => ({
        K: labels,
        "ms/step": ((1000 * labels) / median(tokensPerSecond)).toFixed(1),
        "ms/step per row": spread(
          tokensPerSecond.map((rate) => 1000 / rate),
          2,
        ),
        "sampler ms/step": spread(samplerMs, 3),
      })),
    },
    {
      caption: "Instances of a run.",
      rows: table(byCount, (instances, { instancesPerSecond, peakMegabytes }) => ({
        instances,
        "instances/s": spread(instancesPerSecond),
        "peak MB": spread(peakMegabytes, 0),
      })),
    },
  ],
  { byGroups, byLabels, byCount },
);
