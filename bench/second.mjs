// What a second matrix of logits costs: a second model's, or those of early layers.
import { build } from "./build.mjs";
import { decode } from "./contenders.mjs";
import { begin, numbers } from "./harness.mjs";
import { ratios, spread } from "./statistics.mjs";

const bench = begin({
  name: "second",
  title: "A second matrix of logits",
  text: `What do a second model and early layers add to a step? Qwen2.5-Coder with a vocabulary of about 150,000 tokens: 1.5B
with 0.5B as its amateur (γ 1.5, δ 1), and 0.5B against its own early layers (\`dola\`), each beside the engine without any contrast
("FewGen"); α is 0.1. "Bare" is llama_decode of the second model's rows in a loop that draws nothing, and the second model's step is what the
engine's step takes with it beyond FewGen's, the larger draw included. Times are processor time of a step of all rows, which other
programs on the machine change less than the clock's; contenders take turns in one process. "Bound" is the step that DoLa would have if its layers cost what
their products with the output matrix have more of multiplications than FewGen's step. The share of the draws is of the clock's time.`,
  goal: `bare over the second model's step at least 0.9; DoLa with one layer at most 1.15 of FewGen's step; draws at most 3 % of a step
of 32 rows with a second matrix`,
  rounds: 2,
  threads: 1,
  options: {
    rows: { default: "8", help: "rows of the group with a second model" },
    layers: { default: "8,32", help: "rows of the group with early layers" },
    steps: { default: "3", help: "steps a round, of which those count in which all rows run" },
    prompt: { default: "16", help: "tokens of a prompt" },
  },
});
build();
const [promptTokens] = numbers("prompt", bench.values.prompt);
const [steps] = numbers("steps", bench.values.steps);
const rows = numbers("rows", bench.values.rows);
const layerRows = numbers("layers", bench.values.layers);
const [large, small] = [bench.model("qwen-1.5b"), bench.model("qwen-0.5b")];
const shape = { promptTokens, steps, threads: bench.threads, rounds: bench.rounds };
const ms = ({ processorMs }) => spread(processorMs, 0);
const share = ({ samplerShare }) => `${(100 * samplerShare).toFixed(1)} %`;

/** Share of the multiplications of 0.5B (494 M parameters) that the output matrix has: 151,936 tokens, 896 wide. */
const outputShare = (151_936 * 896) / 494_032_768;

const figures = { amateur: [], dola: [] };
function amateur(groupRows) {
  const figure = decode("fewgen,amateur,second", { ...shape, model: large, second: small, groupRows });
  figures.amateur.push(figure);
  const added = figure.amateur.processorMs.map((time, i) => time - figure.fewgen.processorMs[i]);
  return {
    rows: groupRows,
    "FewGen ms/step": ms(figure.fewgen),
    "with the amateur": ms(figure.amateur),
    "its step": spread(added, 0),
    "bare 0.5B": ms(figure.second),
    "bare over its step": spread(ratios(figure.second.processorMs, added), 2),
    "share of the draws": share(figure.amateur),
  };
}

function dola(groupRows, layers) {
  const figure = decode("fewgen,dola", { ...shape, model: small, layers, groupRows });
  figures.dola.push({ layers, ...figure });
  return {
    rows: groupRows,
    layers: layers.join(", "),
    "FewGen ms/step": ms(figure.fewgen),
    "DoLa ms/step": ms(figure.dola),
    "DoLa over FewGen": spread(ratios(figure.dola.processorMs, figure.fewgen.processorMs), 2),
    bound: (1 + layers.length * outputShare).toFixed(2),
    "share of the draws": share(figure.dola),
  };
}

const tables = [
  { caption: "Qwen2.5-Coder 1.5B with 0.5B as its amateur; medians, least and most.", rows: rows.map(amateur) },
  {
    caption: "Qwen2.5-Coder 0.5B against its own layers.",
    rows: layerRows.map((n) => dola(n, [12])),
  },
];
bench.finish(tables, figures);
