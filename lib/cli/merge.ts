// corrsynth merge DIR... --out DIR: joins the runs of several machines into one dataset.
import { Command } from "commander";
import { mergeRuns } from "../io/index.js";
import { type Environment, exitCodes } from "./command.js";
import { grouped, printable } from "./terminal.js";

export function mergeCommand({ stderr }: Environment, exit: (code: number) => void): Command {
  return new Command("merge")
    .description("join finished runs of one task that made different groups; the runs stay as they are")
    .argument("<dir...>", "run directories")
    .requiredOption("--out <dir>", "new or empty directory to write to")
    .action(async (paths: string[], { out }: { out: string }) => {
      const { rows, groups, duplicates } = await mergeRuns(paths, out);
      stderr.write(`${printable(`${grouped(rows)} rows of ${grouped(groups)} groups in ${out}`)}\n`);
      if (duplicates > 0) {
        const repeat = duplicates === 1 ? "row repeats" : "rows repeat";
        stderr.write(
          `warning: ${grouped(duplicates)} ${repeat} the text of an earlier row of another run; they were kept\n`,
        );
      }
      exit(exitCodes.done);
    });
}
