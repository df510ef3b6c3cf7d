// begun.json: what an arena was begun with, so that whoever looks on knows how many runs there will be.
import { join } from "node:path";
import { z } from "zod";
import { invalidField } from "../errors.js";
import { replaceFile } from "../files/atomic-write.js";
import { parseJson } from "../files/json.js";
import { isThere, readRegular } from "../files/regular-file.js";

/** Name of the file in its directory. */
export const begunName = "begun.json";

const schema = z.object({
  format: z.literal(1),
  kind: z.enum(["arena", "tune"]),
  arms: z.array(z.string()),
  settings: z.object({
    rows: z.int(),
    tokens: z.int().nullable(),
    seeds: z.int(),
    perLabel: z.int(),
    hours: z.number().nullable(),
  }),
});

/** What it was begun with last. */
export type Begun = z.output<typeof schema>;

const mebibytes = 1;

/** @throws Node's own error when it cannot be written. */
export async function writeBegun(directory: string, begun: Omit<Begun, "format">): Promise<void> {
  await replaceFile(join(directory, begunName), `${JSON.stringify({ format: 1, ...begun }, null, 1)}\n`);
}

/**
 * Of a directory; undefined where it has none.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the file is not as an arena writes it.
 */
export async function readBegun(directory: string): Promise<Begun | undefined> {
  const path = join(directory, begunName);
  if (!(await isThere(path))) return undefined;
  try {
    return schema.parse(parseJson((await readRegular(path, mebibytes))!.toString("utf8")));
  } catch (cause) {
    const message =
      "Expected what an arena was begun with, as it writes it: the file was changed or damaged; start the same command " +
      "again, which writes it anew";
    throw invalidField(path, message, { cause });
  }
}
