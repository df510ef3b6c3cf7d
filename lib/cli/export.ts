// corrsynth export DIR --format FORMAT --out PATH: the rows of a run as training reads them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { invalidField } from "../errors.js";
import {
  type Exported,
  type ExportOptions,
  exportFormats,
  exportRun,
  type Pushed,
  pushFolder,
  runStatus,
} from "../io.js";
import { type CardFigures, readCardFigures } from "./card-figures.js";
import { type Environment, exitCodes } from "./command.js";
import { also, integerFrom, jsonOption } from "./options.js";
import { bytes, grouped, json, printable, table } from "./terminal.js";

interface CommandOptions
  extends Pick<ExportOptions, "format" | "columns" | "validation" | "seed" | "seeds" | "minLabelProbability"> {
  readonly withSeeds: boolean;
  readonly out?: string;
  readonly push?: string;
  readonly dryRun: boolean;
  readonly escapeFormulas: boolean;
  readonly partial: boolean;
  readonly force: boolean;
  readonly json: boolean;
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
    .option("--out <path>", 'new file, "-" for stdout; a directory with --validation, or of hf; not needed with --push')
    .option(
      "--push <uri>",
      "of hf: commit card and data to hf:owner/name, a dataset repository of the Hugging Face Hub; token: HF_TOKEN",
    )
    .option("--dry-run", "with --push: ask the hub, say what would be committed, and change nothing", false)
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
    .option(
      "--force",
      "replace a file, a directory that holds nothing but an export, or with --push the data of the repository",
      false,
    )
    .option("--name <text>", "of hf: name on the card; default that of the directory")
    .option(
      "--language <code>",
      "of hf: language of the texts, such as en; may be repeated; default none is stated",
      also,
    )
    .option("--license <id>", "of hf: licence, such as cc-by-4.0; default none is stated")
    .addOption(jsonOption("what was written"))
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

async function run(environment: Environment, directory: string, options: CommandOptions): Promise<void> {
  const { out, push } = options;
  if (out !== undefined) await write(environment, directory, options, out);
  else if (push === undefined)
    throw invalidField("--out", "Expected a path, or --push with a repository; received neither");
  else {
    const temporary = await mkdtemp(join(tmpdir(), "corrsynth-push-"));
    try {
      await write(environment, directory, options, join(temporary, push.split(/[/@]/)[1] ?? "dataset"));
    } finally {
      await rm(temporary, { recursive: true });
    }
  }
}

async function write(
  { stdout, stderr, signal }: Environment,
  directory: string,
  { name, language, license, json: asJson, push, dryRun, ...options }: CommandOptions,
  out: string,
): Promise<void> {
  const { figures, note } = options.format === "hf" ? await figuresOf(directory) : { figures: [] };
  const exported = await exportRun(directory, {
    ...options,
    out: out === "-" ? (text) => stdout.write(text) : out,
    card: { name, languages: language, license, figures },
    signal,
  });
  const where = out === "-" ? "written" : options.out === undefined ? "" : `in ${out}`;
  stderr.write(summary(exported, where, note));
  if (push === undefined) {
    if (asJson) stdout.write(json(exported));
    return;
  }
  const onWait = ({ reason, seconds }: { reason: string; seconds: number }) =>
    stderr.write(`${printable(reason)}: again in ${seconds.toFixed(1)} s\n`);
  const pushed = await pushFolder(out, push, { dryRun, force: options.force, signal, onWait });
  if (asJson) stdout.write(json({ ...exported, pushed }));
  stderr.write(pushText(pushed, dryRun));
}

function pushText({ url, isPrivate, commit, files, removed }: Pushed, dryRun: boolean): string {
  const done = commit === null ? "It has all of this already: nothing was committed" : `Committed ${commit}`;
  const lines = [
    `${url} (${isPrivate ? "private" : "public: everybody can read it"})`,
    ...files.map(({ path, bytes: size, replaces }) => `  ${replaces ? "replaces" : "adds"} ${path} (${bytes(size)})`),
    ...removed.map((path) => `  removes ${path}`),
    dryRun ? "A dry run: nothing was committed" : done,
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

// What is wrong with the directory is for exportRun to say, together with all else.
async function figuresOf(directory: string): Promise<CardFigures> {
  const status = await runStatus(directory).catch(() => undefined);
  if (status === undefined) return { figures: [] };
  return await readCardFigures(directory, status.rows - (status.reviewed?.rejected ?? 0));
}

function summary(
  { rows, train, validation, labels, notes }: Exported,
  where: string,
  note: string | undefined,
): string {
  const parts = validation === 0 ? "" : `: ${grouped(train)} train, ${grouped(validation)} validate`;
  const lines = [`${grouped(rows)} rows ${where}`.trimEnd() + parts, ...notes, ...(note === undefined ? [] : [note])];
  const text = lines.map((line) => `${printable(line)}\n`).join("");
  if (validation === 0) return text;
  const cells = Object.entries(labels).map(([label, { train, validation, fraction }]) => {
    return [printable(label), grouped(train), grouped(validation), String(Number(fraction.toFixed(3)))];
  });
  return text + table(["label", "train", "validation", "share"], cells);
}
