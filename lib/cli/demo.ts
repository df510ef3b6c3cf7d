// corrsynth demo: the whole path, from rows to a report, on the teacher that ships with the package.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { fewgen, fewgenMatched, hybrid, type Method, type Teacher } from "../index.js";
import { checkRunDirectory, readRun } from "../io.js";
import { type Environment, exitCodes } from "./command.js";
import { type DemoRun, sample, scores } from "./demo-report.js";
import { demoTask } from "./demo-task.js";
import { evaluateDatasets, writeComparison } from "./evaluation-command.js";
import type { EvaluationOptions } from "./evaluation-options.js";
import { integerFrom, jsonOption, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { showProgress } from "./progress.js";
import { json, printable } from "./terminal.js";

interface DemoOptions {
  readonly out?: string;
  readonly count: number;
  readonly seed: number;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

const coupled = hybrid({ repeat: 2, intra: 0.5, cross: 0.1 });
const methods: readonly Method[] = [coupled, fewgen({ repeat: 2 }), fewgenMatched({ match: coupled })];

export function demoCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("demo")
    .description("synthesise a small dataset three ways with the built-in teacher, and compare them in a report")
    .option("--out <dir>", "where the datasets and the report go; default a new temporary directory")
    .option("--count <n>", "rows of each dataset, over 8 labels", integerFrom(1), 200)
    .option("--seed <n>", "seed of everything drawn", integerFrom(0), 7)
    .addOption(jsonOption("the comparison"))
    .addOption(progressOption())
    .action(async (options: DemoOptions) => {
      await demo(environment, options);
      exit(exitCodes.done);
    });
}

async function demo(environment: Environment, options: DemoOptions): Promise<void> {
  const { library, stdout, stderr } = environment;
  if (options.out !== undefined) await checkRunDirectory(options.out);
  const directory = options.out ?? (await mkdtemp(join(tmpdir(), "corrsynth-demo-")));
  const runs: DemoRun[] = [];
  const teacher = await library.loadTeacher("demo");
  try {
    for (const method of methods) {
      const run = await synthesizeWith(environment, teacher, method, options, directory);
      runs.push(run);
      for (const warning of run.warnings) stderr.write(`${run.name}: warning: ${printable(warning)}\n`);
    }
  } finally {
    await teacher.close();
  }
  if (!options.json) stdout.write(`${sample(runs[0]!, stdout.columns)}\n${scores(runs)}`);
  const { comparison, report } = await compared(environment, options, directory);
  if (options.json) stdout.write(json(comparison));
  (options.json ? stderr : stdout).write(`\nReport in ${printable(report.path)}\n`);
}

// Without gold, which is not shipped, and without entities, which take longer to find than all the rest to compute.
async function compared(environment: Environment, options: DemoOptions, directory: string) {
  const settings: EvaluationOptions = {
    ...{
      ner: "none",
      matchLabels: false,
      skipUnknownLabels: false,
      seed: 0,
      reportRows: 10_000,
      json: false,
      cache: false,
    },
    progress: options.progress,
  };
  const evaluated = await evaluateDatasets(
    environment,
    methods.map(({ name }) => join(directory, name)),
    settings,
  );
  return await writeComparison(directory, evaluated, settings);
}

async function synthesizeWith(
  { library, stderr, signal, now }: Environment,
  teacher: Teacher,
  method: Method,
  options: DemoOptions,
  directory: string,
): Promise<DemoRun & { readonly warnings: readonly string[] }> {
  const spec = demoTask(method, options.count, options.seed);
  const display = showProgress(options.progress, method.name, stderr, now);
  const run = join(directory, method.name);
  const watching = { signal, onProgress: display.update, written: { teacher: "demo", ...spec } };
  const { report } = await library.synthesizeTo(run, teacher, spec, watching).finally(display.end);
  const { rows } = await readRun(run);
  const { seconds, warnings } = report!; // which every run has but one that was merged
  return { name: method.name, rows, seconds, warnings };
}
