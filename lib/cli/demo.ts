// corrsynth demo: the whole path on the teacher that ships with the package.
import { join } from "node:path";
import { Command } from "commander";
import type { Instance, Method, Report, Teacher } from "../index.js";
import { checkRunDirectory, RunDirectory } from "../io/index.js";
import { fewgen, fewgenMatched, hybrid } from "../methods/methods.js";
import { type Environment, exitCodes } from "./command.js";
import { type DemoRun, sample, scores } from "./demo-report.js";
import { demoTask } from "./demo-task.js";
import { describeRun } from "./describe-run.js";
import { integerFrom, progressOption } from "./options.js";
import { type ProgressMode, showProgress } from "./progress.js";
import { printable } from "./terminal.js";

interface DemoOptions {
  readonly out?: string;
  readonly count: number;
  readonly seed: number;
  readonly progress: ProgressMode;
}

const coupled = hybrid({ repeat: 2, intra: 0.5, cross: 0.1 });
const methods: readonly Method[] = [coupled, fewgen({ repeat: 2 }), fewgenMatched({ match: coupled })];

export function demoCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("demo")
    .description("synthesise a small dataset three ways with the built-in teacher and compare them")
    .option("--out <dir>", "also write the three datasets, each to a run directory in DIR")
    .option("--count <n>", "rows of each dataset, over 8 labels", integerFrom(1), 200)
    .option("--seed <n>", "seed of everything drawn", integerFrom(0), 7)
    .addOption(progressOption())
    .action(async (options: DemoOptions) => {
      await demo(environment, options);
      exit(exitCodes.done);
    });
}

async function demo(environment: Environment, options: DemoOptions): Promise<void> {
  const { library, stdout, stderr } = environment;
  if (options.out !== undefined) await checkRunDirectory(options.out);
  const runs: DemoRun[] = [];
  const teacher = await library.loadTeacher("demo");
  try {
    for (const method of methods) {
      const { run, report } = await synthesizeWith(environment, teacher, method, options);
      runs.push(run);
      for (const warning of report.warnings) stderr.write(`${run.name}: warning: ${printable(warning)}\n`);
    }
  } finally {
    await teacher.close();
  }
  stdout.write(`${sample(runs[0]!, stdout.columns)}\n${scores(runs)}`);
  if (options.out !== undefined) stderr.write(`Datasets in ${printable(options.out)}\n`);
}

async function synthesizeWith(
  { library, stderr, signal, now }: Environment,
  teacher: Teacher,
  method: Method,
  options: DemoOptions,
): Promise<{ run: DemoRun; report: Report }> {
  const spec = demoTask(method, options.count, options.seed);
  const display = showProgress(options.progress, method.name, stderr, now);
  const started = new Date();
  const instances: Instance[] = [];
  const synthesis = library.synthesize(teacher, spec, { signal, onProgress: (state) => display.update(state) });
  let report: Report;
  try {
    for await (const instance of synthesis) instances.push(instance);
    report = await synthesis.finished;
  } finally {
    display.end();
  }
  if (options.out !== undefined) {
    const description = await describeRun(teacher, synthesis.spec, { teacher: "demo", ...spec }, started);
    const directory = await RunDirectory.create(join(options.out, method.name), description);
    for (const instance of instances) await directory.append(instance);
    await directory.close({ state: "done", report });
  }
  return { run: { name: method.name, instances, seconds: report.seconds }, report };
}
