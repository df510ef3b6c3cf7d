// corrsynth preview TASK: the rendered prompts and some rows, to look at before a long run.
import { Command } from "commander";
import { colours } from "./colours.js";
import { type Environment, exitCodes } from "./command.js";
import { integerFrom, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { bothText, previewText } from "./preview-text.js";
import { showWaiting } from "./waiting.js";
import { withTask } from "./with-task.js";

interface Options {
  readonly both: boolean;
  readonly rows: number;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function previewCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("preview")
    .description(
      "show the rendered prompts, and some rows whole: accepted and rejected ones, how they end, how alike they are",
    )
    .argument("<task>", "task file, YAML or JSON")
    .option("--both", "with raw prompts and with the model's chat template, whatever prompt.format is", false)
    .option("--rows <n>", "rows at least, in whole groups, up to 256", integerFrom(1, 256), 16)
    .option("--json", "print prompts, rows and figures as JSON", false)
    .addOption(progressOption())
    .action(async (file: string, options: Options) => {
      await preview(environment, file, options);
      exit(exitCodes.done);
    });
}

async function preview(environment: Environment, file: string, { both, rows, json, progress }: Options): Promise<void> {
  const { library, stdout, stderr, now } = environment;
  const waiting = showWaiting(progress, "preview", stderr, now);
  const paint = colours(stdout);
  const write = <Found>(found: Found, text: (found: Found) => string) =>
    stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : text(found));
  await withTask(environment, file, progress, async ({ settings }, teacher) => {
    waiting.stage(both ? "writing rows in both formats" : "writing rows");
    try {
      if (both) {
        const found = await library.previewBoth(teacher, settings, { rows });
        waiting.end();
        write(found, (each) => bothText(each, paint));
      } else {
        const found = await library.preview(teacher, settings, { rows });
        waiting.end();
        write(found, (each) => previewText(each, paint));
      }
    } finally {
      waiting.end();
    }
  });
}
