// Values of command-line options, checked as they are read; commander turns a refusal into one line on stderr.
import { InvalidArgumentError, Option } from "commander";
import { progressModes } from "./paced.js";

/** `--progress MODE`, the same for every command that runs. */
export function progressOption(): Option {
  const description = "how progress is shown on stderr; auto is a bar on a terminal, plain lines elsewhere";
  return new Option("--progress <mode>", description).choices(progressModes).default("auto");
}

/** A decimal integer of at least `least`. */
export function integerFrom(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected an integer from ${least} to 2^53 - 1.`);
    }
    return value;
  };
}
