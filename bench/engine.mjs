// The engine beside a bare llama.cpp decode loop of the same batch.
import { build } from "./build.mjs";
import { decode } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { ratios, spread } from "./statistics.mjs";

const bench = begin({
  name: "engine",
  title: "The engine beside a bare llama.cpp decode loop",
  text: `How close is a step of the engine, draws and all, to the limit: llama_decode of the same rows in a loop that draws
nothing? Same model, prompts, context size and threads. Groups of 8 rows (Hybrid, R = 2), or of fewer where there are
fewer rows; only steps in which all rows run count, and so that they do the demo teacher never draws an end token here.`,
  goal: `ratio at least 0.95 on the 135M model and 0.85 on the demo teacher, at 16 to 128 rows; sampler share of a group of 20
rows at most 3 % on the 135M model, whose vocabulary has about 50,000 tokens`,
  rounds: 9,
  options: {
    models: { default: "135m,demo", help: "models, separated by commas" },
    rows: { default: "1,2,4,8,16,32,64,128", help: "rows decoded together; a multiple of 8 from 8 on" },
    large: { default: "20", help: "rows of the one large group" },
    steps: { default: "135m:16,demo:64", help: "steps a round, by model" },
    prompt: { default: "64", help: "tokens of a prompt" },
  },
});
build();
const steps = Object.fromEntries(bench.values.steps.split(",").map((entry) => entry.split(":")));
const [promptTokens] = numbers("prompt", bench.values.prompt);
const figures = [];
function measure(name, groupRows, groups) {
  const model = bench.model(name === "demo" ? "demo-endless" : name);
  const shape = { model, groupRows, groups, promptTokens, steps: steps[name] ?? 16, threads: bench.threads };
  const figure = { model: name, ...decode("bare,engine", { ...shape, rounds: bench.rounds }) };
  figures.push(figure);
  return describe(figure);
}

function describe({ model, rows, groups, bare, engine }) {
  return {
    model,
    rows,
    groups,
    "bare tokens/s": spread(bare.rounds),
    "engine tokens/s": spread(engine.rounds),
    ratio: spread(ratios(engine.rounds, bare.rounds), 2),
    "sampler ms/step": engine.samplerMsPerStep.toFixed(3),
    "sampler share": `${(100 * engine.samplerShare).toFixed(1)} %`,
  };
}

const models = bench.values.models.split(",");
const rows = numbers("rows", bench.values.rows);
const [large] = numbers("large", bench.values.large);
bench.finish(
  [
    {
      caption: "Groups of 8 rows; medians over the rounds, in brackets the least and the most.",
      rows: models.flatMap((name) => rows.map((n) => measure(name, Math.min(8, n), Math.ceil(n / 8)))),
    },
    { caption: `One group of ${large} rows.`, rows: models.map((name) => measure(name, large, 1)) },
  ],
  figures,
);
