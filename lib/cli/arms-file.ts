// Files of arms: YAML or JSON, one arm or a list of them.
import { dirname, resolve } from "node:path";
import { type ArmInput, armSets } from "../arena/index.js";
import { InvalidConfigError, invalidField } from "../errors.js";
import { expandHome, readInput } from "../io.js";
import { withAbsolutePaths } from "./task-file.js";
import { parseYaml } from "./yaml-document.js";

const largestFile = 2 ** 20; // bytes

/**
 * Reads arms; what they hold is for the library to check. Paths in their fields are taken from the file's folder.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with file and line, when it cannot be read or does not parse.
 */
export async function readArms(file: string): Promise<readonly ArmInput[]> {
  const sets = Object.keys(armSets).join(", ");
  const content = await readInput(file, largestFile).catch((error: Error) => {
    if (error instanceof InvalidConfigError) throw error;
    throw invalidField(
      "--arms",
      `Expected one of ${sets}, or a file of arms, received ${JSON.stringify(file)} (${error.message})`,
    );
  });
  if (content === undefined) throw invalidField(file, "Expected a file of arms of at most 1 MiB, received more");
  const parsed = parseYaml(new TextDecoder().decode(content), file, "core");
  if (Array.isArray(parsed)) throw new InvalidConfigError(parsed);
  const value: unknown = parsed.document.toJS({ maxAliasCount: 100 });
  const arms = (Array.isArray(value) ? value : [value]) as ArmInput[];
  const absolute = (path: string) => resolve(dirname(file), expandHome(path));
  return arms.map((arm) => {
    const isPlain = typeof arm?.fields === "object" && arm.fields !== null && !Array.isArray(arm.fields);
    return isPlain ? { ...arm, fields: withAbsolutePaths(arm.fields, absolute) } : arm;
  });
}
