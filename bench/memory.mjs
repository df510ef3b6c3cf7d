// Resident memory of the engine beside that of a bare llama.cpp decode loop.
import { build } from "./build.mjs";
import { decode } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { ratios, spread, takeTurns } from "./statistics.mjs";

const bench = begin({
  name: "memory",
  title: "Peak memory",
  text: `How much more memory than a bare llama.cpp decode loop does the engine need at the same context? Peak resident
memory of a process that does nothing else, same rows, context size and threads, the model included; the bare loop has
llama.cpp's default of n_outputs_max.`,
  goal: "ratio at most 1.1",
  rounds: 3,
  options: {
    models: { default: "135m,demo", help: "models, separated by commas" },
    rows: { default: "8,32,128", help: "rows decoded together, a multiple of 8" },
    steps: { default: "4", help: "steps a round" },
    prompt: { default: "64", help: "tokens of a prompt" },
  },
});
build();
const [steps] = numbers("steps", bench.values.steps);
const [promptTokens] = numbers("prompt", bench.values.prompt);
const figures = [];
for (const name of bench.values.models.split(",")) {
  const model = bench.model(name);
  for (const rows of numbers("rows", bench.values.rows)) {
    const shape = { model, groupRows: 8, groups: Math.ceil(rows / 8), promptTokens, steps, threads: bench.threads };
    const peak = (who) => () => ({ peakMegabytes: decode(who, shape).peakMegabytes });
    const { bare, engine } = await takeTurns(bench.rounds, { bare: peak("bare"), engine: peak("engine") });
    figures.push({ model: name, rows: 8 * shape.groups, bare: bare.peakMegabytes, engine: engine.peakMegabytes });
  }
}
const rows = figures.map(({ model, rows, bare, engine }) => ({
  model,
  rows,
  "bare MB": spread(bare),
  "engine MB": spread(engine),
  ratio: spread(ratios(engine, bare), 3),
}));
bench.finish([{ caption: "Peak resident megabytes (10^6 bytes), medians, least and most.", rows }], figures);
