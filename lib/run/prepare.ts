/** From a sound task to everything a run needs, checked against the model, before the first token is decoded. */
import { availableParallelism } from "node:os";
import type { NativeGenerationOptions } from "../binding.js";
import { ContextFullError, PromptTooLongError } from "../errors.js";
import { type GroupShape, groupShape } from "../methods/coupling.js";
import { methodRepeat } from "../methods/methods.js";
import { GroupFactory } from "../prompt/group.js";
import { readSeeds } from "../prompt/seeds.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { Teacher } from "../teacher.js";
import { Ledger } from "./ledger.js";

/** Rows that llama.cpp keeps in one context at most (LLAMA_MAX_SEQ). */
const MAX_ROWS = 256;
/** Rows in flight that `groups: "auto"` aims at: beyond, a CPU gains little per row. */
const AUTO_ROWS = 64;
/** A row of the KV cache takes room for a multiple of so many tokens. */
export const ROW_MULTIPLE = 256;

/** A run, ready to start. */
export interface Prepared {
  readonly spec: ResolvedSpec;
  readonly shape: GroupShape;
  /** R: instances of each label per group. */
  readonly repeat: number;
  readonly factory: GroupFactory;
  readonly groupsInFlight: number;
  /** Groups that fill the quota when every instance is accepted. */
  readonly groupsNeeded: number;
  /** Tokens of the longest prompt that can come up, per label. */
  readonly longestPrompts: ReadonlyMap<string, number>;
  readonly native: NativeGenerationOptions;
  readonly warnings: readonly string[];
}

/**
 * Reads the seeds, lays out the rows, and measures the longest prompts.
 * @throws {InvalidConfigError} when the seeds or the model do not fit the task.
 * @throws {PromptTooLongError} when a prompt and `maxTokens` do not fit a row of the context.
 * @throws {ContextFullError} when the rows of a group are more than a context holds.
 */
export async function prepare(teacher: Teacher, spec: ResolvedSpec): Promise<Prepared> {
  const shape = groupShape(spec.method, spec.labels.length);
  const repeat = methodRepeat(spec.method);
  const groupsNeeded = new Ledger(spec.count).groupsNeeded(repeat);
  const groupsInFlight = chooseGroups(spec, shape, groupsNeeded);
  const stored = storedRows(spec, shape, groupsInFlight);
  const pools = spec.seeds === undefined ? [] : await readSeeds(spec.seeds, spec.labels, "seeds");
  const contexts = spec.contexts === undefined ? [] : await readSeeds(spec.contexts, spec.labels, "contexts");
  const factory = new GroupFactory(spec, shape, pools, contexts, teacher.chatTemplate());
  const longestPrompts = await measure(teacher, factory);
  const rowTokens = fitRow(teacher, spec, longestPrompts);
  const warnings = [...factory.warnings];
  if (rowTokens > teacher.info.contextTrain) {
    warnings.push(
      `Rows of ${rowTokens} tokens exceed the ${teacher.info.contextTrain} that the model was trained for: expect worse text`,
    );
  }
  if (stored === 0 && spec.engine.promptReuse > 1) {
    warnings.push(
      `The context has no room to keep the prompts of ${shape.rows.length} rows: lower "engine.groups" to have them decoded once`,
    );
  }
  const native = nativeOptions(spec, shape, { slots: groupsInFlight * shape.rows.length, stored, slotSize: rowTokens });
  return { spec, shape, repeat, factory, groupsInFlight, groupsNeeded, longestPrompts, native, warnings };
}

function chooseGroups(spec: ResolvedSpec, shape: GroupShape, groupsNeeded: number): number {
  const rows = shape.rows.length;
  const asked = spec.engine.groups;
  if (rows > MAX_ROWS || (asked !== "auto" && rows * asked > MAX_ROWS)) {
    throw new ContextFullError(
      `Expected at most ${MAX_ROWS} rows in a context, received ${asked === "auto" ? 1 : asked} x ${rows} (${shape.generating} ` +
        `that generate and ${rows - shape.generating} contrast rows a group): lower "repeat", the number of labels or "engine.groups"`,
    );
  }
  return asked === "auto" ? Math.max(1, Math.min(Math.floor(AUTO_ROWS / rows), groupsNeeded)) : asked;
}

// Rows that only keep prompts for the groups to come: as many as a group has, where groups share prompts and there is room.
function storedRows(spec: ResolvedSpec, shape: GroupShape, groupsInFlight: number): number {
  const isAlwaysSame = spec.prompt.shots === 0 && Object.keys(spec.attributes).length === 0 && !spec.contexts;
  const isShared = spec.engine.promptReuse > 1 || isAlwaysSame;
  return isShared && shape.rows.length * (groupsInFlight + 1) <= MAX_ROWS ? shape.rows.length : 0;
}

async function measure(teacher: Teacher, factory: GroupFactory): Promise<Map<string, number>> {
  const prompts = factory.worstCasePrompts();
  const tokens = await teacher.native().tokenize(prompts.map(({ prompt }) => prompt));
  const longest = new Map<string, number>();
  for (const [i, { label }] of prompts.entries()) {
    longest.set(label, Math.max(longest.get(label) ?? 0, tokens[i]?.length ?? 0));
  }
  return longest;
}

// The size of a row: as asked, or as the longest prompt needs within what the model was trained for.
function fitRow(teacher: Teacher, spec: ResolvedSpec, longestPrompts: ReadonlyMap<string, number>): number {
  const { maxTokens } = spec.sampling;
  const limit = spec.engine.contextSize ?? teacher.info.contextTrain;
  for (const [label, promptTokens] of longestPrompts) {
    if (promptTokens + maxTokens > limit) {
      throw new PromptTooLongError({ label, promptTokens, maxTokens, contextSize: limit });
    }
  }
  const needed = Math.max(...longestPrompts.values()) + maxTokens;
  return spec.engine.contextSize ?? Math.min(limit, Math.ceil(needed / ROW_MULTIPLE) * ROW_MULTIPLE);
}

// All cores but one, which is left to JavaScript: ggml's threads wait for each other by spinning, so a single one that
// has to share its core holds up all of them.
function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}

function nativeOptions(
  spec: ResolvedSpec,
  shape: GroupShape,
  rows: { slots: number; stored: number; slotSize: number },
): NativeGenerationOptions {
  const { sampling, engine } = spec;
  return {
    shape: {
      generating: shape.generating,
      follows: Int32Array.from(shape.rows, (row) => row.follows),
      gamma: shape.gamma,
      sets: shape.sets.map(({ row, total, members }) => ({ row, total, members: Int32Array.from(members) })),
    },
    step: {
      alpha: sampling.plausibility,
      temperature: sampling.temperature * shape.temperature,
      topP: sampling.topP,
      topK: sampling.topK,
      contrastEnd: sampling.contrastEnd,
      seed: BigInt(sampling.seed),
    },
    limits: { maxTokens: sampling.maxTokens, stop: sampling.stop },
    logProbs: sampling.logprobs,
    context: {
      ...rows,
      batchSize: engine.batchSize,
      threads: engine.threads ?? defaultThreads(),
    },
  };
}
