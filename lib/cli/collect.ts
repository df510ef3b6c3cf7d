// corrsynth collect NAME --out DIR: gathers the rows of a queued run into a run directory as they come.
import { Command } from "commander";
import { reasonCounts } from "../index.js";
import { collect } from "../queue/index.js";
import { type Environment, exitCodes } from "./command.js";
import { jsonOption, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { showProgress } from "./progress.js";
import { queueOption, queueUrl } from "./queue-options.js";
import { duration, grouped, json, printable } from "./terminal.js";

interface Options {
  readonly queue?: string;
  readonly out: string;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function collectCommand({ stdout, stderr, signal, now }: Environment, exit: (code: number) => void): Command {
  return new Command("collect")
    .description("gather the rows of a queued run into a run directory; started again, it goes on where it was stopped")
    .argument("<name>", "name of the run")
    .addOption(queueOption())
    .requiredOption("--out <dir>", "directory to write to: new, empty, or with a part of this run")
    .addOption(jsonOption("the report"))
    .addOption(progressOption())
    .action(async (name: string, { queue, out, json: asJson, progress }: Options) => {
      const display = showProgress(progress, "collect", stderr, now);
      let last = "";
      const onTrouble = (reason: string) => {
        if (reason !== last) stderr.write(`${printable(`warning: ${reason}`)}\n`);
        last = reason;
      };
      const options = { queue: queueUrl(queue), name, out, signal, onProgress: display.update, onTrouble };
      const report = await collect(options).finally(display.end);
      if (asJson) stdout.write(json(report));
      const accepted = Object.values(report.labels).reduce((sum, label) => sum + label.accepted, 0);
      const lines = [
        `${grouped(accepted)} rows of ${grouped(report.groups)} groups in ${out} (${duration(report.seconds)})`,
      ];
      for (const [label, { rejected }] of Object.entries(report.labels)) {
        if (Object.keys(rejected).length > 0) lines.push(`  ${label}: rejected ${reasonCounts(rejected)}`);
      }
      for (const warning of report.warnings) lines.push(`warning: ${warning}`);
      stderr.write(lines.map((line) => `${printable(line)}\n`).join(""));
      exit(exitCodes.done);
    });
}
