// corrsynth attributes TASK --out attributes.yaml: what the teacher proposes for the attributes of a task, for a person to edit.
import { existsSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { stringify } from "yaml";
import { invalidField } from "../errors.js";
import type { ProposedAttributes } from "../index.js";
import { replaceFile } from "../io.js";
import { type Environment, exitCodes } from "./command.js";
import { integerFrom, jsonOption, nameList, progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { showStages } from "./stage-progress.js";
import { counted, json, printable } from "./terminal.js";
import { withTask } from "./with-task.js";

interface Options {
  readonly dimensions: number | readonly string[];
  readonly values: number;
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function attributesCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("attributes")
    .description("have the teacher propose attributes for a task, checked by its own scores, as YAML for you to edit")
    .argument("<task>", "task file, YAML or JSON")
    .option(
      "--dimensions <n or names>",
      "how many attributes, of which subtopic is the first; or their names",
      dimensions,
      5,
    )
    .option("--values <n>", "values of each, or of each of its labels, at most 100", integerFrom(2), 10)
    .option("--out <file>", "YAML file to write", "attributes.yaml")
    .option("--force", "overwrite it where it exists", false)
    .addOption(jsonOption("what was proposed"))
    .addOption(progressOption())
    .action(async (task: string, options: Options) => {
      await propose(environment, task, options);
      exit(exitCodes.done);
    });
}

function dimensions(text: string): number | readonly string[] {
  if (!/^[\d.-]/.test(text)) return nameList(text);
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("Expected an integer from 1, or names.");
  return count;
}

async function propose(environment: Environment, file: string, options: Options): Promise<void> {
  const { library, stdout, stderr, signal, now } = environment;
  const { out, force, progress, values } = options;
  if (!force && existsSync(out)) {
    const message =
      "Expected to write a new file, but there is one: name another with --out, or overwrite it with --force";
    throw invalidField(out, message);
  }
  const proposed = await withTask(environment, file, progress, async ({ settings }, teacher) => {
    const display = showStages(progress, file, stderr, now);
    const onProgress = (stage: string, share: number) => display.update({ stage: stages[stage] ?? stage, share });
    const asked = { dimensions: options.dimensions, values, signal, onProgress };
    return await library.proposeAttributes(teacher, settings, asked).finally(display.end);
  });
  await replaceFile(out, attributesYaml(proposed, file)).catch((cause: Error) => {
    throw invalidField(out, `Cannot write here (${cause.message})`, { cause });
  });
  if (options.json) stdout.write(json(proposed));
  const { attributes, dropped, warnings } = proposed;
  const said = [
    `${counted(Object.keys(attributes).length, "attribute")} in ${out}: read them, then put them into the task`,
    ...(dropped.length > 0 ? [`${counted(dropped.length, "value")} of another label left out, told in the file`] : []),
    ...warnings,
  ];
  stderr.write(said.map((line) => `${printable(line)}\n`).join(""));
}

const stages: Readonly<Record<string, string>> = { dimensions: "attributes", values: "values", check: "label check" };

/** The file: a field of a task, with what a person should do, and what was left out. */
export function attributesYaml({ attributes, dropped }: ProposedAttributes, file: string): string {
  const names = Object.keys(attributes).map((name) => `{${name}}`);
  const left = dropped.map(
    ({ attribute, label, value, takenFor }) => `${attribute} of ${label}: ${value} (${takenFor})`,
  );
  const comments = (lines: readonly string[]) => lines.map((line) => `# ${printable(line)}\n`).join("");
  return (
    comments([
      `Attributes for ${file}, proposed by its teacher. Read them: strike out, mend and add.`,
      `Then put them into the task, and ${names.join(", ")} into prompt.instruction.`,
    ]) +
    stringify({ attributes }, { lineWidth: 0 }) +
    (left.length === 0 ? "" : comments(["Left out, since the teacher takes them for the label in brackets:", ...left]))
  );
}
