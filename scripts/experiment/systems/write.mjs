// docs/results/systems.md and systems.json, from the figures of all systems that were made.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRows } from "../labels/measure.mjs";
import { teachers } from "../labels/plan.mjs";
import { markdown, rounded } from "../markdown.mjs";
import { systems } from "./systems.mjs";

const percent = (value) => (100 * value).toFixed(1);
const heads = [
  "system",
  "tokens",
  "accepted",
  "rows",
  "fidelity",
  "Self-BLEU-5",
  "alone",
  "with seeds",
  "FewGen at its tokens: rows",
  "alone",
  "with seeds",
];

export function write(out, docs, teacher) {
  const read = (name) => JSON.parse(readFileSync(join(out, `${name}.figures.json`), "utf8"));
  const made = Object.keys(systems).filter((name) => existsSync(join(out, `${name}.figures.json`)));
  const figures = Object.fromEntries(made.map((name) => [name, read(name)]));
  const lines = made.map((name) => {
    const { cost, rows, fidelity, selfBleu5, alone, withSeeds } = figures[name];
    const same = figures.fewgen?.atTokensOf[name];
    return [
      systems[name].title,
      cost.tokens,
      percent(cost.acceptance),
      rows,
      percent(fidelity),
      percent(selfBleu5),
      percent(alone),
      percent(withSeeds),
      ...(same === undefined ? ["–", "–", "–"] : [same.rows, percent(same.alone), percent(same.withSeeds)]),
    ];
  });
  const page = `# The systems of the paper's table, with a real teacher

Written by \`node scripts/experiment/systems/run.mjs\`; all figures are in \`docs/results/systems.json\`. **One run of each, one seed: a look, which shows that
each runs and what it costs, not that one is better.**

AG News, ${teachers[teacher]}, raw prompts, three shots (AttrPrompt none, SynthesizRR two), 200 seeds, 300 rows, top-p 0.9, T 1. Contexts are found by BM25 among
the training texts outside seeds, validation rows and test; the attributes were proposed by Qwen2.5-Coder-0.5B. *Tokens*: of
all prompts, also where they were decoded once for several rows, and of all texts, in all rounds. *Accepted*: by the run's own filters. *Fidelity*: share that a logistic student on MiniLM embeddings of 4,000 human rows gives their
label. *Alone*, *with seeds*: accuracy on 3,000 human test rows of a logistic student on MiniLM embeddings. At its tokens: the first rows of a
run of FewGen, as many as the system's tokens bring. The 200 seeds alone: ${percent(figures.fewgen.seedsOnly)}.

${markdown(heads, lines)}

## Rows

The last two of each label, which are of the last round.

${made.map((name) => `### ${systems[name].title}\n\n\`\`\`text\n${lastRows(out, name)}\n\`\`\``).join("\n\n")}
`;
  writeFileSync(join(docs, "systems.md"), page);
  writeFileSync(join(docs, "systems.json"), `${JSON.stringify({ teacher: teachers[teacher], figures }, rounded, 1)}\n`);
}

/** Two rows of each label, each on one line, without what would end a fenced block. */
function lastRows(out, name) {
  const folder = systems[name].rounds === undefined ? join(out, name) : join(out, name, "dataset");
  const rows = readRows(join(folder, "data.jsonl"));
  const labels = [...new Set(rows.map(({ label }) => label))].sort();
  return labels
    .flatMap((label) => rows.filter((row) => row.label === label).slice(-2))
    .map(({ label, text }) => `${label}: ${text.replace(/\s+/g, " ").replaceAll("```", "'''")}`)
    .join("\n");
}
