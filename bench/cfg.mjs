// Hybrid CorrSynth against classifier-free guidance for the same task.
import { cfg, hybrid, loadTeacher } from "../dist/index.js";
import { labels, runTask, summaries } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { ratios, spread, takeTurns } from "./statistics.mjs";
import { taskRows } from "./task-table.mjs";

const bench = begin({
  name: "cfg",
  title: "Hybrid against classifier-free guidance",
  text: `How many times faster than classifier-free guidance (CFG-Hybrid) does Hybrid make the same number of instances? K = 4
labels, R = 2, zero-shot, so that prompts weigh nothing: CFG decodes K·R = 8 times as many rows, which is the ratio to
expect. Through the public API, on the 135M model.`,
  goal: "ratio at least 0.8·K·R = 6.4",
  rounds: 3,
  options: {
    count: { default: "128", help: "instances" },
    tokens: { default: "16", help: "tokens of each" },
  },
});
const [count] = numbers("count", bench.values.count);
const [maxTokens] = numbers("tokens", bench.values.tokens);
const teacher = await loadTeacher(bench.model("135m"));
const run = (method) => () =>
  runTask(teacher, { labels, prompt: summaries, method, count, sampling: { maxTokens, seed: 7 } }, bench.threads);
// One group of CFG has 8 + 8 · 7 = 64 rows, one of CorrSynth 8; how many are decoded at once is the engine's choice.
const figures = await takeTurns(bench.rounds, {
  "CFG-Hybrid": run(cfg({ kind: "hybrid" })),
  Hybrid: run(hybrid()),
});
await teacher.close();
const measured = ratios(figures.Hybrid.instancesPerSecond, figures["CFG-Hybrid"].instancesPerSecond);
bench.finish(
  [
    { caption: "Medians over the rounds, of instances/s also the least and the most.", rows: taskRows(figures) },
    { caption: "Hybrid over CFG-Hybrid.", rows: [{ "predicted K·R": 8, measured: spread(measured, 2) }] },
  ],
  figures,
);
