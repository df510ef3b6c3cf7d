// What `evaluate` and `compare` share: their options, the way from datasets to evaluations, and the files they write.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { invalidField } from "../errors.js";
import {
  checkGoldLabels,
  comparableRows,
  type Evaluation,
  evaluate,
  metrics,
  print,
  readOnce,
  tokenize,
  tokenizerName,
} from "../evaluate/index.js";
import { versions } from "../index.js";
import { readTable, replaceFile } from "../io.js";
import type { Environment } from "./command.js";
import { type Dataset, readDataset } from "./dataset.js";
import { loadModels } from "./evaluation-models.js";
import { integerFrom, nameList, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { showStages } from "./stage-progress.js";
import { clip, counted, printable, table } from "./terminal.js";

export interface EvaluationOptions {
  readonly gold?: string;
  /** Columns; default "text" and "label". */
  readonly text?: string;
  readonly label?: string;
  readonly goldText?: string;
  readonly goldLabel?: string;
  readonly goldNames?: readonly string[];
  readonly seeds?: string;
  readonly embedder?: string;
  readonly mapEmbedder?: string;
  readonly ner: string;
  readonly matchLabels: boolean;
  readonly skipUnknownLabels: boolean;
  readonly seed: number;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function addEvaluationOptions(command: Command): Command {
  return command
    .option(
      "--gold <file>",
      "human rows that took no part in the synthesis: a file or folder of rows; half of the figures need them",
    )
    .option("--text <column>", "column of the text, where a dataset is a file", "text")
    .option("--label <column>", "column of the label, where a dataset is a file", "label")
    .option("--gold-text <column>", "column of the text in the gold file", "text")
    .option("--gold-label <column>", "column of the label in the gold file", "label")
    .option("--gold-names <a,b,c>", "names of the classes 0, 1, 2, … that gold's label column has", nameList)
    .option("--seeds <file>", "the in-context examples, to look for copies; default those of the run")
    .option("--embedder <model>", 'model for the features: path, "demo" or "none"; default the teacher of the run')
    .option("--map-embedder <model>", "model for the heat map and the 2-D map alone; default that of --embedder")
    .option("--ner <model>", 'entity recogniser: "offline", "none", or the folder of an ONNX model', "offline")
    .option("--match-labels", "compare rows drawn in the proportions of gold's labels", false)
    .option("--skip-unknown-labels", "leave out gold rows of labels that the dataset lacks", false)
    .option("--seed <n>", "seed of all that is drawn", integerFrom(0), 0)
    .option("--json", "print the figures as JSON", false)
    .addOption(progressOption());
}

/** Of a folder with several splits. */
const goldSplits = ["test", "validation", "train"];

/** A dataset with its evaluation. */
export interface Evaluated {
  readonly dataset: Dataset;
  readonly evaluation: Evaluation;
}

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
  if (options.gold === undefined && (matchLabels || skipUnknownLabels)) {
    const path = matchLabels ? "--match-labels" : "--skip-unknown-labels";
    throw invalidField(path, "Expected gold rows, which this is about: name them with --gold FILE");
  }
  const columns = { text: options.goldText, label: options.goldLabel, names: options.goldNames, splits: goldSplits };
  const gold = options.gold === undefined ? undefined : await readTable(options.gold, columns);
  const datasets: Dataset[] = [];
  for (const path of paths) datasets.push(await readDataset(path, options));
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
  const sampleSize = comparableRows(
    datasets.map(({ rows }) => rows),
    known,
    { matchLabels },
  );
  const models = await loadModels(
    environment,
    datasets.map(({ manifest }) => manifest),
    options,
  );
  try {
    const goldTexts = gold?.rows.map(({ text }) => text) ?? [];
    const readers = readOnce({ ...models, tokenizer: { name: tokenizerName, tokenize } }, goldTexts);
    const evaluated: Evaluated[] = [];
    for (const dataset of datasets) {
      const display = showStages(options.progress, dataset.name, stderr, now);
      const { seeds, ownStudent } = dataset;
      const evaluation = await evaluate(dataset.rows, {
        ...{ gold: gold?.rows, labels: [...(dataset.labels ?? []), ...labels] },
        ...{ skipUnknownLabels, seeds, ownStudent },
        ...readers,
        ...{ sampleSize, matchLabels, seed, signal, onProgress: display.update },
      }).finally(display.end);
      const cut = "1 line at the end of the gold file is half written and was left out";
      const notes = [
        ...dataset.notes,
        ...(gold?.notes ?? []),
        ...(gold !== undefined && gold.unfinished > 0 ? [cut] : []),
        ...countedNotes(evaluation),
      ];
      evaluated.push({ dataset: { ...dataset, notes }, evaluation });
    }
    return evaluated;
  } finally {
    await models.close();
  }
}

function countedNotes({ rows, gold }: Evaluation): string[] {
  const notes: [count: number, what: string, rest: string][] = [
    [rows.blank, "blank row", ""],
    [gold?.blank ?? 0, "blank gold row", ""],
    [gold?.unknownLabel ?? 0, "gold row", " of labels that the dataset lacks"],
  ];
  return notes.flatMap(([count, what, rest]) => {
    return count > 0 ? [`${counted(count, what)}${rest} ${count === 1 ? "was" : "were"} left out`] : [];
  });
}

/** Every metric in a line, every dataset and gold, if there is any, in a column. */
export function scoreTable(evaluated: readonly Evaluated[]): string {
  const { gold } = evaluated[0]!.evaluation;
  const rows = metrics.map((metric) => {
    const text = (value: number | null | undefined) =>
      value === null || value === undefined ? "-" : `${print(metric, value)}${metric.unit === "%" ? " %" : ""}`;
    const way = metric.better === null ? "" : metric.better === "lower" ? " ↓" : " ↑";
    const own = evaluated.map(({ evaluation }) => text(metric.of(evaluation).value));
    return [metric.name + way, ...own, ...(gold === null ? [] : [text(metric.gold?.(evaluated[0]!.evaluation).value)])];
  });
  const sizes = [
    "rows",
    ...evaluated.map(({ evaluation }) => String(evaluation.rows.n)),
    ...(gold === null ? [] : [String(gold.n)]),
  ];
  const names = evaluated.map(({ dataset }) => clip(printable(dataset.name), 24));
  const heads = ["", ...names, ...(gold === null ? [] : ["gold"])];
  const { n } = evaluated[0]!.evaluation.sample;
  const note = `↓ lower is better, ↑ higher. Diversity is that of ${n} rows of each set; the report has intervals and definitions.`;
  return `${table(heads, [sizes, ...rows])}\n${note}\n${reasonLines(evaluated)}`;
}

/** Why a figure is "-", each reason once for all the figures that it is true of. */
function reasonLines(evaluated: readonly Evaluated[]): string {
  const named = new Map<string, string[]>();
  for (const { dataset, evaluation } of evaluated) {
    for (const metric of metrics) {
      const { value, reason } = metric.of(evaluation);
      if (value !== null || reason === undefined) continue;
      const whose = evaluated.length > 1 ? `${printable(dataset.name)}: ` : "";
      named.set(whose + printable(reason), [...(named.get(whose + printable(reason)) ?? []), metric.name]);
    }
  }
  return [...named].map(([reason, names]) => `- ${names.join(", ")}: ${reason}\n`).join("");
}

/** What is to be said on stderr of each dataset. */
export function noteLines(evaluated: readonly Evaluated[]): string {
  return evaluated
    .flatMap(({ dataset }) => dataset.notes.map((note) => `${printable(dataset.name)}: ${printable(note)}\n`))
    .join("");
}

/**
 * Writes the report and the figures to `directory` and returns the report's path.
 * @param figures  name of the JSON file, and its content.
 */
export async function writeEvaluation(
  directory: string,
  evaluated: readonly Evaluated[],
  figures: readonly [name: string, content: unknown],
): Promise<string> {
  const { renderReport } = await import("../report/index.js"); // the chart library takes a while to load
  const named = evaluated.map(({ dataset: { name, rows, notes, facts }, evaluation }) => {
    return { name, evaluation, rows, notes, facts };
  });
  const made = `Made by corrsynth ${versions().corrsynth} on ${new Date().toISOString().slice(0, 10)}.`;
  const report = await renderReport(named, { made });
  const [name, content] = figures;
  try {
    await mkdir(directory, { recursive: true });
    await replaceFile(join(directory, name), `${JSON.stringify(content)}\n`);
    await replaceFile(join(directory, "report.html"), report);
  } catch (cause) {
    const message = `Expected a directory to write to (${(cause as Error).message})`;
    throw invalidField(directory, message, { cause });
  }
  return join(directory, "report.html");
}

/** Writes the report of several datasets and their figures to `directory`; returns the figures and the report's path. */
export async function writeComparison(directory: string, evaluated: readonly Evaluated[]) {
  const datasets = evaluated.map(({ dataset: { name }, evaluation }) => ({ name, evaluation }));
  const comparison = { format: 1, datasets };
  return { comparison, report: await writeEvaluation(directory, evaluated, ["comparison.json", comparison]) };
}
