// corrsynth seeds FILE… --out seeds.jsonl: a few rows of each label from the files that people have, and the labels for the
// task.
import { existsSync } from "node:fs";
import { Command } from "commander";
import { stringify } from "yaml";
import { invalidField } from "../errors.js";
import { type DrawnSeeds, drawSeeds, readTable, replaceFile } from "../io.js";
import { type Environment, exitCodes } from "./command.js";
import { also, columnAdvice, integerFrom, jsonOption, nameList } from "./options.js";
import { counted, grouped, json, printable } from "./terminal.js";
import { verbalize } from "./verbalize.js";

interface SeedsOptions {
  readonly textColumn: string;
  readonly labelColumn: string;
  readonly names?: readonly string[];
  readonly perLabel: number;
  readonly seed: number;
  readonly exclude?: readonly string[];
  readonly clean: boolean;
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}

export function seedsCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("seeds")
    .description("draw seeds from labelled rows: as many of each label, none twice, none that a test set has")
    .argument("<files...>", "CSV, TSV, JSON Lines, a JSON list, Parquet, each also as .gz; a Hugging Face folder")
    .option("--text-column <column>", "column of the text", "text")
    .option("--label-column <column>", "column of the label", "label")
    .option("--names <a,b,c>", "names of the classes 0, 1, 2, … that the label column has", nameList)
    .option("--per-label <n>", "most seeds of a label", integerFrom(1), 50)
    .option("--seed <n>", "seed of the draw", integerFrom(0), 0)
    .option("--exclude <file>", "no seed repeats a row of this file, exactly or nearly; may be repeated", also)
    .option("--clean", "take HTML tags and entities off", false)
    .option("--out <file>", "JSON Lines file to write", "seeds.jsonl")
    .option("--force", "overwrite it where it exists", false)
    .addOption(jsonOption("what was drawn and left out"))
    .action(async (files: readonly string[], options: SeedsOptions) => {
      await seeds(environment, files, options);
      exit(exitCodes.done);
    });
}

async function seeds({ stdout, stderr }: Environment, files: readonly string[], options: SeedsOptions): Promise<void> {
  const { textColumn: text, labelColumn: label, out, force } = options;
  if (!force && existsSync(out)) {
    const message =
      "Expected to write a new file, but there is one: name another with --out, or overwrite it with --force";
    throw invalidField(out, message);
  }
  const tables = [];
  for (const file of files) tables.push(await readTable(file, { text, label, names: options.names, columnAdvice }));
  const excluded = await readExcluded(options.exclude, text);
  const names = [...new Set(tables.flatMap((table) => table.names ?? []))];
  const drawn = drawSeeds(
    tables.flatMap(({ rows }) => rows),
    {
      ...{ perLabel: options.perLabel, seed: options.seed, clean: options.clean, names },
      exclude: excluded.texts,
    },
  );
  if (drawn.seeds.length === 0) throw invalidField(files[0]!, noneDrawn(drawn, options.exclude));
  await replaceFile(out, drawn.seeds.map((seed) => `${JSON.stringify(seed)}\n`).join("")).catch((cause: Error) => {
    throw invalidField(out, `Cannot write here (${cause.message})`, { cause });
  });
  const notes = [...tables.flatMap((table) => table.notes), ...excluded.notes];
  const { seeds: rows, labels, ...rest } = drawn;
  const figures = { out, seeds: rows.length, labels: Object.fromEntries(labels), ...rest };
  stdout.write(options.json ? json(figures) : taskLines(drawn, out));
  stderr.write([...notes, ...drawSummary(drawn, options)].map((line) => `${printable(line)}\n`).join(""));
}

/** The texts that no seed may repeat, of test sets. */
export async function readExcluded(
  files: readonly string[] = [],
  text: string,
): Promise<{ readonly texts: readonly string[]; readonly notes: readonly string[] }> {
  const splits = ["test", "validation", "train"];
  const tables = [];
  for (const file of files) tables.push(await readTable(file, { text, label: null, splits, columnAdvice }));
  return {
    texts: tables.flatMap(({ rows }) => rows.map((row) => row.text)),
    notes: tables.flatMap(({ notes }) => notes),
  };
}

/** How many rows are no seeds, and why; empty where none was left out. */
function leftOutWords(leftOut: DrawnSeeds["leftOut"]): string {
  const reasons = [
    [leftOut.blank, "blank"],
    [leftOut.contradicting, "under two labels"],
    [leftOut.duplicates, "repeated"],
    [leftOut.nearDuplicates, "nearly repeated"],
    [leftOut.excluded, "like a row to exclude"],
  ] as const;
  return reasons
    .filter(([count]) => count > 0)
    .map(([count, reason]) => `${grouped(count)} ${reason}`)
    .join(", ");
}

/** What to say where no row can be `what`: why, and what to do about rows that are like those of a file to exclude. */
export function noneDrawn({ leftOut }: DrawnSeeds, exclude: readonly string[] = [], what = "a seed"): string {
  const told = leftOutWords(leftOut);
  const message = `Expected a row that can be ${what}, but all were left out${told === "" ? "" : `: ${told}`}`;
  if (leftOut.excluded === 0) return message;
  return `${message}. Give rows that ${exclude.join(", ")} has not, or leave --exclude out`;
}

/** What goes into the task file. */
function taskLines({ labels }: DrawnSeeds, out: string): string {
  const names = [...labels].filter(([, { drawn }]) => drawn > 0).map(([name]) => name);
  const block = new Map(verbalize(names));
  return stringify({ labels: block, seeds: out }, { lineWidth: 0 });
}

/** What the draw came to, for people. */
export function drawSummary(
  { seeds, labels, leftOut, html }: DrawnSeeds,
  { out, perLabel, clean }: Pick<SeedsOptions, "out" | "perLabel" | "clean">,
): string[] {
  const drawn = [...labels].filter(([, label]) => label.drawn > 0);
  const lines = [`${counted(seeds.length, "seed")} of ${counted(drawn.length, "label")} in ${out}`];
  const told = leftOutWords(leftOut);
  if (told !== "") lines.push(`Left out: ${told}`);
  const few = [...labels].filter(([, label]) => label.drawn < perLabel);
  const shown = few.slice(0, 5).map(([name, label]) => `${JSON.stringify(name)} ${label.drawn}`);
  if (few.length > 5) shown.push(`and ${few.length - 5} more`);
  if (few.length > 0) lines.push(`Fewer than ${perLabel} of ${counted(few.length, "label")}: ${shown.join(", ")}`);
  if (html > 0 && clean) lines.push(`HTML was taken off ${counted(html, "seed")}`);
  if (html > 0 && !clean) lines.push(`${counted(html, "seed")} with HTML (tags or entities): --clean takes it off`);
  return lines;
}
