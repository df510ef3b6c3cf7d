/**
 * What a job comes to, on its way from a worker to the collector: packed on one end, unpacked and checked on the other.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { record } from "../checks/shapes.js";
import { parseJson } from "../files/json.js";
import type { FinishedGroup } from "../run/checkpoint.js";
import type { GroupRange } from "./jobs.js";
import type { ResultLimits } from "./result-limits.js";

/** Of gzip: rows are short and much alike, so more than this saves little and costs the worker time. */
const level = 4;

const count = z.int().min(0);
const tally = z.object({
  accepted: count,
  surplus: count,
  rejected: record(count),
  takenFor: record(count).optional(),
});
const instance = z.strictObject({
  id: z.string(),
  text: z.string().min(1),
  label: z.string(),
  group: count,
  repeat: count,
  examples: z.array(z.string()),
  attributes: z.record(z.string(), z.string()).optional(),
  context: z.string().optional(),
  contextText: z.string().optional(),
  tokens: count,
  ending: z.enum(["eos", "stop", "length"]),
  cut: z.literal(true).optional(),
  cleaned: z.literal(true).optional(),
  verbalizedTexts: count.optional(),
  verbalizedProbability: z.number().optional(),
  logprob: z.number().optional(),
  contrastNorms: z.array(z.number()).optional(),
  seed: z.union([z.number(), z.string()]),
  labelProbability: z.number().optional(),
  labelProbabilities: record(z.number()).optional(),
});
const rejected = z.strictObject({
  ...instance.pick({ id: true, label: true, group: true, repeat: true, tokens: true, ending: true }).shape,
  text: z.string(),
  reason: z.string(),
  takenFor: z.string().optional(),
});
const group = z.strictObject({
  group: count,
  instances: z.array(instance),
  labels: z.array(tally),
  rejected: z.array(rejected).optional(),
});
const schema = z.strictObject({
  groups: z.array(group),
  tokens: count,
  seconds: z.number().min(0),
});

/** The groups of a job, and what they took. */
export interface JobResult {
  readonly groups: readonly FinishedGroup[];
  /** Tokens that were generated for them. */
  readonly tokens: number;
  readonly seconds: number;
}

export async function packResult(result: JobResult): Promise<Buffer> {
  return await promisify(gzip)(JSON.stringify(result), { level });
}

/**
 * @param labels  names of the task's labels, in order.
 * @param limits  of the task: nothing larger is unpacked.
 * @throws {Error} when it is not what a worker makes of these groups.
 */
export async function unpackResult(
  packed: Buffer,
  range: GroupRange,
  labels: readonly string[],
  limits: ResultLimits,
): Promise<JobResult> {
  const text = await promisify(gunzip)(packed, { maxOutputLength: limits.job(range) });
  const result = schema.parse(parseJson(text.toString("utf8")));
  const numbers = result.groups.map(({ group }) => group);
  if (numbers.length !== range.count || numbers.some((group, i) => group !== range.first + i)) {
    throw new Error(
      `Expected groups ${range.first} to ${range.first + range.count - 1}, received ${numbers.slice(0, 9).join(", ")}`,
    );
  }
  for (const group of result.groups) checkGroup(group as FinishedGroup, labels, limits);
  return result as JobResult;
}

function checkGroup(
  { group, instances, labels: tallies, rejected = [] }: FinishedGroup,
  labels: readonly string[],
  limits: ResultLimits,
): void {
  const long = [...instances, ...rejected].find(({ text }) => Buffer.byteLength(text) > limits.text);
  if (long !== undefined) {
    throw new Error(`Expected texts of at most ${limits.text} bytes, received ${Buffer.byteLength(long.text)}`);
  }
  const counted = new Map(labels.map((name) => [name, 0]));
  for (const { label } of instances) counted.set(label, (counted.get(label) ?? 0) + 1);
  const isWhole =
    counted.size === labels.length &&
    tallies.length === labels.length &&
    tallies.every(({ accepted, surplus }, label) => accepted === counted.get(labels[label]!) && surplus === 0) &&
    new Set(instances.map(({ id }) => id)).size === instances.length &&
    instances.every((row) => row.group === group && row.id.startsWith(`${group}.`));
  if (!isWhole) throw new Error(`Expected the rows of group ${group} as its counts have them, received others`);
}
