// corrsynth run TASK --out DIR: synthesises into a run directory.
import { Command } from "commander";
import type { Report } from "../index.js";
import { checkRunDirectory, saveRun } from "../io/index.js";
import { QuotaError } from "../run/quota-error.js";
import { type Environment, exitCodes } from "./command.js";
import { describeRun } from "./describe-run.js";
import { progressOption } from "./options.js";
import { type ProgressMode, showProgress } from "./progress.js";
import { duration, grouped, printable } from "./terminal.js";
import { withTask } from "./with-task.js";

interface RunOptions {
  readonly out: string;
  readonly progress: ProgressMode;
}

export function runCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("run")
    .description("synthesise a dataset: DIR/data.jsonl, one instance a line, and DIR/manifest.json")
    .argument("<task>", "task file, YAML or JSON")
    .requiredOption("--out <dir>", "new or empty directory to write to")
    .addOption(progressOption())
    .action(async (file: string, options: RunOptions) => {
      await run(environment, file, options);
      exit(exitCodes.done);
    });
}

async function run(environment: Environment, file: string, options: RunOptions): Promise<void> {
  const { library, signal, stderr, now } = environment;
  await checkRunDirectory(options.out); // before the model is loaded, which may take a while
  const started = new Date();
  await withTask(environment, file, async (task, teacher) => {
    const display = showProgress(options.progress, "run", stderr, now);
    const save = async () => {
      const synthesis = library.synthesize(teacher, task.spec, {
        signal,
        onProgress: (state) => display.update(state),
      });
      const describe = () => describeRun(teacher, synthesis.spec, task.written, started);
      return await saveRun(options.out, synthesis, describe, { signal });
    };
    try {
      stderr.write(summary(await save().finally(display.end), options.out));
    } catch (error) {
      if (error instanceof QuotaError) stderr.write(summary(error.report, options.out));
      throw error;
    }
  });
}

// Of a quota that is not met, the error that follows tells which labels lack how many rows.
function summary(report: Report, out: string): string {
  const accepted = Object.values(report.labels).reduce((sum, label) => sum + label.accepted, 0);
  const pace = `${duration(report.seconds)}, ${grouped(report.tokensPerSecond)} tokens/s`;
  const lines = [`${grouped(accepted)} rows in ${out} (${pace})`];
  for (const [label, { wanted, accepted, rejected }] of Object.entries(report.labels)) {
    const reasons = Object.entries(rejected).map(([reason, count]) => `${count} ${reason}`);
    if (accepted >= wanted && reasons.length > 0) lines.push(`  ${label}: rejected ${reasons.join(", ")}`);
  }
  for (const warning of report.warnings) lines.push(`warning: ${warning}`);
  return lines.map((line) => `${printable(line)}\n`).join("");
}
