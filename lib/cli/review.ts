// corrsynth review RUN: a page on this machine in which a person looks through the rows and decides about them.
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { hasRounds, runStatus, serveReview } from "../io.js";
import { type Environment, exitCodes } from "./command.js";
import { integerFrom } from "./options.js";
import { reviewedText } from "./reviewed-text.js";
import { printable } from "./terminal.js";

interface Options {
  readonly port?: number;
}

export function reviewCommand({ stdout, stderr, signal }: Environment, exit: (code: number) => void): Command {
  return new Command("review")
    .description(
      "look through the rows of a run in a browser: search, reject, relabel, edit, undo; what you decide is saved at once, and export, " +
        "evaluate and status go by it",
    )
    .argument("<dir>", "run directory, or one of rounds: their dataset")
    .option("--port <n>", "port of 127.0.0.1 (default: one that is free)", port)
    .action(async (path: string, { port }: Options) => {
      const directory = (await hasRounds(path)) ? join(path, "dataset") : path;
      await using review = await serveReview(directory, { port });
      stdout.write(`${review.url}\n`);
      stderr.write("Open this address in a browser on this machine; Ctrl-C ends the review\n");
      await stopped(signal);
      const { reviewed } = await runStatus(directory);
      const what = reviewed === undefined ? "nothing was decided" : reviewedText(reviewed);
      stderr.write(
        `\n${printable(`Reviewed: ${what}`)}\n${printable(`Then: corrsynth export ${directory} --format csv --out data.csv`)}\n`,
      );
      exit(exitCodes.done);
    });
}

function port(text: string): number {
  const value = integerFrom(1)(text);
  if (value > 65_535) throw new InvalidArgumentError("Expected a port, 1 to 65535.");
  return value;
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
