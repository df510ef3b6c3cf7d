// corrsynth init [FILE]: writes a commented task file to start from.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { InvalidConfigError, invalidField } from "../errors.js";
import { type Environment, exitCodes } from "./command.js";
import { type Preset, type PresetName, presets } from "./presets.js";
import { printable } from "./terminal.js";

interface InitOptions {
  readonly preset: PresetName;
  readonly force: boolean;
}

export function initCommand({ stderr }: Environment, exit: (code: number) => void): Command {
  return new Command("init")
    .description("write a commented task file to start from")
    .argument("[file]", "task file to write", "task.yaml")
    .addOption(
      new Option("--preset <name>", "starter runs as it is; the others are the paper's data sets")
        .choices(Object.keys(presets))
        .default("starter"),
    )
    .option("--force", "overwrite files that exist", false)
    .action(async (file: string, options: InitOptions) => {
      stderr.write(printable(await init(file, options), { keepNewlines: true }));
      exit(exitCodes.done);
    });
}

async function init(file: string, { preset, force }: InitOptions): Promise<string> {
  const { task, seeds }: Preset = presets[preset];
  const seedsFile = join(dirname(file), "seeds.jsonl");
  const files: [path: string, content: string][] = [[file, task]];
  if (seeds) files.push([seedsFile, seeds.map((seed) => `${JSON.stringify(seed)}\n`).join("")]);

  const existing = force ? [] : files.filter(([path]) => existsSync(path));
  if (existing.length > 0) {
    const message = "Expected to write a new file, but there is one: choose another name, or overwrite it with --force";
    throw new InvalidConfigError(existing.map(([path]) => ({ path, message })));
  }
  for (const [path, content] of files) {
    await writeFile(path, content, { flag: force ? "w" : "wx" }).catch((error: Error) => {
      throw invalidField(path, `Cannot write here (${error.message})`, { cause: error });
    });
  }
  const next = seeds ? "" : `Put your model's path into it and your examples into ${seedsFile}. `;
  return (
    `Wrote ${files.map(([path]) => path).join(" and ")}. ${next}Then:\n` +
    `  corrsynth preview ${file}\n  corrsynth run ${file} --out DIR\n`
  );
}
