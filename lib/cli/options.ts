// Values of command-line options, checked as they are read; commander turns a refusal into one line on stderr.
import { InvalidArgumentError, Option } from "commander";
import { progressModes } from "./paced.js";

/**
 * `--progress MODE`, the same for every command that takes a while.
 * @param what  whose progress it is, where not that of all the command does.
 */
export function progressOption(what = "progress"): Option {
  const description = `how ${what} is shown on stderr; auto is a bar on a terminal, plain lines elsewhere`;
  return new Option("--progress <mode>", description).choices(progressModes).default("auto");
}

/** `--progress MODE` of a command of which only the download of its model takes a while. */
export function downloadOption(): Option {
  return progressOption("the download of an hf: model");
}

/**
 * `--json`: the figures of a command as one JSON value on stdout; messages and progress stay on stderr.
 * @param what  what is printed.
 */
export function jsonOption(what: string): Option {
  return new Option("--json", `print ${what} as JSON`).default(false);
}

/** `--no-cache`, of every command that embeds texts. */
export function noCacheOption(): Option {
  return new Option("--no-cache", "embed every text anew, and keep no vectors for the next time");
}

/** What to do where a file lacks a column. */
export const columnAdvice = "name other columns with --text-column and --label-column";

/** A decimal integer of `least` to `most`. */
export function integerFrom(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const end = most === Number.MAX_SAFE_INTEGER ? "2^53 - 1" : most;
      throw new InvalidArgumentError(`Expected an integer from ${least} to ${end}.`);
    }
    return value;
  };
}

/** A decimal number of `least` to `most`. */
export function numberIn(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) throw new InvalidArgumentError(`Expected a number of ${least} to ${most}.`);
    return value;
  };
}

/** Of an option that may be repeated, all its values. */
export function also(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Names with commas between them. */
export function nameList(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => name === "")) throw new InvalidArgumentError("Expected names with commas between them.");
  return names;
}
