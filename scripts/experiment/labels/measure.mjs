// What the rows of a run are worth: fidelity, what each check leaves of them, and students on equally many rows.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { trainStudent } from "../../../dist/evaluate/index.js";
import { directoryOf, seedsOf } from "./generate.mjs";
import { rowsCompared, tasks } from "./plan.mjs";

export function readRows(file) {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const textsOf = (rows) => rows.map(({ text }) => text);
const best = (probabilities) => probabilities.indexOf(Math.max(...probabilities));

/** Human rows of a task: what students are tested on, and what the judge of fidelity learns from. */
export function goldOf(name, gold, most = { train: 4000, test: 3000 }) {
  const { set, labels } = tasks[name];
  const read = (part) => readRows(join(gold, `${set}-${part}.jsonl`)).filter(({ label }) => label in labels);
  return { train: spread(read("train"), most.train), test: spread(read("test"), most.test) };
}

/** Of a list so many at most, from all of it: files may be in the order of their labels. */
export function spread(rows, most) {
  const share = Math.min(1, most / rows.length);
  return rows.filter((_, i) => Math.floor((i + 1) * share) > Math.floor(i * share));
}

/** A logistic student on embeddings that says which label it takes a text for. */
export async function logisticOn(rows, labels, vectorsOf) {
  const vectors = await vectorsOf(textsOf(rows));
  const student = trainStudent(
    rows.map(({ label }, i) => ({ label, vector: vectors[i] })),
    { kind: "logistic", labels },
  );
  return async (texts) => student.probabilities(await vectorsOf(texts));
}

/** A proxy student of texts, likewise. */
export function proxyOn(rows, labels) {
  const student = trainStudent(rows, { kind: "proxy", labels });
  return async (texts) => student.probabilities(texts);
}

/** Share of rows whose label a student gives them. */
async function agreement(probabilitiesOf, rows, labels) {
  const probabilities = await probabilitiesOf(textsOf(rows));
  return rows.filter(({ label }, i) => labels[best(probabilities[i])] === label).length / rows.length;
}

async function students(rows, { test, labels, vectorsOf }) {
  return {
    logistic: await agreement(await logisticOn(rows, labels, vectorsOf), test, labels),
    proxy: await agreement(proxyOn(rows, labels), test, labels),
  };
}

/** The first rows of each label, equally many. */
function evenly(rows, labels, number = rowsCompared) {
  const ofEach = Math.floor(number / labels.length);
  return labels.flatMap((label) => rows.filter((row) => row.label === label).slice(0, ofEach));
}

/** Rows that the engine wrote, over those that the run's own filters accepted. */
function filtersAccepted(directory) {
  let accepted = 0;
  let rejected = 0;
  for (const { labels = [] } of readRows(join(directory, "journal.jsonl"))) {
    for (const count of labels) {
      accepted += count.accepted + count.surplus;
      rejected += Object.values(count.rejected).reduce((sum, n) => sum + n, 0);
    }
  }
  return accepted / (accepted + rejected);
}

/**
 * All figures of one run; what was measured before is read, a check that is new is added.
 * @param checks  { name: (rows) => for each row the name of the label that the check takes it for }
 */
export async function measure(one, { out, gold, vectorsOf, judges }, checks) {
  const directory = directoryOf({ out, ...one });
  const file = join(directory, "..", `seed-${one.seed}.figures.json`);
  const labels = Object.keys(tasks[one.task].labels);
  const { test } = goldOf(one.task, gold);
  const seeds = readRows(seedsOf(one.task, one.seed, { out, gold }));
  const rows = readRows(join(directory, "data.jsonl"));
  const known = { test, labels, vectorsOf };
  const figures = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { ...one, filters: filtersAccepted(directory), seedsOnly: await students(seeds, known), byCheck: {} };
  for (const [name, taken] of Object.entries({ none: (all) => all.map(({ label }) => label), ...checks })) {
    if (name in figures.byCheck) continue;
    const takenFor = await taken(rows);
    const kept = rows.filter(({ label }, i) => takenFor[i] === label);
    const compared = evenly(kept, labels);
    figures.byCheck[name] = {
      acceptance: kept.length / rows.length,
      rows: compared.length,
      fidelity: await agreement(judges[one.task], compared, labels),
      alone: await students(compared, known),
      withSeeds: await students([...compared, ...seeds], known),
    };
    writeFileSync(file, JSON.stringify(figures));
  }
  return figures;
}
