// Zero-shot with shared prompts, end to end, against bare decoding alone.
import { hybrid, loadTeacher } from "../dist/index.js";
import { build } from "./build.mjs";
import { bareLike, labels, runTask, summaries } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { median, ratios, spread, takeTurns } from "./statistics.mjs";

const bench = begin({
  name: "zero-shot",
  title: "Zero-shot, end to end, against bare decoding",
  text: `How much of the bare loop's speed is left end to end when prompts are shared? Tokens generated over the whole wall
time of a zero-shot run (context, prompts, draws, JavaScript), against the bare llama.cpp decode loop alone at the same
mean number of rows and the same lengths. K = 4 labels, R = 2, through the public API.`,
  goal: "ratio at least 0.85",
  rounds: 3,
  options: {
    models: { default: "135m,demo", help: "models, separated by commas" },
    count: { default: "128,2048", help: "instances, by model" },
    tokens: { default: "50", help: "tokens of each at most" },
    groups: { default: "8", help: "groups in flight" },
  },
});
build();
const counts = numbers("count", bench.values.count);
const [maxTokens] = numbers("tokens", bench.values.tokens);
const [groups] = numbers("groups", bench.values.groups);
const figures = {};
for (const [i, name] of bench.values.models.split(",").entries()) {
  const model = bench.model(name);
  const teacher = await loadTeacher(model);
  const count = counts[Math.min(i, counts.length - 1)];
  const sampling = { maxTokens, seed: 7 };
  const task = { labels, prompt: summaries, method: hybrid(), count, sampling, engine: { groups } };
  let last = await runTask(teacher, { ...task, count: 8 * groups }, bench.threads); // says what the bare loop has to match
  figures[name] = await takeTurns(bench.rounds, {
    engine: async () => {
      last = await runTask(teacher, task, bench.threads);
      return { ...last, rowsAtOnce: last.decodedTokens / last.steps };
    },
    bare: () => bareLike(last, 8, model, bench.threads),
  });
  await teacher.close();
}
const rows = Object.entries(figures).map(([model, { engine, bare }]) => ({
  model,
  "instances/s": spread(engine.instancesPerSecond),
  "tokens per instance": (median(engine.generatedTokens) / median(engine.instances)).toFixed(1),
  "mean rows": median(engine.rowsAtOnce).toFixed(1),
  "engine tokens/s": spread(engine.tokensPerSecond),
  "bare tokens/s": spread(bare.tokensPerSecond),
  ratio: spread(ratios(engine.tokensPerSecond, bare.tokensPerSecond), 2),
}));
bench.finish([{ caption: "Medians over the rounds, in brackets the least and the most.", rows }], figures);
