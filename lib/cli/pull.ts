// corrsynth pull URI: fetches a model into the cache, and prints where it is.
import { Command } from "commander";
import { type Environment, exitCodes } from "./command.js";
import { fetchModel } from "./fetch-model.js";
import { progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { bytes, printable } from "./terminal.js";

export function pullCommand(environment: Environment, exit: (code: number) => void): Command {
  const { stdout, stderr } = environment;
  return new Command("pull")
    .description("fetch a model of the Hugging Face Hub and print its path; stopped, it goes on where it was")
    .argument("<uri>", "hf:owner/repo/file.gguf, or hf:owner/repo@revision/file.gguf")
    .option("--json", "print path, SHA-256, bytes, commit and whether it was there as JSON", false)
    .addOption(progressOption())
    .action(async (uri: string, options: { readonly json: boolean; readonly progress: ProgressMode }) => {
      const model = await fetchModel(environment, uri, options.progress);
      stdout.write(options.json ? `${JSON.stringify(model)}\n` : `${printable(model.path)}\n`);
      const { bytes: size, cached, sha256 } = model;
      stderr.write(`${bytes(size)}, ${cached ? "in the cache already" : "fetched"}; SHA-256 ${sha256}\n`);
      exit(exitCodes.done);
    });
}
