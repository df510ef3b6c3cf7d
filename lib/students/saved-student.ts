// The file of a student: a line of JSON that says what it is, and then its numbers. Who reads one believes nothing of it.
import { createHash } from "node:crypto";
import { z } from "zod";
import { eachOnce, parseWith } from "../checks/issues.js";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import { replaceFile } from "../files/atomic-write.js";
import { readInput } from "../files/input-file.js";
import { parseJson } from "../files/json.js";
import { type Known, mostStudentLabels } from "./student.js";
import { featureColumns } from "./text-features.js";

/** Lists of numbers as they lie in the file, little-endian, one behind the other. */
export type Numbers = Int32Array | Float32Array | Float64Array;

const largestHead = 8 * 2 ** 20; // bytes; of a thousand labels with names of 200 signs it takes one
const largestFile = 2 ** 30; // bytes
const format = "corrsynth-student";
const version = 1;

const head = z.strictObject({
  format: z.literal(format),
  version: z.literal(version),
  kind: z.enum(["proxy", "logistic"]),
  labels: z.array(z.string()).min(1),
  seen: z.array(z.int().min(0)).min(1).max(mostStudentLabels),
  /** Of a proxy student: texts that it learnt from, and columns that they had. */
  texts: z.int().min(1).optional(),
  columns: z.int().min(0).max(featureColumns).optional(),
  /** Of a logistic one: numbers of a vector. */
  dims: z.int().min(1).max(1_000_000).optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What the first line says. */
export type Head = z.output<typeof head>;

/** @throws Node's own error when it cannot be written; what was there stays then. */
export async function writeStudent(
  path: string,
  { labels, seen, ...own }: Known & Pick<Head, "kind" | "texts" | "columns" | "dims">,
  numbers: readonly Numbers[],
): Promise<void> {
  const body = Buffer.concat(
    numbers.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  const sha256 = createHash("sha256").update(body).digest("hex");
  const line = JSON.stringify({ format, version, labels, seen, ...own, sha256 });
  await replaceFile(path, Buffer.concat([Buffer.from(`${line}\n`), body]));
}

/**
 * What a file says it is, and its numbers, which are those that were written; whether they make sense is for the caller
 * to see.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it cannot be read, is no student, of another version, larger
 * than 1 GiB, or was changed.
 */
export async function readStudent(path: string): Promise<{ readonly head: Head; readonly body: Buffer }> {
  const content = await readInput(path, largestFile).catch((cause: Error) => {
    if (cause instanceof InvalidConfigError) throw cause;
    throw invalidField(path, `Expected the file of a student (${cause.message})`, { cause });
  });
  if (content === undefined)
    throw invalidField(path, "Expected the file of a student, of 1 GiB at most, received more");
  const end = content.subarray(0, largestHead).indexOf("\n");
  const found = headOf(path, end === -1 ? undefined : content.toString("utf8", 0, end));
  const body = content.subarray(end + 1);
  if (createHash("sha256").update(body).digest("hex") !== found.sha256) {
    throw invalidField(
      path,
      "Expected the numbers that were written, received others: the file was changed or damaged",
    );
  }
  return { head: found, body };
}

function headOf(path: string, line: string | undefined): Head {
  let value: unknown;
  try {
    value = parseJson(line ?? "");
  } catch {
    value = undefined;
  }
  const said = (value ?? {}) as { format?: unknown; version?: unknown };
  if (said.format !== format) {
    throw invalidField(path, "Expected the file of a student, as its save writes it, received something else");
  }
  if (said.version !== version) {
    const message = `Expected a student of version ${version}, received ${JSON.stringify(said.version)}: train it again`;
    throw invalidField(path, message);
  }
  const parsed = parseWith(head, value);
  if ("issues" in parsed) throw new InvalidConfigError(eachOnce(parsed.issues.map((issue) => below(path, issue))));
  const { labels, seen } = parsed.data;
  const isAscending = seen.every((label, k) => label < labels.length && label > (seen[k - 1] ?? -1));
  if (!isAscending || new Set(labels).size < labels.length) {
    throw invalidField(path, "Expected labels of different names, and numbers of them in order, received others");
  }
  return parsed.data;
}

function below(path: string, issue: ConfigIssue): ConfigIssue {
  return { path: issue.path === "" ? path : `${path}: ${issue.path}`, message: issue.message };
}

/** Reads lists of numbers one behind the other, copied, since a part of a file may begin at any byte. */
export class NumberReader {
  readonly #path: string;
  readonly #body: Buffer;
  #at = 0;

  /**
   * @param bytes  that there must be.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there are not as many.
   */
  constructor(path: string, body: Buffer, bytes: number) {
    if (body.length !== bytes) {
      throw invalidField(path, `Expected ${bytes} bytes of numbers, as its first line says, received ${body.length}`);
    }
    this.#path = path;
    this.#body = body;
  }

  integers(count: number): Int32Array {
    return new Int32Array(this.#take(4 * count));
  }

  /** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when one is not finite. */
  floats(count: number): Float32Array {
    return this.#finite(new Float32Array(this.#take(4 * count)));
  }

  /** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when one is not finite. */
  doubles(count: number): Float64Array {
    return this.#finite(new Float64Array(this.#take(8 * count)));
  }

  #take(bytes: number): ArrayBuffer {
    const copy = new ArrayBuffer(bytes);
    new Uint8Array(copy).set(this.#body.subarray(this.#at, this.#at + bytes));
    this.#at += bytes;
    return copy;
  }

  #finite<List extends Float32Array | Float64Array>(numbers: List): List {
    for (const number of numbers) {
      if (!Number.isFinite(number)) throw invalidField(this.#path, `Expected finite numbers, received ${number}`);
    }
    return numbers;
  }
}
