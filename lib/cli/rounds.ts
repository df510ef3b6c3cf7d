// corrsynth rounds TASK --policy NAME --out DIR: a dataset in rounds that learn from the rows before.
import { Command, Option } from "commander";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { type RoundPolicy, type RoundRecord, roundPolicies, VectorCache } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { modelSource } from "./fetch-model.js";
import { integerFrom, jsonOption, noCacheOption, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { type ProgressDisplay, showProgress } from "./progress.js";
import { tookParts } from "./rounds-status.js";
import { readTaskFile } from "./task-file.js";
import { grouped, json, printable } from "./terminal.js";
import { loadTeacherOf } from "./with-task.js";

interface RoundsCommandOptions {
  readonly policy: RoundPolicy;
  readonly rounds?: number;
  readonly out: string;
  readonly json: boolean;
  readonly validation?: string;
  readonly embedder?: string;
  readonly cache: boolean;
  readonly progress: ProgressMode;
}

export function roundsCommand(environment: Environment, exit: (code: number) => void): Command {
  const said = Object.entries(roundPolicies).map(([name, meaning]) => `${name} is ${meaning}`);
  return new Command("rounds")
    .description(
      "synthesise in rounds that learn from the rows before: runs DIR/round-1, DIR/round-2, …, and all of them in " +
        "DIR/dataset; started again, it goes on where it was stopped",
    )
    .argument("<task>", "task file, YAML or JSON; its count is what each round adds (of agree and weights: the whole)")
    .addOption(
      new Option("--policy <name>", `what a round takes from those before: ${said.join("; ")}`)
        .choices(Object.keys(roundPolicies))
        .makeOptionMandatory(),
    )
    .requiredOption("--out <dir>", "directory to write to: new, empty, or with these rounds")
    .option("--rounds <n>", "rounds in all (default: 2, of weights 1)", integerFrom(1))
    .option("--validation <file>", "of errors: labelled human rows whose errors the rounds go by; never test rows")
    .option(
      "--embedder <model>",
      'model on whose vectors the student learns: path, hf:owner/repo/file.gguf, or "demo" (default: words)',
    )
    .addOption(noCacheOption())
    .addOption(jsonOption("what the rounds came to"))
    .addOption(progressOption("that of a round"))
    .action(async (file: string, options: RoundsCommandOptions) => {
      exit((await run(environment, file, options)) ? exitCodes.done : exitCodes.quotaNotMet);
    });
}

/** Whether the dataset has the rows that were asked for. */
async function run(environment: Environment, file: string, options: RoundsCommandOptions): Promise<boolean> {
  const { library, signal, stdout, stderr, now } = environment;
  const { policy, rounds, out, validation, progress } = options;
  const task = await readTaskFile(file);
  const write = (line: string) => stderr.write(`${printable(line)}\n`);
  let display: ProgressDisplay | undefined;
  const load = async () => {
    const { spec, warnings } = await library.checkTask(task.spec, task.device);
    for (const warning of warnings) write(`warning: ${warning}`);
    return loadTeacherOf(environment, task, spec, progress);
  };
  const embedder = options.embedder && (await modelSource(environment, options.embedder, progress));
  try {
    const made = await library.synthesizeRounds(out, load, task.spec, {
      ...{ policy, rounds, validation, signal, written: task.written },
      cache: options.cache ? VectorCache.ofEnvironment() : undefined,
      ...(embedder === undefined || embedder === "" ? {} : { embedder }),
      onWait: write,
      onRound: (round) => {
        display?.end();
        display = showProgress(progress, `round ${round.round}`, stderr, now);
        write(opening(round));
      },
      onProgress: (state) => display?.update(state),
    });
    display?.end();
    if (options.json) stdout.write(json(made));
    write(`${counted(made.labels)} in ${made.dataset}: ${byLabel(made.labels)}`);
    const isWhole = Object.values(made.missing).every((rows) => rows === 0);
    const more = `another round makes up for them (--rounds ${made.rounds.length + 1})`;
    if (!isWhole) write(`${counted(made.missing)} fewer than asked for, ${byLabel(made.missing)}: ${more}`);
    return isWhole;
  } catch (error) {
    display?.end();
    throw located(error, (other) => task.locate(other, out), validation);
  }
}

function counted(labels: Readonly<Record<string, number>>): string {
  const rows = Object.values(labels).reduce((sum, count) => sum + count, 0);
  return `${grouped(rows)} ${rows === 1 ? "row" : "rows"}`;
}

function byLabel(labels: Readonly<Record<string, number>>): string {
  const some = Object.entries(labels).filter(([, rows]) => rows > 0);
  return some.map(([label, rows]) => `${label} ${grouped(rows)}`).join(", ");
}

const optionNames = ["policy", "rounds", "validation", "embedder"];

// What is wrong with an option, or with the rows that it names, has its place already.
function located(error: unknown, locate: (error: unknown) => unknown, validation?: string): unknown {
  if (!(error instanceof InvalidConfigError)) return error;
  const isOption = ({ path }: ConfigIssue) => optionNames.some((name) => new RegExp(`^${name}\\b`).test(path));
  const isRow = ({ path }: ConfigIssue) => validation !== undefined && path.startsWith(validation);
  const own = error.issues.filter((issue) => isOption(issue) || isRow(issue));
  const ofTask = error.issues.filter((issue) => !own.includes(issue));
  const named = own.map((issue) => (isRow(issue) ? issue : { ...issue, path: `--${issue.path}` }));
  const rest = ofTask.length === 0 ? [] : (locate(new InvalidConfigError(ofTask)) as InvalidConfigError).issues;
  return new InvalidConfigError([...named, ...rest], { cause: error });
}

function opening({ round, count, seeds, contexts, dropped, figures }: RoundRecord): string {
  const wanted = count.reduce((sum, rows) => sum + rows, 0);
  const brief = (taken: RoundRecord["seeds"]) => taken && { texts: taken.texts, rows: taken.rows.length };
  const parts = tookParts({
    figures,
    examples: brief(seeds),
    contexts: brief(contexts),
    dropped: { repeat: dropped.repeat.length, policy: dropped.policy.length },
  });
  const took = parts.length === 0 ? "" : ` (${parts.join("; ")})`;
  return `Round ${round}: ${wanted === 0 ? "nothing to make" : `${grouped(wanted)} rows to make`}${took}`;
}
