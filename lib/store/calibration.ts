// calibration.json: what a run's label check is calibrated by, so that the rows of a later session are judged alike.
import { join } from "node:path";
import { z } from "zod";
import { invalidField } from "../errors.js";
import { replaceFile } from "../files/atomic-write.js";
import { parseJson } from "../files/json.js";
import { readRegular } from "../files/regular-file.js";
import { largestText } from "../files/text-file.js";
import type { Calibration } from "../label-check/label-check.js";

/** Name of the file in a run directory. */
export const calibrationName = "calibration.json";

/** What a run is calibrated by, wherever it is stored. */
export const calibrationSchema = z.strictObject({
  constants: z.array(z.number()),
  from: z.enum(["seeds", "rows", "none"]),
  texts: z.int().min(0),
});

/**
 * Of a run directory; undefined where it has none.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the file is not as a run writes it.
 */
export async function readCalibration(directory: string): Promise<Calibration | undefined> {
  const path = join(directory, calibrationName);
  const content = await readRegular(path, largestText);
  if (content === undefined) return undefined;
  try {
    return calibrationSchema.parse(parseJson(content.toString("utf8")));
  } catch (cause) {
    const message =
      "Expected what calibrates the run's label check, as a run writes it: the file was changed or damaged; restore it, " +
      "or start over with --fresh";
    throw invalidField(path, message, { cause });
  }
}

/** @throws Node's own error when it cannot be written; whoever reads it meanwhile finds the old one. */
export async function writeCalibration(directory: string, calibration: Calibration): Promise<void> {
  await replaceFile(join(directory, calibrationName), `${JSON.stringify(calibration, null, 2)}\n`);
}
