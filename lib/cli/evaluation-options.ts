// The options that `evaluate` and `compare` share.
import type { Command } from "commander";
import { integerFrom, nameList, noCacheOption, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";

export interface EvaluationOptions {
  readonly gold?: string;
  readonly goldTrain?: string;
  /** Columns; default "text" and "label". */
  readonly textColumn?: string;
  readonly labelColumn?: string;
  readonly goldTextColumn?: string;
  readonly goldLabelColumn?: string;
  readonly goldNames?: readonly string[];
  readonly seeds?: string;
  readonly embedder?: string;
  readonly mapEmbedder?: string;
  readonly ner: string;
  /** Rows compared, and of gold for students of vectors; default by the sets. */
  readonly sampleSize?: number;
  readonly goldRows?: number;
  /** Of vectors. */
  readonly cache: boolean;
  readonly matchLabels: boolean;
  readonly skipUnknownLabels: boolean;
  readonly seed: number;
  readonly reportRows: number;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function addEvaluationOptions(command: Command): Command {
  return command
    .option(
      "--gold <file>",
      "human rows that took no part in the synthesis: a file or folder of rows; half of the figures need them",
    )
    .option(
      "--gold-train <file>",
      "human rows beside them to train students on: what as many human rows would give, and who judges the labels",
    )
    .option("--text-column <column>", "column of the text, where a dataset is a file", "text")
    .option("--label-column <column>", "column of the label, where a dataset is a file", "label")
    .option("--gold-text-column <column>", "column of the text in the gold files", "text")
    .option("--gold-label-column <column>", "column of the label in the gold files", "label")
    .option("--gold-names <a,b,c>", "names of the classes 0, 1, 2, … that gold's label column has", nameList)
    .option(
      "--seeds <file>",
      "the in-context examples, for copies of them and students of them; default those of the run",
    )
    .option(
      "--embedder <model>",
      'model for MAUVE, the maps and logistic students: path, "demo" or "none"; default, but for students, the teacher of the run',
    )
    .option("--map-embedder <model>", "model for the heat map and the 2-D map alone; default that of --embedder")
    .option("--ner <model>", 'entity recogniser: "offline", "none", or the folder of an ONNX model', "offline")
    .option(
      "--sample-size <n>",
      "rows of each dataset and of gold that are compared and MAUVE reads; default as many as the smallest has",
      integerFrom(1),
    )
    .option(
      "--gold-rows <n>",
      "gold rows that are embedded to test students on, and to train them on; default 2000, or as many as the largest dataset has, up to 5000",
      integerFrom(1),
    )
    .addOption(noCacheOption())
    .option("--match-labels", "compare rows drawn in the proportions of gold's labels", false)
    .option("--skip-unknown-labels", "leave out rows of gold of labels that the dataset lacks", false)
    .option("--seed <n>", "seed of all that is drawn", integerFrom(0), 0)
    .option(
      "--report-rows <n>",
      "most rows that the report holds, and most rejected ones; it says how many there are",
      integerFrom(0),
      10_000,
    )
    .option("--json", "print the figures as JSON", false)
    .addOption(progressOption());
}
