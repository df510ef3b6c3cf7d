// corrsynth run TASK --out DIR: synthesises into a run directory.
import { Command } from "commander";
import { type Instance, type OpenedRun, type Progress, QuotaError, type Report, reasonCounts } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { integerFrom, jsonOption, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { showProgress } from "./progress.js";
import { shardOf } from "./shard-option.js";
import { readTaskFile } from "./task-file.js";
import { duration, grouped, json, printable } from "./terminal.js";
import { loadTeacherOf } from "./with-task.js";

interface RunOptions {
  readonly out: string;
  readonly fresh: boolean;
  readonly json: boolean;
  readonly progress: ProgressMode;
  readonly shard?: string;
  readonly groups?: number;
  readonly show?: number;
}

export function runCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("run")
    .description(
      "synthesise a dataset: DIR/data.jsonl, one instance a line; started again, it goes on where it was stopped, " +
        "and with a larger count in the task it grows",
    )
    .argument("<task>", "task file, YAML or JSON")
    .requiredOption("--out <dir>", "directory to write to: new, empty, or with this run or a part of it")
    .option(
      "--shard <i/n>",
      "make groups i, i + n, … alone, i from 0, for merge to join; " +
        "auto or auto/n in a Slurm array, auto/n in a Kubernetes job",
    )
    .option(
      "--groups <n>",
      "with --shard: groups of the whole dataset, over all shards (default: as many as this shard's rows suggest)",
      integerFrom(1),
    )
    .option("--show <n>", "print the first n accepted rows as they come", integerFrom(1))
    .option("--fresh", "start over: move what the directory holds to DIR/old-DATE", false)
    .addOption(jsonOption("the report"))
    .addOption(progressOption())
    .action(async (file: string, options: RunOptions) => {
      await run(environment, file, options);
      exit(exitCodes.done);
    });
}

async function run(environment: Environment, file: string, options: RunOptions): Promise<void> {
  const { library, signal, stdout, stderr, now } = environment;
  const { out, fresh, groups, progress } = options;
  const shard = options.shard === undefined ? undefined : { ...shardOf(options.shard, process.env), groups };
  const task = await readTaskFile(file);
  const display = showProgress(progress, "run", stderr, now);
  let isDone = false;
  let told: readonly string[] = [];
  const load = async () => {
    const { spec, warnings } = await library.checkTask(task.spec, task.device);
    told = warnings;
    stderr.write(warningLines(told));
    return loadTeacherOf(environment, task, spec, progress);
  };
  const onOpen = (found: OpenedRun) => {
    isDone = found.isDone;
    stderr.write(opening(found));
  };
  const onWait = (reason: string) => stderr.write(`${printable(reason)}\n`);
  let left = options.show ?? 0;
  const onRows = (rows: readonly Instance[]) => {
    const shown = rows.slice(0, left);
    left -= shown.length;
    (options.json ? stderr : stdout).write(
      shown.map(({ label, text }) => `${printable(`${label}: ${text}`)}\n`).join(""),
    );
  };
  const onProgress = (progress: Progress) => {
    const news = progress.warnings.filter((warning) => isNews(warning, told));
    if (news.length > 0) {
      told = [...told, ...news];
      stderr.write(warningLines(news));
    }
    display.update(progress);
  };
  const watching = { signal, onProgress, onWait, onOpen, onRows };
  try {
    const to = { ...watching, shard, fresh, written: task.written };
    const { report } = await library.synthesizeTo(out, load, task.spec, to).finally(display.end);
    if (options.json) stdout.write(json(report));
    if (!isDone && report !== null) stderr.write(summary(report, out, told) + next(out, shard !== undefined));
  } catch (error) {
    if (error instanceof QuotaError) {
      if (options.json) stdout.write(json(error.report));
      stderr.write(summary(error.report, out, told));
    }
    throw task.locate(error, out);
  }
}

// A label is warned of once, however its counts go on.
function isNews(warning: string, told: readonly string[]): boolean {
  const kind = (text: string) => text.replace(/\d+/g, "#").replace(/, and takes most.*|, most of the others.*/, "");
  return !told.some((one) => kind(one) === kind(warning));
}

/** What people do with rows. */
function next(out: string, isShard: boolean): string {
  const advice = isShard
    ? `With all shards: corrsynth merge ${out} … --out DIR`
    : `Look at them: corrsynth review ${out}; measure them: corrsynth evaluate ${out}; use them: corrsynth export ${out} --help`;
  return `${printable(advice)}\n`;
}

function opening({ path, isDone, rows, goesOnWith, grownFrom, notice }: OpenedRun): string {
  const lines: string[] = [];
  if (notice !== undefined) lines.push(`warning: ${notice}`);
  if (grownFrom !== undefined) lines.push(`The run in ${path} grows: ${grouped(grownFrom)} rows were wanted before`);
  if (isDone) lines.push(`The run in ${path} is done: nothing is left to do; --fresh starts over`);
  else if (goesOnWith !== undefined) {
    lines.push(`Goes on with group ${goesOnWith}: ${grouped(rows)} rows are in ${path}`);
  }
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function warningLines(warnings: readonly string[]): string {
  return warnings.map((warning) => `warning: ${printable(warning)}\n`).join("");
}

// Of a quota that is not met, the error that follows tells which labels lack how many rows.
function summary(report: Report, out: string, told: readonly string[]): string {
  const accepted = Object.values(report.labels).reduce((sum, label) => sum + label.accepted, 0);
  const pace = `${duration(report.seconds)}, ${grouped(report.tokensPerSecond)} tokens/s`;
  const lines = [`${grouped(accepted)} rows in ${out} (${pace})`];
  for (const [label, { wanted, accepted, rejected, takenFor = {} }] of Object.entries(report.labels)) {
    if (accepted < wanted || Object.keys(rejected).length === 0) continue;
    const others = Object.fromEntries(Object.entries(takenFor).filter(([other]) => other !== label));
    const taken = Object.keys(others).length === 0 ? "" : `; taken for ${reasonCounts(others)}`;
    lines.push(`  ${label}: rejected ${reasonCounts(rejected)}${taken}`);
  }
  const news = report.warnings.filter((warning) => !told.includes(warning));
  return lines.map((line) => `${printable(line)}\n`).join("") + warningLines(news);
}
