// Steady state of real tasks, whose rows end at different times, against bare decoding of as many rows.
import { hybrid, loadTeacher } from "../dist/index.js";
import { build } from "./build.mjs";
import { bareLike, definitions, labels, runTask, summaries } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { median, ratios, spread, takeTurns } from "./statistics.mjs";

const bench = begin({
  name: "steady",
  title: "Steady state of a real task",
  text: `How close to the limit does the engine stay while rows end at different times and groups come and go? Forward passes
per second of the whole wall time of a run but for setting up the context and the prefill, against the bare llama.cpp decode loop at the same mean
number of live rows and the same mean length. On the demo teacher, its own task (K = 8, R = 2, 3 shots, one line each);
on the 135M model, K = 4, R = 2, zero-shot, where stop strings of frequent letters end the rows. Groups in flight are
the engine's own choice unless told.`,
  goal: "ratio at least 0.85",
  rounds: 3,
  options: {
    models: { default: "135m,demo", help: "models, separated by commas" },
    count: { default: "320,2000", help: "instances, by model" },
    groups: { default: "auto", help: "groups in flight" },
  },
});
build();
const tasks = {
  demo: { rows: 16, ...definitions },
  // Hot, since random weights repeat themselves otherwise: a stop string then comes at once or never.
  "135m": {
    rows: 8,
    labels,
    prompt: summaries,
    sampling: { maxTokens: 40, stop: ["an", "in"], temperature: 3, plausibility: 1e-4, topP: 1, seed: 7 },
  },
};
const counts = numbers("count", bench.values.count);
const groups = bench.values.groups === "auto" ? "auto" : numbers("groups", bench.values.groups)[0];
const figures = {};
for (const [i, name] of bench.values.models.split(",").entries()) {
  const model = bench.model(name);
  const teacher = await loadTeacher(model);
  const { rows, ...rest } = tasks[name];
  const task = { ...rest, method: hybrid(), engine: { groups }, count: counts[Math.min(i, counts.length - 1)] };
  const run = async () => {
    const report = await runTask(teacher, task, bench.threads);
    const started = report.groups * rows;
    const perSecond = report.decodedTokens / (report.seconds - report.prefillSeconds - report.setupSeconds);
    return {
      ...report,
      perSecond,
      meanRows: report.decodedTokens / report.steps,
      length: report.decodedTokens / started,
    };
  };
  let last = await run(); // says what the bare loop has to match
  figures[name] = await takeTurns(bench.rounds, {
    engine: async () => {
      last = await run();
      return last;
    },
    bare: () => bareLike(last, rows, model, bench.threads),
  });
  await teacher.close();
}
const rows = Object.entries(figures).map(([model, { engine, bare }]) => ({
  model,
  instances: median(engine.instances),
  "mean rows": median(engine.meanRows).toFixed(1),
  "mean length": median(engine.length).toFixed(1),
  "engine passes/s": spread(engine.perSecond),
  "bare passes/s": spread(bare.tokensPerSecond),
  ratio: spread(ratios(engine.perSecond, bare.tokensPerSecond), 2),
}));
bench.finish([{ caption: "Medians over the rounds, in brackets the least and the most.", rows }], figures);
