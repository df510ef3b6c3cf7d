// student.json: what a student that was trained outside of this program came to, DistilBERT above all.
import { z } from "zod";
import { parseWith } from "../checks/issues.js";
import { InvalidConfigError, invalidField } from "../errors.js";
import { parseJson } from "./json.js";
import { readTextFile } from "./text-file.js";

const share = z.number().min(0).max(1);
const interval = z.tuple([z.number(), z.number()]); // by Student's t, which may pass 0 and 1
const perRow = z.array(share);

const schema = z.object({
  format: z.literal(1),
  student: z.string().min(1),
  trainRows: z.int().min(0),
  goldRows: z.int().min(0),
  accuracy: share,
  interval: interval.nullable(),
  rowsInterval: interval,
  perRun: z.array(share),
  labels: z.array(z.string()),
  unseenLabels: z.array(z.string()),
  confusion: z.array(z.array(z.int().min(0))),
  cartography: z.object({ confidence: perRow, variability: perRow, correctness: perRow }).optional(),
});

/** The fields of student.json that a report shows. */
export type StudentFile = z.output<typeof schema>;

/**
 * What student.json says, or undefined where there is none.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with its path, when it is malformed: remove it, or write it
 *   again.
 * @example
 * const student = await readStudentFile("run/student.json");
 * console.log(student?.accuracy ?? "no student was trained outside");
 */
export async function readStudentFile(path: string): Promise<StudentFile | undefined> {
  const text = await readTextFile(path);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    const message = `Expected JSON (${(cause as Error).message}): remove the file, or train the student again`;
    throw invalidField(path, message, { cause });
  }
  const parsed = parseWith(schema, value);
  if ("issues" in parsed) {
    throw new InvalidConfigError(parsed.issues.map((issue) => ({ ...issue, path: `${path}: ${issue.path}` })));
  }
  const { labels, confusion } = parsed.data;
  if (confusion.length !== labels.length || confusion.some((row) => row.length !== labels.length)) {
    const message = `Expected a row and a column for each of the ${labels.length} labels`;
    throw invalidField(`${path}: confusion`, message);
  }
  return parsed.data;
}
