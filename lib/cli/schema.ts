// corrsynth schema: the JSON Schema of task files, for editors and for programs that write tasks.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { versions } from "../index.js";
import { type Environment, exitCodes } from "./command.js";

/** lib/ and dist/ are both one level below the package. */
const schema = fileURLToPath(new URL("../../dist/task.schema.json", import.meta.url));

export function schemaCommand({ stdout }: Environment, exit: (code: number) => void): Command {
  return new Command("schema")
    .description("print the JSON Schema of task files, which editors complete and check by")
    .action(() => {
      stdout.write(readFileSync(schema, "utf8"));
      exit(exitCodes.done);
    });
}

/**
 * Where an editor that opens a task file finds the schema: in node_modules of the project that the file is in, which needs no
 * network and is of the version that reads the task; where there is none, the same version on a mirror of npm.
 * @param file  the task file, which need not exist.
 */
export function schemaAddress(file: string): string {
  const inPackage = "node_modules/corrsynth/dist/task.schema.json";
  const folder = dirname(resolve(file));
  for (let above = folder; ; above = dirname(above)) {
    const found = join(above, inPackage);
    if (existsSync(found)) {
      const path = relative(folder, found).split(sep).join("/");
      return path.startsWith("../") ? path : `./${path}`;
    }
    if (dirname(above) === above) return `https://unpkg.com/corrsynth@${versions().corrsynth}/dist/task.schema.json`;
  }
}
