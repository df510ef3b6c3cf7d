// corrsynth enqueue TASK --queue URL --name NAME: puts a task into a queue, for any number of workers.
import { Command } from "commander";
import { enqueue } from "../queue/index.js";
import { type Environment, exitCodes } from "./command.js";
import { downloadOption, integerFrom, jsonOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { queueOption, queueUrl } from "./queue-options.js";
import { grouped, json, printable } from "./terminal.js";
import { withTask } from "./with-task.js";

interface Options {
  readonly queue?: string;
  readonly name: string;
  readonly json: boolean;
  readonly groupsPerJob?: number;
  readonly jobsAhead?: number;
  readonly attempts?: number;
  readonly progress: ProgressMode;
}

export function enqueueCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("enqueue")
    .description("put a task into a queue (Redis or Valkey), for any number of workers")
    .argument("<task>", "task file, YAML or JSON")
    .addOption(queueOption())
    .requiredOption("--name <name>", "name of the run: letters, digits, dots, dashes and underscores")
    .option("--groups-per-job <n>", "groups of a job (default: some thirty seconds' work)", integerFrom(1))
    .option("--jobs-ahead <n>", "jobs that may be done and not collected (default: 1000)", integerFrom(1))
    .option("--attempts <n>", "times that a job is begun before it is set aside (default: 5)", integerFrom(1))
    .addOption(jsonOption("what was added"))
    .addOption(downloadOption())
    .action(async (file: string, { queue, name, progress, json: asJson, ...sizes }: Options) => {
      const url = queueUrl(queue);
      await withTask(environment, file, progress, async ({ spec, written, teacher: source }, teacher) => {
        const found = await enqueue(teacher, spec, { queue: url, name, teacher: source, written, ...sizes });
        if (asJson) environment.stdout.write(json(found));
        const { isNew, jobs, groupsPerJob } = found;
        const what = isNew
          ? `${grouped(jobs)} jobs of ${grouped(groupsPerJob)} groups, more where rows are rejected`
          : "it was there already: nothing was added";
        const next = `corrsynth worker --name ${name} and, once: corrsynth collect ${name} --out DIR`;
        environment.stderr.write(`${printable(`${name}: ${what}`)}\nNow run, anywhere: ${next}\n`);
      });
      exit(exitCodes.done);
    });
}
