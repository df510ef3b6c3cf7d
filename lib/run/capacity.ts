/** How many groups a context holds at once: as llama.cpp's sequences, the machine's memory and the device allow. */
import { totalmem } from "node:os";
import type { NativeContextOptions, NativeGenerationOptions } from "../engine/binding.js";
import type { TeacherInfo } from "../engine/teacher.js";
import { ContextFullError } from "../errors.js";
import { type GroupShape, rowsOf } from "../methods/coupling.js";
import { contextRows, labelSets } from "../methods/label-sets.js";
import { layersOf } from "../methods/layers.js";
import { hasTree } from "../prompt/group.js";
import { usesPlaceholder } from "../task/prompt-spec.js";
import type { ResolvedSpec } from "../task/spec.js";

/** A row of the KV cache takes room for a multiple of so many tokens. */
const ROW_MULTIPLE = 256;
/** Share of the machine's memory that the teacher and its context may take when the number of groups is left open. */
const MEMORY_SHARE = 0.5;
/** Prompt tokens decoded together at least: below, their decoding gets slow and little memory is won. */
const LEAST_BATCH = 64;

/** What a context holds. With several copies of the teacher each has one. */
export interface Capacity {
  /** Groups decoded together. */
  readonly groups: number;
  /** Rows that only keep prompts for the groups to come: as many as a group has, or 0. */
  readonly stored: number;
  /** Groups in a row whose prompts are decoded once for all of them; Infinity where the whole run has the same. */
  readonly groupsPerPrompts: number;
}

/** Rounds the tokens of a row up to what the KV cache gives it. */
export function rowRoom(tokens: number): number {
  return Math.ceil(tokens / ROW_MULTIPLE) * ROW_MULTIPLE;
}

/** Bytes of a number of the KV cache, blocks of 32 with their scales taken together. */
const kvTypeBytes = {
  f32: 4,
  f16: 2,
  bf16: 2,
  q8_0: 34 / 32,
  q5_1: 24 / 32,
  q5_0: 22 / 32,
  q4_1: 20 / 32,
  q4_0: 18 / 32,
};

/** Bytes of keys and values that a row of so many tokens takes. */
export function kvBytes(info: TeacherInfo, { kvType }: ResolvedSpec["engine"], rowTokens: number): number {
  return info.kvBytesPerToken * (kvTypeBytes[kvType] / kvTypeBytes.f16) * rowRoom(rowTokens);
}

/** What decides how many groups a context holds. */
interface Room {
  readonly groupsNeeded: number;
  /** Tokens that a row must hold. */
  readonly rowTokens: number;
  /** Bytes; default the machine's, or the devices'. */
  readonly memory?: number;
  /** The second model, whose weights and rows take of the same memory. */
  readonly second?: TeacherInfo | undefined;
}

/**
 * Chooses the groups in flight. It goes by the machine's memory and not by what is free at the moment, so that the same
 * task on the same machine always gets the same number, and with it the same dataset.
 * @throws {ContextFullError} when a group, or the groups asked for, have more rows than a context.
 */
export function capacity(
  spec: ResolvedSpec,
  shape: GroupShape,
  info: TeacherInfo,
  { groupsNeeded, rowTokens, memory = memoryOf(info), second }: Room,
): Capacity {
  const rows = rowsOf(0, shape.rows);
  const groupsPerPrompts = sharedPrompts(spec);
  const isKept = groupsPerPrompts > 1 || hasTree(spec);
  checkRows(spec, shape);
  const bytesOf = (model: TeacherInfo, layers = 0) =>
    kvBytes(model, spec.engine, rowTokens) + (1 + layers) * model.vocabulary * Float32Array.BYTES_PER_ELEMENT;
  const ofRow = bytesOf(info, layersOf(spec.method, info.layers).length);
  const beside = second === undefined ? 0 : (bytesOf(second) * rowsOf(1, shape.rows)) / rows;
  const room = memory * MEMORY_SHARE - info.sizeBytes - (second?.sizeBytes ?? 0);
  const affordable = Math.min(contextRows, Math.floor(room / (ofRow + beside)));
  const keepsPrompts = isKept && affordable >= 2 * rows;
  const wanted = keepsPrompts ? affordable - rows : affordable;
  const groups =
    chosen(spec) ?? Math.max(1, Math.min(Math.floor(wanted / rows), Math.ceil(groupsNeeded / info.replicas)));
  const stored = isKept && rows * (groups + 1) <= contextRows ? rows : 0;
  return { groups, stored, groupsPerPrompts: stored > 0 ? groupsPerPrompts : 1 };
}

/**
 * What to fall back to when the device refuses the memory that was reckoned with: half the groups down to one, then no
 * rows that keep prompts, then half the batch.
 * @returns undefined when there is nothing smaller.
 */
export function smallerContext(options: NativeGenerationOptions): NativeGenerationOptions | undefined {
  const { context, secondContext, shape } = options;
  const second = shape.source.filter((source) => source === 1).length;
  const rows = shape.follows.length - second;
  const smaller = (change: (rows: number) => Partial<NativeContextOptions>) => ({
    ...options,
    context: { ...context, ...change(rows) },
    secondContext: secondContext === null ? null : { ...secondContext, ...change(second) },
  });
  const groups = Math.floor(context.slots / rows);
  if (groups > 1) return smaller((ofGroup) => ({ slots: Math.floor(groups / 2) * ofGroup }));
  if (context.stored > 0) return smaller(() => ({ stored: 0 }));
  const used = Math.min(context.batchSize, context.slotSize); // a row's prompt is decoded by itself
  const batchSize = Math.max(LEAST_BATCH, Math.floor(used / 2));
  return batchSize < context.batchSize ? smaller(() => ({ batchSize })) : undefined;
}

// With one group at a time no other group can change the shape of a batch, and with it the last bits of the logits.
function chosen(spec: ResolvedSpec): number | undefined {
  const { engine } = spec;
  if (engine.reproducible || usesPlaceholder(spec, "taboo")) return 1;
  return engine.groups === "auto" ? undefined : engine.groups;
}

function sharedPrompts(spec: ResolvedSpec): number {
  const { engine, prompt, attributes, contexts, method, labels } = spec;
  const haveAllLabels = labelSets(method, labels.length).groups === 1;
  const drawsNothing = prompt.shots === 0 && Object.keys(attributes).length === 0 && !contexts;
  const isAlwaysSame =
    haveAllLabels && drawsNothing && !usesPlaceholder(spec, "hint") && !usesPlaceholder(spec, "taboo");
  if (isAlwaysSame) return Number.POSITIVE_INFINITY;
  return engine.promptReuse === "auto" ? 1 : engine.promptReuse;
}

function checkRows(spec: ResolvedSpec, shape: GroupShape): void {
  const rows = rowsOf(0, shape.rows);
  const groups = chosen(spec) ?? 1;
  if (rows * groups <= contextRows) return;
  throw new ContextFullError(
    `Expected at most ${contextRows} rows in a context, received ${groups} x ${rows} (${shape.generating} ` +
      `that generate and ${rows - shape.generating} contrast rows a group): lower "repeat", "labelsPerGroup" or ` +
      '"engine.groups"',
  );
}

// For one copy of the model: of the GPUs that have it, else of the machine, or of the container where there is one: 0
// or absurdly much where there is none.
function memoryOf({ devices, replicas }: TeacherInfo): number {
  const sizes = devices.map(({ memoryTotal }) => memoryTotal);
  const ofGpus = replicas > 1 ? Math.min(...sizes) : sizes.reduce((sum, size) => sum + size, 0);
  if (ofGpus > 0 && ofGpus < Number.POSITIVE_INFINITY) return ofGpus;
  const limit = process.constrainedMemory();
  return (limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / replicas;
}
