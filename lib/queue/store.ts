/** What a run keeps in Redis beside BullMQ's jobs: its task, results that wait for the collector, who works on it. */
import type { Redis } from "ioredis";
import { z } from "zod";
import { record } from "../checks/shapes.js";
import { InvalidConfigError, QueueError } from "../errors.js";
import { parseJson } from "../files/json.js";
import { compareAndDelete, compareAndSet } from "./compare.js";

/** In front of every key; the braces keep all of them on one node of a cluster, as BullMQ needs it. */
export const keyPrefix = "{corrsynth}";

/** Seconds that a worker counts as there after its last sign of life. */
const silence = 20;
/** Bytes of a sign of life. */
const longestSign = 4096;
/** Seconds that a finished run can be asked about. */
const afterlife = 7 * 24 * 3600;

/** A worker's sign of life. */
const signSchema = z.object({
  id: z.string(),
  pid: z.int(),
  host: z.string(),
  /** ISO 8601. */
  since: z.string(),
  jobs: z.int().min(0),
  rows: z.int().min(0),
  tokensPerSecond: z.number().min(0),
});
/** What a worker says of itself from time to time. */
export type WorkerSign = z.output<typeof signSchema>;

function signOf(text: string): WorkerSign[] {
  try {
    return [signSchema.parse(parseJson(text))];
  } catch {
    return []; // counted
  }
}

const countsSchema = z.object({
  wanted: z.int().min(0),
  accepted: z.int().min(0),
  surplus: z.int().min(0),
  rejected: record(z.int().min(0)),
});
/** How far the collector is. */
const progressSchema = z.object({
  labels: z.record(z.string(), countsSchema),
  /** Groups that are safe in the dataset. */
  groups: z.int().min(0),
  /** Jobs that are, or were set aside: all before this number. */
  nextJob: z.int().min(0),
  /** Groups that were set aside. */
  setAside: z.array(z.object({ first: z.int(), count: z.int(), reason: z.string() })),
  rowsPerSecond: z.number().min(0),
  /** ISO 8601. */
  at: z.string(),
  isDone: z.boolean(),
});
export type CollectorProgress = z.output<typeof progressSchema>;

/** A result that is too large to be fetched. */
export interface LargeResult {
  readonly bytes: number;
}
/** What stands in the place of a job's result; undefined where there is none. */
export type StoredResult = Buffer | LargeResult | undefined;

export function isLarge(result: Buffer | LargeResult): result is LargeResult {
  return !Buffer.isBuffer(result);
}

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it cannot be the name of a run. */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return;
  const message = `Expected 1 to 64 letters, digits, dots, dashes and underscores, received ${JSON.stringify(name)}`;
  throw new InvalidConfigError([{ path: "name", message }]);
}

/** Names of the runs that were enqueued and not forgotten, the latest last. */
export async function runNames(client: Redis): Promise<string[]> {
  return await client.zrange(`${keyPrefix}/runs`, 0, -1);
}

export class QueueStore {
  readonly name: string;
  readonly #client: Redis;

  constructor(client: Redis, name: string) {
    checkName(name);
    this.name = name;
    this.#client = client;
  }

  #key(what: string): string {
    return `${keyPrefix}/${this.name}/${what}`;
  }

  /** The packed task, or undefined where no such run was enqueued. */
  async task(): Promise<Buffer | undefined> {
    return (await this.#client.getBuffer(this.#key("task"))) ?? undefined;
  }

  /** @throws {QueueError} CORRSYNTH_QUEUE when there is none. */
  async taskOrThrow(): Promise<Buffer> {
    const task = await this.task();
    if (task !== undefined) return task;
    const names = await runNames(this.#client);
    const known = names.length === 0 ? "there are none" : `there are ${names.slice(-10).join(", ")}`;
    const advice = `corrsynth enqueue TASK --name ${this.name}`;
    throw new QueueError(`Expected a run that was enqueued as "${this.name}", and found none (${known}): ${advice}`);
  }

  /**
   * Puts the packed task there, where nobody has put another meanwhile; whether that is so.
   * @param before  what {@link task} said.
   */
  async putTask(packed: Buffer, before: Buffer | undefined): Promise<boolean> {
    if (!(await compareAndSet(this.#client, this.#key("task"), before ?? null, packed))) return false;
    await this.#client.zadd(`${keyPrefix}/runs`, "NX", Date.now(), this.name);
    return true;
  }

  /** Leaves what a job came to; the first result of a job stays. */
  async putResult(job: number, packed: Buffer): Promise<void> {
    await this.#client.hsetnx(this.#key("results"), String(job), packed);
    const progress = await this.progress();
    if (progress?.isDone) await this.dropResults([job]); // too late: nobody will collect it
  }

  /** Whether a job's result waits, or was collected. */
  async hasResult(job: number): Promise<boolean> {
    if ((await this.#client.hexists(this.#key("results"), String(job))) === 1) return true;
    const progress = await this.progress();
    return progress !== undefined && (progress.isDone || job < progress.nextJob);
  }

  /**
   * The results of consecutive jobs.
   * @param most  bytes of one; of larger ones the size alone comes over the wire.
   */
  async results(first: number, count: number, most: number): Promise<StoredResult[]> {
    const key = this.#key("results");
    const jobs = Array.from({ length: count }, (_, i) => String(first + i));
    const sizes = await Promise.all(jobs.map((job) => this.#client.hstrlen(key, job)));
    // also of those that are not there: who may not read is told at once
    const small = jobs.filter((_, i) => sizes[i]! <= most);
    const found = small.length === 0 ? [] : await this.#client.hmgetBuffer(key, ...small);
    const fetched = new Map(small.map((job, i) => [job, found[i] ?? undefined]));
    return jobs.map((job, i) => (sizes[i]! > most ? { bytes: sizes[i]! } : fetched.get(job)));
  }

  /** Numbers of the jobs whose results wait, and how many stand there under no job's number. */
  async waiting(): Promise<{ readonly jobs: readonly number[]; readonly malformed: number }> {
    const fields = await this.#client.hkeys(this.#key("results"));
    const jobs = fields.filter((field) => /^(0|[1-9]\d{0,15})$/.test(field)).map(Number);
    return { jobs, malformed: fields.length - jobs.length };
  }

  async dropResults(jobs: readonly number[]): Promise<void> {
    if (jobs.length > 0) await this.#client.hdel(this.#key("results"), ...jobs.map(String));
  }

  async progress(): Promise<CollectorProgress | undefined> {
    const text = await this.#client.get(this.#key("progress"));
    return text === null ? undefined : this.#parse(progressSchema, text, "progress");
  }

  async putProgress(progress: CollectorProgress): Promise<void> {
    await this.#client.set(this.#key("progress"), JSON.stringify(progress));
  }

  /** Shows that a worker is there. */
  async signal(sign: WorkerSign): Promise<void> {
    await this.#client
      .multi()
      .sadd(this.#key("workers"), sign.id)
      .set(this.#key(`worker/${sign.id}`), JSON.stringify(sign), "EX", silence)
      .exec();
  }

  async signOff(id: string): Promise<void> {
    await this.#client
      .multi()
      .srem(this.#key("workers"), id)
      .del(this.#key(`worker/${id}`))
      .exec();
  }

  /**
   * The workers that have given a sign of life within twenty seconds, and how many such signs are none that a worker
   * gives: what is wrong with one is no reason to go without the others.
   */
  async workers(): Promise<{ readonly signs: readonly WorkerSign[]; readonly malformed: number }> {
    const ids = await this.#client.smembers(this.#key("workers"));
    const pipeline = this.#client.pipeline();
    for (const id of ids) pipeline.getrange(this.#key(`worker/${id}`), 0, longestSign);
    const found = (await pipeline.exec()) ?? [];
    const gone = ids.filter((_, i) => found[i]?.[0] === null && found[i][1] === "");
    if (gone.length > 0) await this.#client.srem(this.#key("workers"), ...gone);
    const signs = found.flatMap(([error, text]) => (error === null && text !== "" ? signOf(String(text)) : []));
    return { signs, malformed: ids.length - gone.length - signs.length };
  }

  /**
   * Takes the collector's place for `ms` milliseconds, or keeps it: undefined, or who has it. Of several that come at
   * the same moment one has it.
   * @param own  unlike that of any other collector.
   * @param isGone  says whether the one that has it is.
   */
  async takeCollector(own: string, ms: number, isGone: (holder: string) => boolean): Promise<string | undefined> {
    const key = this.#key("collector");
    for (;;) {
      const held = await this.#client.getBuffer(key);
      const holder = held?.toString() ?? own;
      if (holder !== own && !isGone(holder)) return holder;
      if (await compareAndSet(this.#client, key, held, own, { ms })) return undefined;
    }
  }

  /** Leaves the collector's place to others, where `own` still has it. */
  async releaseCollector(own: string): Promise<void> {
    await compareAndDelete(this.#client, this.#key("collector"), own);
  }

  /** Forgets all but the task and the progress, and these after a week. */
  async finish(progress: CollectorProgress): Promise<void> {
    await this.putProgress(progress);
    await this.#client
      .multi()
      .del(this.#key("results"))
      .expire(this.#key("task"), afterlife)
      .expire(this.#key("progress"), afterlife)
      .zrem(`${keyPrefix}/runs`, this.name)
      .exec();
  }

  #parse<Value>(schema: z.ZodType<Value>, text: string, what: string): Value {
    try {
      return schema.parse(parseJson(text));
    } catch (cause) {
      throw new QueueError(`Expected the ${what} of "${this.name}" as corrsynth writes it, received something else`, {
        cause,
      });
    }
  }
}
