// corrsynth run TASK --out DIR: synthesises into a run directory.
import { Command } from "commander";
import { InvalidConfigError } from "../errors.js";
import type { Report, Shard } from "../index.js";
import { describeRun, QuotaError, reasonCounts } from "../index.js";
import { RunDirectory, type SaveOptions, saveRun } from "../io.js";
import { type Environment, exitCodes } from "./command.js";
import { integerFrom, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { showProgress } from "./progress.js";
import { shardOf } from "./shard-option.js";
import { duration, grouped, printable } from "./terminal.js";
import { withTask } from "./with-task.js";

interface RunOptions {
  readonly out: string;
  readonly fresh: boolean;
  readonly progress: ProgressMode;
  readonly shard?: string;
  readonly groups?: number;
}

export function runCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("run")
    .description(
      "synthesise a dataset: DIR/data.jsonl, one instance a line; started again, it goes on where it was stopped",
    )
    .argument("<task>", "task file, YAML or JSON")
    .requiredOption("--out <dir>", "directory to write to: new, empty, or with a part of this run")
    .option(
      "--shard <i/n>",
      "make groups i, i + n, … alone, i from 0, for merge to join; auto or auto/n in a Slurm array, auto/n in a Kubernetes job",
    )
    .option(
      "--groups <n>",
      "with --shard: groups of the whole dataset, over all shards (default: as many as this shard's rows suggest)",
      integerFrom(1),
    )
    .option("--fresh", "start over: move what the directory holds to DIR/old-DATE", false)
    .addOption(progressOption())
    .action(async (file: string, options: RunOptions) => {
      await run(environment, file, options);
      exit(exitCodes.done);
    });
}

async function run(environment: Environment, file: string, options: RunOptions): Promise<void> {
  const { library, signal, stderr, now } = environment;
  const shard = options.shard === undefined ? undefined : shardOf(options.shard, process.env);
  if (options.groups !== undefined && shard === undefined) {
    throw new InvalidConfigError([{ path: "--groups", message: "Expected --shard beside it, received none" }]);
  }
  const started = new Date();
  const directory = await RunDirectory.open(options.out, options); // before the model is loaded, which may take a while
  try {
    await withTask(environment, file, options.progress, async (task, teacher) => {
      const settings = library.resolveSpec(task.spec);
      const whole = await describeRun(teacher, settings, task.written, started);
      const description = shard === undefined ? whole : { ...whole, shard };
      directory.check(description);
      const goesOn = lacksGroups(directory, shard, options.groups);
      stderr.write(opening(directory, goesOn));
      if (directory.done !== undefined && !goesOn) return;
      const display = showProgress(options.progress, "run", stderr, now);
      const start = (saving: SaveOptions) => {
        const watching = { signal, onProgress: display.update, ...saving };
        if (shard === undefined) return library.synthesize(teacher, task.spec, watching);
        return library.synthesizeShard(teacher, task.spec, { ...shard, groups: options.groups }, watching);
      };
      try {
        const report = await saveRun(directory, description, start, { signal, goesOn }).finally(display.end);
        stderr.write(summary(report, options.out));
      } catch (error) {
        if (error instanceof QuotaError) stderr.write(summary(error.report, options.out));
        throw error;
      }
    });
  } finally {
    await directory.release();
  }
}

// Whether a shard that is done has fewer groups than are asked of it now.
function lacksGroups({ checkpoint }: RunDirectory, shard: Shard | undefined, groups: number | undefined): boolean {
  if (shard === undefined || groups === undefined) return false;
  const last = checkpoint === undefined ? shard.index - shard.count : checkpoint.groups - 1;
  return last + shard.count < groups;
}

function opening({ checkpoint, done, notice, path }: RunDirectory, goesOn: boolean): string {
  const lines: string[] = [];
  if (notice !== undefined) lines.push(`warning: ${notice}`);
  if (done !== undefined && !goesOn)
    lines.push(`The run in ${path} is done: nothing is left to do; --fresh starts over`);
  else if (checkpoint !== undefined) {
    const rows = checkpoint.labels.reduce((sum, label) => sum + label.accepted, 0);
    lines.push(`Goes on with group ${checkpoint.groups}: ${grouped(rows)} rows are in ${path}`);
  }
  return lines.map((line) => `${printable(line)}\n`).join("");
}

// Of a quota that is not met, the error that follows tells which labels lack how many rows.
function summary(report: Report, out: string): string {
  const accepted = Object.values(report.labels).reduce((sum, label) => sum + label.accepted, 0);
  const pace = `${duration(report.seconds)}, ${grouped(report.tokensPerSecond)} tokens/s`;
  const lines = [`${grouped(accepted)} rows in ${out} (${pace})`];
  for (const [label, { wanted, accepted, rejected }] of Object.entries(report.labels)) {
    if (accepted >= wanted && Object.keys(rejected).length > 0)
      lines.push(`  ${label}: rejected ${reasonCounts(rejected)}`);
  }
  for (const warning of report.warnings) lines.push(`warning: ${warning}`);
  return lines.map((line) => `${printable(line)}\n`).join("");
}
