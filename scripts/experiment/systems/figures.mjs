// What the rows of a system are worth: cost, fidelity, variety, students alone and with the seeds.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { diversity, tokenize, trainStudent } from "../../../dist/evaluate/index.js";
import { readRows } from "../labels/measure.mjs";
import { rowsOfEach, systems } from "./systems.mjs";

const best = (probabilities) => probabilities.indexOf(Math.max(...probabilities));

/**
 * Figures of a system's rows, at most 300 evenly over the labels; of FewGen, whose run has twice as many, also of its first
 * rows for the tokens of each other system that is made.
 */
export async function figuresOf(name, known) {
  const { out, labels } = known;
  const cost = costOf(out, name);
  const all = rowsOf(out, name);
  if (name !== "fewgen") return { name, cost, ...(await worth(all, known)) };
  const seedsOnly = await accuracy(readRows(known.known.seeds), known);
  const tokensOfARow = cost.tokens / all.length;
  const atTokensOf = {};
  for (const other of Object.keys(systems)) {
    if (other === name || !existsSync(join(out, `${other}.cost.json`))) continue;
    const number = Math.min(all.length, Math.floor(costOf(out, other).tokens / tokensOfARow));
    atTokensOf[other] = await worth(all.slice(0, number), known);
  }
  const first = labels.flatMap((label) =>
    all.filter((row) => row.label === label).slice(0, rowsOfEach / labels.length),
  );
  return { name, cost, seedsOnly, ...(await worth(first, known)), atTokensOf };
}

/** Tokens read and written over all rounds, and the share of the rows written that the filters accepted. */
export function costOf(out, name) {
  const { rounds, processorSeconds } = JSON.parse(readFileSync(join(out, `${name}.cost.json`), "utf8"));
  const total = (field) => rounds.reduce((sum, round) => sum + round[field], 0);
  const accepted = total("accepted");
  return {
    tokens: total("promptTokens") + total("decodedTokens"),
    generated: total("generatedTokens"),
    acceptance: accepted / (accepted + total("rejected")),
    processorSeconds,
  };
}

function rowsOf(out, name) {
  const folder = systems[name].rounds === undefined ? join(out, name) : join(out, name, "dataset");
  return readRows(join(folder, "data.jsonl"));
}

async function worth(rows, { labels, gold, judge, vectorsOf, known }) {
  const texts = rows.map(({ text }) => text);
  const judged = await judge(texts);
  const seeds = readRows(known.seeds);
  const { selfBleu } = diversity(
    rows.map(({ text, label }) => ({ text, label, tokens: tokenize(text), entities: null })),
  );
  return {
    rows: rows.length,
    fidelity: rows.filter(({ label }, i) => labels[best(judged[i])] === label).length / rows.length,
    selfBleu5: selfBleu[5],
    alone: await accuracy(rows, { labels, gold, vectorsOf }),
    withSeeds: await accuracy([...rows, ...seeds], { labels, gold, vectorsOf }),
  };
}

/** Of a logistic student on embeddings, on the human test rows; a row counts by its weight, where it has one. */
export async function accuracy(rows, { labels, gold, vectorsOf }) {
  const vectors = await vectorsOf(rows.map(({ text }) => text));
  const learned = rows.map(({ label, weight }, i) => ({
    label,
    vector: vectors[i],
    ...(weight === undefined ? {} : { weight }),
  }));
  const student = trainStudent(learned, { kind: "logistic", labels });
  const probabilities = student.probabilities(await vectorsOf(gold.test.map(({ text }) => text)));
  return gold.test.filter(({ label }, i) => labels[best(probabilities[i])] === label).length / gold.test.length;
}
