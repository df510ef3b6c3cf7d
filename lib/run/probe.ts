/** How fast a teacher reads and writes as a run would have it, from a few hundred tokens of each. */
import type { NativeGenerationOptions } from "../engine/binding.js";
import type { Teacher } from "../engine/teacher.js";
import { rowsOf } from "../methods/coupling.js";
import type { Group } from "../prompt/group.js";
import { type Produced, produce, unseen } from "./make-groups.js";
import type { Prepared } from "./prepare.js";
import { tokensToRead } from "./prompt-cost.js";

/** Speeds of one copy of the teacher. */
export interface Speeds {
  /** Seconds for a prompt token that is decoded. */
  readonly secondsPerRead: number;
  /** Seconds for a token of a row, its contrast and draw included, while as many rows are decoded as will be. */
  readonly secondsPerWritten: number;
  /** Share of the time to write that the second model takes: 0..1, 0 without one. */
  readonly secondShare: number;
  /** Of each copy of the teacher: smaller than was prepared where the device had not the memory. */
  readonly contexts: readonly NativeGenerationOptions["context"][];
  readonly warnings: readonly string[];
}

/** Row tokens that are written, in steps of all rows of a few groups. */
const writtenTokens = 256;
const [fewestSteps, mostSteps] = [2, 8];
/** Rows that make a batch worth the name: more of them would decode a little faster, and take long. */
const fewestRows = 32;
/** Prompt tokens that are read. */
const readTokens = 256;
/** Tokens of the one prompt that all rows have while it is measured how they write. */
const longestBeginning = 128;

/**
 * Sets up the run's context and writes a few tokens in it, behind a prompt that is read once and copied for every row;
 * then reads a few of the prompts.
 * @param prompts  of one group as tokens, by row.
 * @throws what stopped the engine.
 */
export async function measureSpeeds(
  teacher: Teacher,
  prepared: Prepared,
  group: Group,
  prompts: readonly Int32Array[],
): Promise<Speeds> {
  const written = await write(teacher, prepared, group, prompts);
  const { decodeSeconds, sampleSeconds, decodedTokens } = written.counters;
  const read = await readSome(teacher, prepared, group, prompts);
  const { prefillSeconds, prefilledTokens } = read.counters;
  return {
    secondsPerRead: prefilledTokens === 0 ? 0 : prefillSeconds / prefilledTokens,
    secondsPerWritten: (decodeSeconds + sampleSeconds) / decodedTokens,
    secondShare: Math.min(1, written.counters.secondSeconds / (decodeSeconds + sampleSeconds)),
    contexts: written.contexts,
    warnings: written.warnings,
  };
}

function write(teacher: Teacher, prepared: Prepared, group: Group, prompts: readonly Int32Array[]): Promise<Produced> {
  const { native, shape, capacity } = prepared;
  const rows = shape.rows.length;
  const count = Math.min(capacity.groups, Math.ceil(fewestRows / rows));
  const steps = Math.round(writtenTokens / (count * rows));
  const text = textOf(group.prompts[0]!, prompts[0]!.length, longestBeginning);
  const prompt = [{ text, special: false }];
  const limits = { maxTokens: limit(native, Math.max(fewestSteps, Math.min(mostSteps, steps))), stop: [] };
  const factory = {
    build: (index: number) => ({ ...group, index, prompts: shape.rows.map(() => prompt), beginnings: [] }),
  };
  return produce(teacher, { ...prepared, factory, native: { ...native, limits } }, { first: 0, count }, unseen);
}

// A few prompts, as rows that are not coupled, in a context of their own.
function readSome(
  teacher: Teacher,
  prepared: Prepared,
  group: Group,
  prompts: readonly Int32Array[],
): Promise<Produced> {
  const { native, shape } = prepared;
  const mostRows = rowsOf(0, shape.rows);
  let rows = 0;
  while (rows < mostRows && tokensToRead({ tokens: prompts.slice(0, rows) }) < readTokens) rows++;
  const texts = group.prompts
    .slice(0, rows)
    .map((prompt, m) => [{ text: textOf(prompt, prompts[m]!.length, 2 * readTokens), special: false }]);
  const factory = { build: (index: number) => ({ ...group, index, prompts: texts, beginnings: [] }) };
  const follows = Int32Array.from(texts, (_, m) => m);
  const plain = { ...native.shape, generating: rows, follows, source: new Int32Array(), sets: [] };
  const context = { ...native.context, slots: rows, stored: 0 };
  const options = {
    ...native,
    shape: plain,
    context,
    secondContext: null,
    limits: { maxTokens: 1, stop: [] },
    contrastNorms: false,
  };
  const few = {
    ...prepared,
    factory,
    shape: { ...shape, rows: shape.rows.slice(0, rows) },
    second: undefined,
    native: options,
  };
  return produce(teacher, few, { first: 0, count: 1 }, unseen);
}

function limit({ limits }: NativeGenerationOptions, steps: number): number {
  return Math.min(steps, limits.maxTokens);
}

// About the last so many tokens of a prompt: enough to measure by.
function textOf(prompt: Group["prompts"][number], tokens: number, most: number): string {
  const text = prompt.map((part) => part.text).join("");
  return tokens <= most ? text : text.slice(-Math.ceil((text.length * most) / tokens));
}
