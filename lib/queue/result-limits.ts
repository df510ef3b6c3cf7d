/** What a job of a task can come to at most: more of it was made by nobody who runs this program. */
import { methodRepeat } from "../methods/methods.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { GroupRange } from "./jobs.js";

/** Bytes of the longest token that a vocabulary has: runs of spaces and of signs, up to 128 of them. */
const tokenBytes = 256;
/** Of a number in JSON, with its comma. */
const numberBytes = 32;
/** Of all that has a bound of its own in a row, and of what an example or a reason is called. */
const rowBytes = 4096;
const nameBytes = 1024;
/** Rows of a group, whatever the task says. */
const mostRows = 256;
/** Nothing larger is unpacked. */
const largest = 256 * 2 ** 20;

/** Limits for the results of one task. */
export interface ResultLimits {
  /** Bytes of a text. */
  readonly text: number;
  /** Bytes of a job's result when it is unpacked. */
  job(range: GroupRange): number;
}

/** From what a task asks for: `maxTokens` for each row of each group, and what is told of a row. */
export function resultLimits(spec: ResolvedSpec): ResultLimits {
  const { labels, method, prompt, sampling } = spec;
  const rows = Math.min(mostRows, labels.length * methodRepeat(method));
  const text = sampling.maxTokens * tokenBytes;
  const ofLabels = bytesOf(labels.map(({ name }) => name)) + labels.length * numberBytes;
  const attributes = bytesOf(spec.attributes ?? {});
  const context = spec.contextDeal?.perGroup === true ? longestOf(spec.contexts) : 0;
  const told =
    rowBytes + nameBytes * (prompt.shots + 2) + ofLabels + attributes + sampling.maxTokens * numberBytes + context;
  const tallies = labels.length * 4 * numberBytes;
  return {
    text,
    job: ({ count }) => Math.min(largest, rowBytes + count * (tallies + rows * (text + told))),
  };
}

// In a queue, contexts stand in the task itself.
function longestOf(contexts: ResolvedSpec["contexts"]): number {
  return Array.isArray(contexts) ? contexts.reduce((most, item) => Math.max(most, bytesOf(item)), 0) : 0;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
