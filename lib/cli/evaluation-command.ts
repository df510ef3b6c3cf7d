// What `evaluate` and `compare` share: their options, the way from datasets to evaluations, and the files they write.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidConfigError, invalidField } from "../errors.js";
import {
  checkGoldLabels,
  comparableRows,
  evaluate,
  readOnce,
  textsToEmbed,
  tokenize,
  tokenizerName,
  usualGoldRowsOf,
} from "../evaluate/index.js";
import { VectorCache, versions } from "../index.js";
import { readTable, replaceFile } from "../io.js";
import type { Environment } from "./command.js";
import { type Dataset, readDataset } from "./dataset.js";
import { loadModels } from "./evaluation-models.js";
import { countedNotes, embeddedNotes, missingLabels, seedsInGold } from "./evaluation-notes.js";
import type { EvaluationOptions } from "./evaluation-options.js";
import type { Evaluated } from "./score-table.js";
import { showStages } from "./stage-progress.js";
import { bytes, printable } from "./terminal.js";

/** Of a folder with several splits. */
const goldSplits = ["test", "validation", "train"];

/**
 * Reads and evaluates datasets on equal terms. Everything wrong with the files is said before a model is loaded.
 * @param check  refuses a dataset that was read.
 */
export async function evaluateDatasets(
  environment: Environment,
  paths: readonly string[],
  options: EvaluationOptions,
  check: (dataset: Dataset) => void = () => undefined,
): Promise<Evaluated[]> {
  const { signal, stderr, now } = environment;
  const { matchLabels, skipUnknownLabels, seed } = options;
  const cache = options.cache ? VectorCache.ofEnvironment() : undefined;
  const columns = {
    ...{ text: options.goldTextColumn, label: options.goldLabelColumn, names: options.goldNames },
    columnAdvice: "name other columns with --gold-text-column and --gold-label-column",
  };
  const gold =
    options.gold === undefined ? undefined : await readTable(options.gold, { ...columns, splits: goldSplits });
  const goldTrain = options.goldTrain === undefined ? undefined : await readTable(options.goldTrain, columns);
  const datasets: Dataset[] = [];
  for (const path of paths) datasets.push(await readDataset(path, options));
  checkColumns(datasets, options);
  for (const dataset of datasets) check(dataset);
  const labels = [
    ...new Set(
      datasets.flatMap(({ labels = [], rows }) => [
        ...labels.map(({ name }) => name),
        ...rows.map(({ label }) => label),
      ]),
    ),
  ];
  const known = skipUnknownLabels ? gold?.rows.filter(({ label }) => labels.includes(label)) : gold?.rows;
  if (gold !== undefined && (!skipUnknownLabels || known?.length === 0)) {
    checkGoldLabels(gold.rows, new Set(labels), options.gold);
  }
  if (goldTrain !== undefined && !skipUnknownLabels) {
    checkGoldLabels(goldTrain.rows, new Set(labels), options.goldTrain);
  }
  const gaps = [
    ...missingLabels(labels, gold?.rows, "gold"),
    ...missingLabels(labels, goldTrain?.rows, "gold to train on"),
  ];
  const comparable = comparableRows(
    datasets.map(({ rows }) => rows),
    known,
    { matchLabels },
  );
  const { sampleSize = comparable } = options;
  if (sampleSize > comparable) {
    throw invalidField("--sample-size", `Expected at most ${comparable}, which all sets have, received ${sampleSize}`);
  }
  const sizes = datasets.map(({ rows }) => rows.length);
  const { goldRows = usualGoldRowsOf(sizes, labels.length) } = options;
  const isDefault = options.embedder === undefined && datasets.some(({ manifest }) => manifest !== null);
  if (isDefault && ["auto", "bar", "plain"].includes(options.progress)) stderr.write(`${defaultFeatures}\n`);
  const models = await loadModels(
    environment,
    datasets.map(({ manifest }) => manifest),
    options,
    cache,
  );
  const display = showStages(options.progress, "", stderr, now);
  try {
    const choices = datasets.map((dataset) => ({
      ...{ gold: gold?.rows, goldTrain: goldTrain?.rows, labels: [...(dataset.labels ?? []), ...labels] },
      ...{ embedStudents: options.embedder !== undefined, seeds: dataset.seeds },
      ...{ skipUnknownLabels, sampleSize, goldRows, matchLabels, seed },
    }));
    const { embedder, mapEmbedder } = models;
    for (const one of [embedder, mapEmbedder]) {
      if (one === undefined) continue;
      const texts = datasets.flatMap(({ rows }, d) => {
        const forMaps = { labels: choices[d]!.labels, embedStudents: false, seed };
        return textsToEmbed(rows, one === embedder ? choices[d] : forMaps);
      });
      const watching = { mode: options.progress, display, stderr, now, signal };
      await one.ahead.embedAhead([...new Set(texts)], { name: one.name, ...watching });
    }
    const goldTexts = [...(gold?.rows ?? []), ...(goldTrain?.rows ?? [])].map(({ text }) => text);
    const readers = readOnce({ ...models, tokenizer: { name: tokenizerName, tokenize } }, goldTexts);
    const evaluated: Evaluated[] = [];
    for (const [d, dataset] of datasets.entries()) {
      const { seeds, ownStudent } = dataset;
      const onProgress = display.of(dataset.name).update;
      const evaluation = await evaluate(dataset.rows, { ...choices[d], ...readers, ownStudent, signal, onProgress });
      const cut = "1 line at the end of the gold file is half written and was left out";
      const notes = [
        ...dataset.notes,
        ...(gold?.notes ?? []),
        ...(goldTrain?.notes ?? []),
        ...gaps,
        ...seedsInGold(seeds, gold?.rows),
        ...(gold !== undefined && gold.unfinished > 0 ? [cut] : []),
        ...countedNotes(evaluation),
        ...embeddedNotes(evaluation),
      ];
      evaluated.push({ dataset: { ...dataset, notes }, evaluation });
    }
    return evaluated;
  } finally {
    display.end();
    if (cache?.problem !== undefined) {
      const advice = "the next call embeds these texts again; choose another folder by CORRSYNTH_VECTOR_CACHE";
      stderr.write(`${printable(`Vectors were not kept in ${cache.folder} (${cache.problem}): ${advice}`)}\n`);
    }
    await models.close();
  }
}

// A run directory has columns of its own.
function checkColumns(datasets: readonly Dataset[], { textColumn, labelColumn }: EvaluationOptions): void {
  if (datasets.some(({ directory }) => directory === undefined)) return;
  const given = { "--text-column": [textColumn, "text"], "--label-column": [labelColumn, "label"] } as const;
  const issues = Object.entries(given).flatMap(([path, [name, own]]) => {
    if (name === undefined || name === own) return [];
    return [{ path, message: "Expected a dataset that is a file: the columns of a run directory are text and label" }];
  });
  if (issues.length > 0) throw new InvalidConfigError(issues);
}

const defaultFeatures =
  "MAUVE and the maps read every row with the run's own model: --embedder none does without, --embedder MODEL takes a " +
  "smaller one, which students read, too";

/** What is to be said on stderr of each dataset. */
export function noteLines(evaluated: readonly Evaluated[]): string {
  return evaluated
    .flatMap(({ dataset }) => dataset.notes.map((note) => `${printable(dataset.name)}: ${printable(note)}\n`))
    .join("");
}

/** Where a report was written, and how large it is. */
export interface WrittenReport {
  readonly path: string;
  readonly bytes: number;
}

/** What is said of a report on stderr; of a large one, with how it becomes smaller. */
export function reportLine({ path, bytes: size }: WrittenReport): string {
  const large = size < largeReport ? "" : ` (${bytes(size)}: --report-rows makes it smaller)`;
  return `Report in ${printable(path)}${large}\n`;
}

const largeReport = 5e6; // bytes

/**
 * Writes the report and the figures to `directory`.
 * @param figures  name of the JSON file, and its content.
 */
export async function writeEvaluation(
  directory: string,
  evaluated: readonly Evaluated[],
  figures: readonly [name: string, content: unknown],
  { reportRows }: Pick<EvaluationOptions, "reportRows">,
): Promise<WrittenReport> {
  const { renderReport } = await import("../report/index.js"); // the chart library takes a while to load
  const named = evaluated.map(({ dataset: { name, rows, notes, facts, labelCheck, rejected }, evaluation }) => {
    return { name, evaluation, rows, notes, facts, labelCheck, rejected };
  });
  const made = `Made by corrsynth ${versions().corrsynth} on ${new Date().toISOString().slice(0, 10)}.`;
  const report = await renderReport(named, { made, maxRows: reportRows });
  const [name, content] = figures;
  const path = join(directory, "report.html");
  try {
    await mkdir(directory, { recursive: true });
    await replaceFile(join(directory, name), `${JSON.stringify(content)}\n`);
    await replaceFile(path, report);
  } catch (cause) {
    const message = `Expected a directory to write to (${(cause as Error).message})`;
    throw invalidField(directory, message, { cause });
  }
  return { path, bytes: Buffer.byteLength(report) };
}

/** Writes the report of several datasets and their figures to `directory`; returns the figures and the report. */
export async function writeComparison(
  directory: string,
  evaluated: readonly Evaluated[],
  options: Pick<EvaluationOptions, "reportRows">,
) {
  const datasets = evaluated.map(({ dataset: { name }, evaluation }) => ({ name, evaluation }));
  const comparison = { format: 1, datasets };
  return { comparison, report: await writeEvaluation(directory, evaluated, ["comparison.json", comparison], options) };
}
