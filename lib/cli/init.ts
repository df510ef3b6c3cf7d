// corrsynth init [FILE]: writes a commented task file to start from: a preset, or one for people's own texts.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { InvalidConfigError, invalidField } from "../errors.js";
import { isHubUri } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { type DrawOptions, drawExamples } from "./draw-examples.js";
import { modelSource } from "./fetch-model.js";
import { also, downloadOption, integerFrom } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { type Preset, type PresetName, presets, sharperMethod } from "./presets.js";
import { schemaAddress } from "./schema.js";
import { type CountTokens, type Example, taskFrom } from "./task-from.js";
import type { Target } from "./task-yaml.js";
import { printable } from "./terminal.js";

interface InitOptions extends DrawOptions {
  readonly preset?: PresetName;
  readonly from?: string;
  readonly kind?: string;
  readonly model?: string;
  readonly force: boolean;
  readonly progress: ProgressMode;
}

export function initCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("init")
    .description("write a commented task file to start from")
    .argument("[file]", "task file to write", "task.yaml")
    .addOption(
      new Option("--preset <name>", "starter (default) runs as it is; the others are well-known data sets").choices(
        Object.keys(presets),
      ),
    )
    .option("--from <file>", "labelled texts, for examples and, without --preset, for the whole task")
    .option("--text-column <column>", "of --from: column of the text", "text")
    .option("--label-column <column>", "of --from: column of the label", "label")
    .option("--per-label <n>", "of --from: examples of each label", integerFrom(1), 50)
    .option("--seed <n>", "of --from: seed of the draw", integerFrom(0), 0)
    .option("--exclude <file>", "of --from: no example repeats a row of this test set; may be repeated", also)
    .option("--kind <words>", 'of --from: what one of the texts is, such as "tweet" (default: guessed)', kindOfText)
    .option("--model <source>", "GGUF file or hf: URI: the task is written for it, chat where it has a template")
    .option("--force", "overwrite files that exist", false)
    .addOption(downloadOption())
    .action(async (file: string, options: InitOptions) => {
      environment.stderr.write(printable(await init(environment, file, options), { keepNewlines: true }));
      exit(exitCodes.done);
    });
}

// It becomes part of the instruction, whose placeholders are in braces.
function kindOfText(text: string): string {
  const words = text.trim();
  if (words !== "" && words.length <= 60 && !/[{}\p{Cc}]/u.test(words)) return words;
  throw new InvalidArgumentError("Expected 1 to 60 characters without braces and line breaks.");
}

async function init(environment: Environment, file: string, options: InitOptions): Promise<string> {
  const { from, force, kind } = options;
  const seedsFile = join(dirname(file), "seeds.jsonl");
  const preset: Preset | undefined =
    options.preset === undefined && from !== undefined ? undefined : presets[options.preset ?? "starter"];
  const hasSeeds = from !== undefined || preset?.seeds !== undefined;
  const paths = hasSeeds ? [file, seedsFile] : [file];
  const existing = force ? [] : paths.filter((path) => existsSync(path));
  if (existing.length > 0) {
    const message = "Expected to write a new file, but there is one: choose another name, or overwrite it with --force";
    throw new InvalidConfigError(existing.map((path) => ({ path, message })));
  }
  const drawn = from === undefined ? undefined : await drawExamples(from, options, seedsFile, preset);
  const examples: readonly Example[] | undefined = drawn?.examples ?? preset?.seeds;
  const task = await withModel(environment, file, options, async (target, countTokens) => {
    if (preset !== undefined) return preset.task(target);
    const base = target ?? { teacher: "teacher.gguf", format: "raw" as const };
    return taskFrom(basename(from!), examples!, { target: base, method: sharperMethod, kind, countTokens });
  });
  const modeline = `# yaml-language-server: $schema=${schemaAddress(file)}\n`;
  const contents = [
    modeline + task,
    examples?.map(({ label, text }) => `${JSON.stringify({ label, text })}\n`).join(""),
  ];
  for (const [i, path] of paths.entries()) {
    await writeFile(path, contents[i]!, { flag: force ? "w" : "wx" }).catch((error: Error) => {
      throw invalidField(path, `Cannot write here (${error.message})`, { cause: error });
    });
  }
  return told(paths, file, [
    ...(drawn?.notes ?? []),
    ...(options.model === undefined && !/^teacher: demo$/m.test(task) ? [`Put your model's path into ${file}`] : []),
    ...(hasSeeds ? [] : [`Put your examples into ${seedsFile}, or let init --from FILE draw them`]),
  ]);
}

function told(paths: readonly string[], file: string, notes: readonly string[]): string {
  const lines = [
    `Wrote ${paths.join(" and ")}`,
    ...notes,
    `Then: corrsynth preview ${file}`,
    `      corrsynth run ${file} --out DIR`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

// What the model is, for as long as its tokens are counted; neither without a model.
async function withModel<Result>(
  environment: Environment,
  file: string,
  { model, progress }: InitOptions,
  use: (target?: Target, countTokens?: CountTokens) => Promise<Result>,
): Promise<Result> {
  if (model === undefined) return use();
  const { library } = environment;
  const teacher = await library.loadTeacher(await modelSource(environment, model, progress));
  try {
    const format = teacher.info.hasChatTemplate ? "chat" : "raw";
    return await use({ teacher: named(model, file), format }, (texts) => teacher.countTokens(texts));
  } finally {
    await teacher.close();
  }
}

// As the task file has to name it: from its own folder, where the model lies below that.
function named(model: string, file: string): string {
  if (model === "demo" || isHubUri(model)) return model;
  const path = relative(dirname(file), model);
  return path.startsWith(`..${sep}`) ? resolve(model) : path;
}
