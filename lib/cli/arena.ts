// corrsynth arena TASK --out DIR and corrsynth tune TASK --out DIR: which recipe makes the better classifier.
import { Command, InvalidArgumentError } from "commander";
import {
  type ArenaResult,
  type ArenaRun,
  type ArmInput,
  type ArmSet,
  arena,
  armSets,
  type TuneOptions,
  tune,
} from "../arena/index.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { VectorCache } from "../index.js";
import { readArms } from "./arms-file.js";
import { type Environment, exitCodes } from "./command.js";
import { modelSource } from "./fetch-model.js";
import { integerFrom, jsonOption, noCacheOption, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { type ProgressDisplay, showProgress } from "./progress.js";
import { readTaskFile, type Task } from "./task-file.js";
import { grouped, json, printable } from "./terminal.js";
import { loadTeacherOf } from "./with-task.js";

interface SharedOptions {
  readonly out: string;
  readonly rows?: number;
  readonly seeds?: number;
  readonly perLabel?: number;
  readonly embedder?: string;
  readonly cache: boolean;
  readonly hours?: number;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

interface ArenaCommandOptions extends SharedOptions {
  readonly arms: string;
  readonly gold?: string;
  readonly tokens?: number;
}

export function arenaCommand(environment: Environment, exit: (code: number) => void): Command {
  return shared(new Command("arena"), "with this arena", 400)
    .description(
      "run a task with several recipes and say which makes the better classifier at equal cost; started again, it goes on",
    )
    .option("--gold <file>", "labelled human rows to test on (default: half of the seeds, held out)")
    .option(
      "--arms <set>",
      `what is compared with FewGen: ${Object.keys(armSets).join(", ")}, or a YAML file of arms`,
      "quick",
    )
    .option("--tokens <n>", "in place of --rows: tokens of each run, decoded and of prompts", tokenCount)
    .option(
      "--hours <n>",
      "begin no group after so many hours, and report what there is (default: no limit)",
      hourCount,
    )
    .addOption(progressOption("that of a run"))
    .action(async (file: string, options: ArenaCommandOptions) => {
      const { arms: given, gold, tokens } = options;
      const isSet = Object.hasOwn(armSets, given);
      const arms: ArmSet | readonly ArmInput[] = isSet ? (given as ArmSet) : await readArms(given);
      const armsPlace = isSet ? "--arms" : given;
      const named = [
        ...[["arms.", `${armsPlace}: `] as const, ["arms[", `${armsPlace}: [`] as const, ["arms", armsPlace] as const],
        ...(gold === undefined ? [] : [[gold, gold] as const]),
        ...[["gold", "--gold"] as const, ["rows", "--rows"] as const, ["tokens", "--tokens"] as const],
      ];
      await compete(environment, file, options, named, async (task, load, own) => {
        const result = await arena(options.out, load, task.spec, { ...own, arms, gold, tokens });
        const told = printable(result.summary, { keepNewlines: true });
        environment.stdout.write(options.json ? json(result.record) : told);
        return result;
      });
      exit(exitCodes.done);
    });
}

export function tuneCommand(environment: Environment, exit: (code: number) => void): Command {
  return shared(new Command("tune"), "with this tuning", 200)
    .description(
      "look for better settings of a task, on half of its seeds: DIR/task.yaml is the task with the best of them, or as it " +
        "was; started again, it goes on",
    )
    .option("--hours <n>", "begin no group after so many hours, and report what there is", hourCount, 0.5)
    .addOption(progressOption("that of a run"))
    .action(async (file: string, options: SharedOptions) => {
      await compete(environment, file, options, [["rows", "--rows"]], async (task, load, own) => {
        const result = await tune(options.out, load, task.spec, own);
        environment.stdout.write(options.json ? json(result.record) : `${printable(result.reasons)}\n`);
        return result;
      });
      exit(exitCodes.done);
    });
}

function shared(command: Command, whose: string, rows: number): Command {
  return command
    .argument("<task>", "task file, YAML or JSON; its count says how rows are shared among the labels")
    .requiredOption("--out <dir>", `directory to write to: new, empty, or ${whose}`)
    .option("--rows <n>", `rows of each run (default: ${rows})`, integerFrom(1))
    .option(
      "--seeds <n>",
      "seeds: how often each is run; fewer than 5 are a look, not a result (default: 5)",
      integerFrom(1),
    )
    .option("--per-label <n>", "examples of a label that a seed draws for its prompts (default: 50)", integerFrom(1))
    .option(
      "--embedder <model>",
      'model on whose vectors a second student learns: path, hf:owner/repo/file.gguf, or "demo" (default: words alone)',
    )
    .addOption(noCacheOption())
    .addOption(jsonOption("the figures"));
}

/** "2e5" is a number of tokens, too. */
function tokenCount(text: string): number {
  const value = /^\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected an integer from 1.");
  return value;
}

function hourCount(text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value <= 500)) throw new InvalidArgumentError("Expected a number above 0, at most 500.");
  return value;
}

type Compete = (task: Task, load: () => ReturnType<typeof loadTeacherOf>, options: TuneOptions) => Promise<ArenaResult>;

async function compete(
  environment: Environment,
  file: string,
  { out, rows, seeds, perLabel, hours, embedder, cache, progress }: SharedOptions,
  named: Parameters<typeof located>[2],
  run: Compete,
): Promise<void> {
  const { library, signal, stderr, now } = environment;
  const task = await readTaskFile(file);
  const write = (line: string) => stderr.write(`${printable(line)}\n`);
  let display: ProgressDisplay | undefined;
  const load = async () => {
    const { spec, warnings } = await library.checkTask(task.spec, task.device);
    for (const warning of warnings) write(`warning: ${warning}`);
    return loadTeacherOf(environment, task, spec, progress);
  };
  const model = embedder && (await modelSource(environment, embedder, progress));
  const hasDevice = Object.keys(task.device).length > 0;
  try {
    const { record, report } = await run(task, load, {
      ...{ rows, seeds, perLabel, hours, signal, cache: cache ? VectorCache.ofEnvironment() : undefined },
      ...(model === undefined || model === "" ? {} : { embedder: model }),
      written: { teacher: task.teacher, ...(hasDevice ? { device: task.device } : {}), ...task.spec },
      onWait: write,
      onRun: (run) => {
        display?.end();
        display = showProgress(progress, `${run.arm}, seed ${run.seed}`, stderr, now);
        write(opening(run));
      },
      onProgress: (state) => display?.update(state),
    });
    display?.end();
    if (record.state === "stopped") write("The time is over: the same command goes on");
    write(`Figures in ${out}/arena.json, page in ${report}, task to go on with in ${out}/task.yaml`);
  } catch (error) {
    display?.end();
    throw located(error, (other) => task.locate(other, out), named);
  }
}

function opening({ arm, seed, number, of }: ArenaRun): string {
  return `Run ${grouped(number)} of ${grouped(of)}: ${arm}, seed ${seed}`;
}

// What is wrong with an option, an arm or gold is no field of the task.
function located(
  error: unknown,
  locate: (error: unknown) => unknown,
  named: readonly (readonly [prefix: string, place: string])[],
): unknown {
  if (!(error instanceof InvalidConfigError)) return error;
  const issues = error.issues.flatMap((issue): readonly ConfigIssue[] => {
    const own = named.find(([prefix]) => issue.path.startsWith(prefix));
    if (own !== undefined) return [{ ...issue, path: `${own[1]}${issue.path.slice(own[0].length)}` }];
    return (locate(new InvalidConfigError([issue])) as InvalidConfigError).issues;
  });
  return new InvalidConfigError(issues, { cause: error });
}
