// What it is worth to draw several groups from one set of prompts.
import { hybrid, loadTeacher } from "../dist/index.js";
import { labels, runTask, summaries } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { ratios, spread, takeTurns } from "./statistics.mjs";
import { taskRows } from "./task-table.mjs";

const bench = begin({
  name: "prompt-reuse",
  title: "Prompts that several groups share",
  text: `How many more instances a second, end to end, does promptReuse 4 make? 3-shot prompts of about 330 tokens, 50 tokens
out, K = 4 labels, R = 2, through the public API, on the 135M model.
Groups in flight are the engine's own choice.`,
  goal: "ratio at least 2.2",
  rounds: 3,
  options: {
    count: { default: "64", help: "instances" },
    tokens: { default: "50", help: "tokens of each" },
  },
});
const [count] = numbers("count", bench.values.count);
const [maxTokens] = numbers("tokens", bench.values.tokens);
const words =
  "the market said that on friday its new report would show a strong rise in sales across most regions".split(" ");

// Texts of about 90 tokens, all different.
const seeds = Object.keys(labels).flatMap((label) =>
  Array.from({ length: 50 }, (_, i) => ({
    label,
    text: Array.from({ length: 90 }, (_, j) => words[(i * 7 + j * (1 + (i % 5))) % words.length]).join(" "),
  })),
);
const prompt = { ...summaries, shots: 3 };
const teacher = await loadTeacher(bench.model("135m"));
const run = (promptReuse) => () =>
  runTask(
    teacher,
    {
      labels,
      seeds,
      prompt,
      method: hybrid(),
      count,
      sampling: { maxTokens, seed: 7 },
      engine: { promptReuse },
    },
    bench.threads,
  );
const figures = await takeTurns(bench.rounds, { "promptReuse 1": run(1), "promptReuse 4": run(4) });
await teacher.close();
const gain = ratios(figures["promptReuse 4"].instancesPerSecond, figures["promptReuse 1"].instancesPerSecond);
bench.finish(
  [
    { caption: "Medians over the rounds, of instances/s also the least and the most.", rows: taskRows(figures) },
    { caption: "promptReuse 4 over promptReuse 1, instances/s.", rows: [{ measured: spread(gain, 2) }] },
  ],
  figures,
);
