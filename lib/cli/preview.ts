// corrsynth preview TASK: the rendered prompts and one group, to look at before a long run.
import { Command } from "commander";
import type { Instance, RejectedRow } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { downloadOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { reasonText } from "./rejected-text.js";
import { printable, remarks, strengthFacts } from "./terminal.js";
import { withTask } from "./with-task.js";

interface Options {
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function previewCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("preview")
    .description("show the rendered prompts and generate one group")
    .argument("<task>", "task file, YAML or JSON")
    .option("--json", "print prompts and instances as JSON", false)
    .addOption(downloadOption())
    .action(async (file: string, options: Options) => {
      await preview(environment, file, options);
      exit(exitCodes.done);
    });
}

async function preview(environment: Environment, file: string, { json, progress }: Options): Promise<void> {
  const { library, stdout } = environment;
  const found = await withTask(environment, file, progress, ({ settings }, teacher) =>
    library.preview(teacher, settings),
  );
  if (json) stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else {
    for (const prompt of found.prompts) {
      stdout.write(show(prompt, found.instances.find(isOf(prompt)), found.rejected.find(isOf(prompt))));
    }
    const strength = strengthFacts(found.strength).map(([name, value]) => `${name}: ${value}\n`);
    stdout.write(strength.join("") + remarks(found));
  }
}

interface Prompt {
  readonly label: string;
  readonly repeat: number;
  readonly text: string;
}

function isOf(prompt: Prompt): (row: Pick<Instance, "label" | "repeat">) => boolean {
  return (instance) => instance.label === prompt.label && instance.repeat === prompt.repeat;
}

// The prompt, and after "⇒" what the model wrote. Line breaks are shown as such, nothing else that moves a cursor.
function show(prompt: Prompt, instance: Instance | undefined, rejected: RejectedRow | undefined): string {
  const indent = (text: string) => printable(text, { keepNewlines: true }).replaceAll("\n", "\n    ");
  const row = instance ?? rejected;
  const facts = [
    ...(rejected ? [`rejected: ${reasonText(rejected)}`] : []),
    ...(row ? [`${row.tokens} tokens`, row.ending] : []),
    ...(instance?.labelProbability === undefined ? [] : [`label ${Math.round(100 * instance.labelProbability)} %`]),
  ];
  const written = row ? `${indent(row.text)}\n  (${printable(facts.join(", "))})` : "(surplus)";
  const heading = `${printable(prompt.label)}, row ${prompt.repeat + 1} of its label`;
  return `${heading}\n    ${indent(prompt.text)}\n  ⇒ ${written}\n\n`;
}
