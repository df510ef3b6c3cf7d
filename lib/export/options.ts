// What an export can be asked for, and what can be wrong with it.

import { show, suggestion } from "../checks/nearest.js";
import type { ConfigIssue } from "../errors.js";
import { type Column, type ColumnSet, columnSets, type FileColumn, originColumn } from "./columns.js";
import type { CardOptions } from "./dataset-card.js";
import { splitIssues } from "./split.js";

/** The formats, each with the extension of its files. */
export const exportFormats = { jsonl: "jsonl", csv: "csv", parquet: "parquet", hf: "parquet" } as const;

/** "hf" is the folder of a Hugging Face dataset; the others are plain files. */
export type ExportFormat = keyof typeof exportFormats;

/** What is exported, where to, and how. */
export interface ExportOptions {
  readonly format: ExportFormat;
  /**
   * Path of the file; of a directory with `validation`, which then holds train and validation, or with format "hf". Or,
   * of jsonl and csv without `validation`, a function that takes the text piece by piece.
   */
  readonly out: string | ((text: string) => void | Promise<void>);
  /**
   * "basic" (default): text and label. "soft": these, `labelProbability` and `labelProbabilities`. "all": everything of an
   * instance. In JSON Lines the probabilities are an object by label, in CSV and Parquet that object as JSON, and of hf a
   * list in the order of the classes.
   */
  readonly columns?: ColumnSet | undefined;
  /**
   * Adds the run's labelled seeds behind its rows, and to all rows a column `origin`: "synthetic" or "seed"; default
   * false.
   */
  readonly withSeeds?: boolean | undefined;
  /** File of the seeds, for `withSeeds`; default the one that the run's manifest names. */
  readonly seeds?: string | undefined;
  /**
   * Leaves out rows of which the label check of the run gave their label a smaller probability, 0..1; default none. Seeds
   * stay.
   */
  readonly minLabelProbability?: number | undefined;
  /** Share of the rows of each label that validate, above 0 and below 1; default no split. See `splitRows`. */
  readonly validation?: number | undefined;
  /** Seed of the split: integer 0..2^53 − 1, default 0. */
  readonly seed?: number | undefined;
  /**
   * Of csv: puts an apostrophe before texts, but for labels, that a spreadsheet may take for formulas (see
   * `escapeFormula`); default true.
   */
  readonly escapeFormulas?: boolean | undefined;
  /** Exports the finished rows of a run that is not whole, too; default false. */
  readonly partial?: boolean | undefined;
  /** Replaces a file, or a directory that holds nothing but an export; default false. */
  readonly force?: boolean | undefined;
  /** Of hf: what the card says. */
  readonly card?: CardOptions | undefined;
  /** Stops the export; what was at `out` stays. */
  readonly signal?: AbortSignal | undefined;
}

/** What is wrong with the options themselves, each by its name. */
export function optionIssues(options: ExportOptions): ConfigIssue[] {
  const { format, out, columns = "basic", validation, seed, card, minLabelProbability: least, withSeeds } = options;
  const issues: ConfigIssue[] = [];
  const add = (path: string, message: string) => issues.push({ path, message });
  const formats = Object.keys(exportFormats);
  if (!formats.includes(format)) add("format", `Unknown format ${show(format)}${suggestion(String(format), formats)}`);
  if (!Object.hasOwn(columnSets, columns)) {
    add("columns", `Expected "basic", "soft" or "all", received ${show(columns)}`);
  }
  if (least !== undefined && !(least >= 0 && least <= 1)) {
    add("minLabelProbability", `Expected a probability 0..1, received ${show(least)}`);
  }
  if (options.seeds !== undefined && withSeeds !== true) {
    add("seeds", "Expected withSeeds beside it (--with-seeds), which adds the seeds: add it, or leave this out");
  }
  issues.push(...splitIssues({ validation: validation ?? 0.5, seed }));
  if (typeof out === "function" && (format === "parquet" || format === "hf")) {
    add("out", `Expected a path for ${format}, received a stream: only jsonl and csv can be streamed`);
  }
  if (typeof out === "function" && validation !== undefined) {
    add("out", "Expected a path of a directory for train and validation, received a stream");
  }
  if (out === "") add("out", "Expected a path, received an empty text");
  const { languages = [], license } = card ?? {};
  for (const language of languages) {
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language)) {
      add("language", `Expected a language code such as "en", received ${show(language)}`);
    }
  }
  if (license !== undefined && !/^[a-z0-9][a-z0-9.-]*$/.test(license)) {
    add("license", `Expected a licence identifier such as "cc-by-4.0", received ${show(license)}`);
  }
  return issues;
}

/** The columns of an export, but for what a Hugging Face dataset has by class. */
export function mixColumns({ columns = "basic", withSeeds = false }: ExportOptions): readonly Column[] {
  return withSeeds ? [...columnSets[columns], originColumn] : columnSets[columns];
}

/**
 * The columns of the files; of a Hugging Face dataset the label is the index of its class, and the probabilities are in the
 * order of the classes.
 */
export function fileColumns(options: ExportOptions): readonly FileColumn[] {
  const columns = mixColumns(options);
  if (options.format !== "hf") return columns;
  return columns.map((column): FileColumn => {
    if (column.name === "label") return { name: "label", kind: "class" };
    return column.kind === "probabilities" ? { ...column, kind: "numbers" } : column;
  });
}
