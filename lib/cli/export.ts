// corrsynth export DIR --format FORMAT --out PATH: the rows of a run as training reads them.
import { Command, InvalidArgumentError, Option } from "commander";
import { type Exported, type ExportOptions, exportFormats, exportRun, runStatus } from "../io.js";
import { type CardFigures, readCardFigures } from "./card-figures.js";
import { type Environment, exitCodes } from "./command.js";
import { also, integerFrom } from "./options.js";
import { grouped, printable, table } from "./terminal.js";

interface CommandOptions
  extends Pick<ExportOptions, "format" | "columns" | "validation" | "seed" | "seeds" | "minLabelProbability"> {
  readonly withSeeds: boolean;
  readonly out: string;
  readonly escapeFormulas: boolean;
  readonly partial: boolean;
  readonly force: boolean;
  readonly name?: string;
  readonly language?: readonly string[];
  readonly license?: string;
}

export function exportCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("export")
    .description("write a run's rows as training reads them: JSON Lines, CSV, Parquet or a Hugging Face dataset")
    .argument("<dir>", "run directory")
    .addOption(
      new Option("--format <format>", "hf is a folder with a dataset card and ClassLabel")
        .choices(Object.keys(exportFormats))
        .makeOptionMandatory(),
    )
    .requiredOption("--out <path>", 'new file, "-" for stdout; a directory with --validation, or of hf')
    .addOption(
      new Option(
        "--columns <set>",
        "text and label; with what the label check says of each label; or everything of an instance",
      )
        .choices(["basic", "soft", "all"])
        .default("basic"),
    )
    .option("--with-seeds", 'add the run\'s seeds, and a column "origin": synthetic or seed', false)
    .option("--seeds <file>", "of --with-seeds: the seeds; default those that the run names")
    .option(
      "--min-label-probability <p>",
      "leave out rows of which the run's label check gave their label a smaller probability, 0..1",
      probability,
    )
    .option("--validation <share>", "share of each label's rows that validate; near duplicates stay together", share)
    .option("--seed <n>", "seed of the split", integerFrom(0), 0)
    .option("--no-escape-formulas", "of csv, for programs: no apostrophe before texts that begin like a formula")
    .option("--partial", "take the finished rows of a run that is not whole", false)
    .option("--force", "replace a file, or a directory that holds nothing but an export", false)
    .option("--name <text>", "of hf: name on the card; default that of the directory")
    .option(
      "--language <code>",
      "of hf: language of the texts, such as en; may be repeated; default none is stated",
      also,
    )
    .option("--license <id>", "of hf: licence, such as cc-by-4.0; default none is stated")
    .action(async (directory: string, options: CommandOptions) => {
      await run(environment, directory, options);
      exit(exitCodes.done);
    });
}

function share(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError("Expected a share above 0 and below 1, such as 0.1.");
  return value;
}

function probability(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError("Expected a probability 0..1, such as 0.5.");
  return value;
}

async function run({ stdout, stderr, signal }: Environment, directory: string, options: CommandOptions): Promise<void> {
  const { out, name, language, license, ...rest } = options;
  const { figures, note } = options.format === "hf" ? await figuresOf(directory) : { figures: [] };
  const exported = await exportRun(directory, {
    ...rest,
    out: out === "-" ? (text) => stdout.write(text) : out,
    card: { name, languages: language, license, figures },
    signal,
  });
  stderr.write(summary(exported, out, note));
}

// What is wrong with the directory is for exportRun to say, together with all else.
async function figuresOf(directory: string): Promise<CardFigures> {
  const status = await runStatus(directory).catch(() => undefined);
  if (status === undefined) return { figures: [] };
  return await readCardFigures(directory, status.rows - (status.reviewed?.rejected ?? 0));
}

function summary({ rows, train, validation, labels, notes }: Exported, out: string, note: string | undefined): string {
  const where = out === "-" ? "written" : `in ${out}`;
  const parts = validation === 0 ? "" : `: ${grouped(train)} train, ${grouped(validation)} validate`;
  const lines = [`${grouped(rows)} rows ${where}${parts}`, ...notes, ...(note === undefined ? [] : [note])];
  const text = lines.map((line) => `${printable(line)}\n`).join("");
  if (validation === 0) return text;
  const cells = Object.entries(labels).map(([label, { train, validation, fraction }]) => {
    return [printable(label), grouped(train), grouped(validation), String(fraction)];
  });
  return text + table(["label", "train", "validation", "share"], cells);
}
