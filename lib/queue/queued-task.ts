/** What a queue holds of its task: all that workers need to make the same rows, and a collector to select them. */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { InvalidConfigError, QueueError } from "../errors.js";
import { parseJson } from "../files/json.js";
import { calibrationSchema } from "../store/calibration.js";
import type { RunDescription } from "../store/manifest.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";

/** Bytes that a task may have when it is unpacked. */
const largestTask = 256 * 2 ** 20;

const positive = z.int().min(1);
const description = z.looseObject({
  settings: z.looseObject({}),
  teacher: z.looseObject({ path: z.string(), sha256: z.string() }),
  versions: z.record(z.string(), z.string()),
  started: z.string(),
});

const schema = z.strictObject({
  format: z.literal(1),
  /** As the task names it: "demo", hf:…, or a path. */
  teacher: z.string().min(1),
  /** With the seeds and contexts themselves in place of their files: no queue names a file that a worker then reads. */
  spec: z.looseObject({
    seeds: z.looseObject({ from: z.array(z.unknown()) }).optional(),
    contexts: z.looseObject({ from: z.array(z.unknown()) }).optional(),
  }),
  /** What the manifest of the dataset will say. */
  description,
  groupsPerJob: positive,
  /** Jobs that may be done before the first of them is collected. */
  jobsAhead: positive,
  /** Times that a job may be begun before it is set aside. */
  attempts: positive,
  /** What the label check is calibrated by, the same for all workers; absent of a task without one. */
  calibration: calibrationSchema.optional(),
});

/** A task as a queue has it. */
export interface QueuedTask extends Omit<z.output<typeof schema>, "spec" | "description"> {
  readonly spec: SynthesisSpec;
  readonly description: RunDescription;
}

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is larger than a queue takes. */
export async function packTask(queued: QueuedTask): Promise<Buffer> {
  const text = JSON.stringify(queued);
  if (Buffer.byteLength(text) > largestTask) {
    const size = `at most ${largestTask} bytes with its seeds and contexts`;
    const message = `Expected a task of ${size}, received more: use fewer, or shards`;
    throw new InvalidConfigError([{ path: "contexts", message }]);
  }
  return await promisify(gzip)(text);
}

/** @throws {QueueError} CORRSYNTH_QUEUE when it is not as {@link packTask} makes it, or its task is not sound. */
export async function unpackTask(packed: Buffer, name: string): Promise<{ queued: QueuedTask; spec: ResolvedSpec }> {
  try {
    const text = await promisify(gunzip)(packed, { maxOutputLength: largestTask });
    const queued = schema.parse(parseJson(text.toString("utf8"))) as unknown as QueuedTask;
    return { queued, spec: resolveSpec(queued.spec) };
  } catch (cause) {
    const reason = (cause as Error).message.split("\n")[0];
    throw new QueueError(`Expected the task of "${name}" as enqueue writes it, received something else (${reason})`, {
      cause,
    });
  }
}
