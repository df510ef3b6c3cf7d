// corrsynth worker --queue URL: loads the teacher once and makes groups until the dataset is whole.
import { Command } from "commander";
import type { DeviceOptions } from "../index.js";
import { queuedRun, type WorkEvent, work } from "../queue/index.js";
import { type Environment, exitCodes } from "./command.js";
import { modelSource } from "./fetch-model.js";
import { downloadOption, integerFrom, jsonOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { onlyRun, queueOption, queueUrl } from "./queue-options.js";
import { duration, grouped, json, type Output, printable } from "./terminal.js";

interface Options {
  readonly queue?: string;
  readonly name?: string;
  readonly teacher?: string;
  readonly second?: string;
  readonly embedder?: string;
  readonly gpu?: string;
  readonly replicate: boolean;
  readonly lockSeconds?: number;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function workerCommand(environment: Environment, exit: (code: number) => void): Command {
  const { library, signal, stdout, stderr } = environment;
  return new Command("worker")
    .description("work on a queued run until it is done; one process for each GPU, or several on CPUs")
    .addOption(queueOption())
    .option("--name <name>", "the run (default: the only one in the queue)")
    .option("--teacher <source>", "where the model is on this machine (default: as the task has it)")
    .option("--second <source>", "where the amateur or guide is on this machine (default: as the task has it)")
    .option("--embedder <source>", "where the embedder of the label check is (default: as the task has it)")
    .option("--gpu <kind>", "auto, cpu, cuda, … as device.gpu of a task (default: auto)")
    .option("--replicate", "serve all GPUs by this one process, each with a copy of the model", false)
    .option("--lock-seconds <n>", "seconds without a sign after which others take a job (default: 60)", integerFrom(2))
    .option("--quiet", "say only what goes wrong; of a download nothing", false)
    .addOption(jsonOption("what was made here"))
    .addOption(downloadOption())
    .action(async (options: Options) => {
      const queue = queueUrl(options.queue);
      const name = options.name ?? (await onlyRun(queue));
      // where the teacher's place is stated, the queue is asked by `work` alone, which then fetches without a display
      const run = options.teacher === undefined ? await queuedRun({ queue, name }) : { teacher: options.teacher };
      const device = {
        ...(options.gpu === undefined ? {} : { gpu: options.gpu }),
        ...(options.replicate ? { splitMode: "replicate" } : {}),
      } as DeviceOptions;
      const mode = options.quiet ? "none" : options.progress;
      const here = (source: string) => modelSource(environment, source, mode);
      const { second, embedder } = { ...run, ...options };
      const places = {
        second: second && (await here(second)),
        embedder: embedder && (await here(embedder)),
      };
      const teacher = await library.loadTeacher(await here(run.teacher), device);
      try {
        const onEvent = (event: WorkEvent) => say(event, stderr, options.quiet);
        const { lockSeconds } = options;
        const { jobs, rows } = await work(teacher, { ...places, queue, name, signal, onEvent, lockSeconds });
        if (options.json) stdout.write(json({ name, jobs, rows }));
        stderr.write(`${printable(name)} is done: ${grouped(rows)} rows of ${grouped(jobs)} jobs were made here\n`);
      } finally {
        await teacher.close();
      }
      exit(exitCodes.done);
    });
}

function say(event: WorkEvent, stderr: Output, isQuiet: boolean): void {
  const text = (() => {
    switch (event.type) {
      case "job":
        return isQuiet ? undefined : `${groupsOf(event)}: ${grouped(event.rows)} rows in ${duration(event.seconds)}`;
      case "failed":
        return `warning: the job of group ${event.first} failed: ${event.reason}`;
      case "trouble":
        return `warning: the queue: ${event.reason}; trying again`;
      case "warning":
        return `warning: ${event.text}`;
    }
  })();
  if (text !== undefined) stderr.write(`${printable(text)}\n`);
}

function groupsOf({ first, count }: { readonly first: number; readonly count: number }): string {
  return count === 1 ? `group ${first}` : `groups ${first} to ${first + count - 1}`;
}
