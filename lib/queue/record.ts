/** What a queue holds of its task: all that a worker needs to make the same rows as any other, and a collector to select them. */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { InvalidConfigError, QueueError } from "../errors.js";
import { readJsonl } from "../files/jsonl.js";
import { readTemplateFile } from "../prompt/template-file.js";
import { differences } from "../store/differences.js";
import type { RunDescription } from "../store/manifest.js";
import type { SeedInput, SeedSource } from "../task/seed-source.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";

/** Bytes that a record may have when it is unpacked. */
const largestRecord = 256 * 2 ** 20;

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
  spec: z.looseObject({ seeds: z.array(z.unknown()).optional(), contexts: z.array(z.unknown()).optional() }),
  /** What the manifest of the dataset will say. */
  description,
  groupsPerJob: positive,
  /** Jobs that may be done before the first of them is collected. */
  jobsAhead: positive,
  /** Times that a job may be begun before it is set aside. */
  attempts: positive,
});

/** A queue's task. */
export interface QueueRecord extends Omit<z.output<typeof schema>, "spec" | "description"> {
  readonly spec: SynthesisSpec;
  readonly description: RunDescription;
}

/** Packs a record. @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is larger than a queue takes. */
export async function packRecord(record: QueueRecord): Promise<Buffer> {
  const text = JSON.stringify(record);
  if (Buffer.byteLength(text) > largestRecord) {
    const message = `Expected a task of at most ${largestRecord} bytes with its seeds and contexts, received more: use fewer, or shards`;
    throw new InvalidConfigError([{ path: "contexts", message }]);
  }
  return await promisify(gzip)(text);
}

/** @throws {QueueError} CORRSYNTH_QUEUE when it is not as {@link packRecord} makes it, or its task is not sound. */
export async function unpackRecord(packed: Buffer, name: string): Promise<{ record: QueueRecord; spec: ResolvedSpec }> {
  try {
    const text = await promisify(gunzip)(packed, { maxOutputLength: largestRecord });
    const record = schema.parse(JSON.parse(text.toString("utf8"))) as unknown as QueueRecord;
    return { record, spec: resolveSpec(record.spec) };
  } catch (cause) {
    const reason = (cause as Error).message.split("\n")[0];
    throw new QueueError(`Expected the task of "${name}" as enqueue writes it, received something else (${reason})`, {
      cause,
    });
  }
}

/** The task with its seeds, contexts and chat template in it, so that no worker needs the files; ids stay what they are. */
export async function withSources(spec: SynthesisSpec): Promise<SynthesisSpec> {
  const { seeds, contexts, prompt } = spec;
  const { template } = prompt;
  return {
    ...spec,
    ...(typeof template === "string"
      ? { prompt: { ...prompt, template: { jinja: await readTemplateFile(template) } } }
      : {}),
    ...(seeds === undefined ? {} : { seeds: await itemsOf(seeds) }),
    ...(contexts === undefined ? {} : { contexts: await itemsOf(contexts) }),
  };
}

async function itemsOf(source: SeedSource): Promise<SeedInput[]> {
  const items: SeedInput[] = [];
  if (typeof source === "string") {
    for await (const { value, line } of readJsonl(source)) items.push({ id: line, ...(value as SeedInput) });
  } else {
    for await (const value of source) items.push({ id: items.length + 1, ...value });
  }
  return items;
}

/**
 * Makes sure that a process would make the rows of this queue.
 * @param found  its model and versions.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each difference.
 */
export function checkWorker(
  name: string,
  { description: { teacher, versions, settings } }: QueueRecord,
  found: Pick<RunDescription, "teacher" | "versions">,
): void {
  const issues = differences({ settings, teacher, versions }, { ...found, settings } as RunDescription);
  for (const field of ["corrsynth", "llamaCpp"]) {
    if (versions[field] === found.versions[field] || issues.some(({ path }) => path === `versions.${field}`)) continue;
    const message = `Expected ${JSON.stringify(versions[field])}, received ${JSON.stringify(found.versions[field])}`;
    issues.push({ path: `versions.${field}`, message });
  }
  if (issues.length === 0) return;
  const message = `Expected the model and the versions that "${name}" was enqueued with, since others make other rows: this worker takes no job`;
  throw new InvalidConfigError([...issues, { path: "", message }]);
}
