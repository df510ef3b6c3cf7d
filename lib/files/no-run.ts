// What is said of a path where a run directory was expected: whether nothing is there comes before what it lacks.
import { stat } from "node:fs/promises";
import { type InvalidConfigError, invalidField } from "../errors.js";

/**
 * CORRSYNTH_INVALID_CONFIG for a path that is no run directory.
 * @param lacking  what to say of a directory that is there.
 */
export async function noRunDirectory(path: string, lacking: string): Promise<InvalidConfigError> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return invalidField(path, "Expected a run directory, found nothing of this name");
  return invalidField(path, found.isDirectory() ? lacking : "Expected a run directory, received a file");
}
