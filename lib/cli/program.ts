// The command line as a whole: which commands there are, and how each ending becomes a message and an exit code.
import { Command, CommanderError } from "commander";
import { CorrSynthError, type ErrorCode } from "../errors.js";
import { versions } from "../index.js";
import { expandHome } from "../io.js";
import { arenaCommand, tuneCommand } from "./arena.js";
import { attributesCommand } from "./attributes.js";
import { buildCommand } from "./build.js";
import { collectCommand } from "./collect.js";
import { type Environment, exitCodes, Stopped } from "./command.js";
import { compareCommand } from "./compare.js";
import { demoCommand } from "./demo.js";
import { doctorCommand } from "./doctor.js";
import { embedCommand } from "./embed.js";
import { enqueueCommand } from "./enqueue.js";
import { evaluateCommand } from "./evaluate.js";
import { exportCommand } from "./export.js";
import { initCommand } from "./init.js";
import { mergeCommand } from "./merge.js";
import { checkOptionRules } from "./option-rules.js";
import { planCommand } from "./plan.js";
import { previewCommand } from "./preview.js";
import { pullCommand } from "./pull.js";
import { replayCommand } from "./replay.js";
import { retrieveCommand } from "./retrieve.js";
import { reviewCommand } from "./review.js";
import { roundsCommand } from "./rounds.js";
import { runCommand } from "./run.js";
import { schemaCommand } from "./schema.js";
import { seedsCommand } from "./seeds.js";
import { statusCommand } from "./status.js";
import { printable } from "./terminal.js";
import { workerCommand } from "./worker.js";

// Errors that a person mends by changing the task, a path or an option.
const badInput: readonly ErrorCode[] = [
  "CORRSYNTH_INVALID_CONFIG",
  "CORRSYNTH_MODEL_LOAD",
  "CORRSYNTH_PROMPT_TOO_LONG",
  "CORRSYNTH_CONTEXT_FULL",
  "CORRSYNTH_LAYERS",
  "CORRSYNTH_DEVICE",
  "CORRSYNTH_NOT_REPRODUCIBLE",
];

/** Commands that go on where they were stopped. */
const durable: readonly string[] = ["demo", "run", "rounds", "arena", "tune", "pull", "enqueue", "worker", "collect"];

/**
 * Runs one command line and returns its exit code; never throws.
 * @param args  what stands after the program's name.
 * @param options.verbose  shows stacks and causes of errors, as `--verbose` does; default false.
 */
export async function runCli(
  args: readonly string[],
  environment: Environment,
  options: { readonly verbose?: boolean } = {},
): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram(environment, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args.map(withHome), { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
    const { reason } = environment.signal;
    if (environment.signal.aborted && reason instanceof Stopped) {
      const afterCtrlC = environment.stderr.isTty ? "\n" : ""; // the terminal shows "^C" without ending the line
      const advice = durable.includes(args.find((arg) => !arg.startsWith("-")) ?? "")
        ? "what was written stays; the same command goes on"
        : "the same command starts over";
      environment.stderr.write(`${afterCtrlC}corrsynth: ${reason.message}; ${advice}\n`);
      return exitCodes[reason.by];
    }
    const verbose = options.verbose || program.opts<{ verbose?: boolean }>().verbose === true;
    environment.stderr.write(explain(error, verbose));
    return exitCodeOf(error);
  }
}

// A shell expands "~/run" but not "--out=~/run", and a program that starts this one expands neither.
function withHome(argument: string): string {
  const [, option = "", value = ""] = /^(--[\w-]+=)?(.*)$/s.exec(argument) ?? [];
  return option + expandHome(value);
}

function createProgram(environment: Environment, exit: (code: number) => void): Command {
  const { stdout, stderr } = environment;
  const program = new Command("corrsynth")
    .description("Synthesises labelled text-classification datasets with a local language model.")
    .version(versions().corrsynth)
    .option("--verbose", "show stacks and causes of errors");
  const commands = [
    ...[demoCommand, initCommand, seedsCommand, attributesCommand, retrieveCommand, planCommand, previewCommand],
    ...[runCommand, roundsCommand, arenaCommand, tuneCommand, statusCommand, reviewCommand, replayCommand],
    ...[mergeCommand, evaluateCommand, compareCommand, embedCommand, exportCommand, doctorCommand],
    ...[schemaCommand, buildCommand],
    ...[pullCommand, enqueueCommand, workerCommand, collectCommand],
  ];
  for (const command of commands) {
    program.addCommand(command(environment, exit).hook("preAction", checkOptionRules));
  }
  for (const command of [program, ...program.commands]) {
    // Throws instead of ending the process, and writes where we say.
    command.exitOverride().configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) =>
        write(`corrsynth: ${printable(text.replace(/^error: /, ""), { keepNewlines: true })}`),
    });
  }
  return program;
}

// One line where one will do; the issues of a task each on a line of their own, and the code at the end.
function explain(error: unknown, verbose: boolean): string {
  const { message, code, stack, cause } = error as { message?: string; code?: string; stack?: string; cause?: unknown };
  const text = printable(message ?? String(error), { keepNewlines: true }).replaceAll("\n", "\n  ");
  const details = verbose ? [stack, cause && `caused by: ${(cause as Error).stack ?? String(cause)}`] : [];
  const shown = details.filter(Boolean).map((detail) => `${printable(String(detail), { keepNewlines: true })}\n`);
  return `corrsynth: ${text}${code === undefined ? "" : ` (${code})`}\n${shown.join("")}`;
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof CorrSynthError)) return exitCodes.failed;
  if (error.code === "CORRSYNTH_QUOTA_NOT_MET") return exitCodes.quotaNotMet;
  if (error.code === "CORRSYNTH_HELD") return exitCodes.held;
  return badInput.includes(error.code) ? exitCodes.badInput : exitCodes.failed;
}
