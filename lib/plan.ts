/** What a run will cost, and what its prompts and first group look like, before it is started. */
import type { NativeCounters } from "./binding.js";
import { Generation } from "./generation.js";
import type { Instance } from "./run/instance.js";
import { type Prepared, prepare, ROW_MULTIPLE } from "./run/prepare.js";
import { QuotaError } from "./run/quota-error.js";
import { synthesize } from "./synthesize.js";
import { resolveSpec, type SynthesisSpec } from "./task/spec.js";
import type { Teacher } from "./teacher.js";

/** The size of a run. Tokens and seconds are upper bounds: rows that end early cost less, rejected ones cost more. */
export interface Plan {
  /** M = K · R rows that generate in a group. */
  readonly rows: number;
  /** Rows that only follow (CFG, context-aware decoding): 0 for CorrSynth. */
  readonly contrastRows: number;
  /** Groups that fill the quota when every instance is accepted. */
  readonly groups: number;
  readonly groupsInFlight: number;
  /** Tokens per row of the KV cache. */
  readonly contextSize: number;
  readonly kvBytes: number;
  readonly threads: number;
  /** Tokens of the longest prompt that can come up, per label. */
  readonly longestPrompts: Readonly<Record<string, number>>;
  /** Prompt tokens over all groups and rows, contrast rows included. */
  readonly promptTokens: number;
  /** Forward passes when every row runs to `maxTokens`. */
  readonly tokensToDecode: number;
  /** Time for all of it, from a few decoded steps whose tokens are thrown away. */
  readonly seconds: number;
  readonly warnings: readonly string[];
}

/** The prompts of the first group, and what came of them. */
export interface Preview {
  readonly prompts: readonly { readonly label: string; readonly repeat: number; readonly text: string }[];
  readonly instances: readonly Instance[];
}

const PROBE_TOKENS = 8;

/**
 * Works out what a run will need. Generates no instance; decodes a few steps of the first groups to learn the speed.
 * @throws As {@link synthesize} and its first instance would.
 * @example
 * const { groups, kvBytes, seconds } = await plan(teacher, spec);
 */
export async function plan(teacher: Teacher, spec: SynthesisSpec): Promise<Plan> {
  const prepared = await prepare(teacher, resolveSpec(spec));
  const { shape, groupsNeeded, groupsInFlight, native } = prepared;
  const { maxTokens } = prepared.spec.sampling;
  const probe = await decodeAFewSteps(teacher, prepared);
  const rowRoom = Math.ceil(native.context.slotSize / ROW_MULTIPLE) * ROW_MULTIPLE;
  const stepSeconds = (probe.decodeSeconds + probe.sampleSeconds) / probe.steps;
  const promptTokens = Math.round((probe.promptTokens / groupsInFlight) * groupsNeeded);
  return {
    rows: shape.generating,
    contrastRows: shape.rows.length - shape.generating,
    groups: groupsNeeded,
    groupsInFlight,
    contextSize: native.context.slotSize,
    kvBytes: teacher.info.kvBytesPerToken * rowRoom * (native.context.slots + native.context.stored),
    threads: native.context.threads,
    longestPrompts: Object.fromEntries(prepared.longestPrompts),
    promptTokens,
    tokensToDecode: groupsNeeded * shape.rows.length * maxTokens,
    seconds:
      (promptTokens / probe.promptTokens) * probe.prefillSeconds +
      Math.ceil(groupsNeeded / groupsInFlight) * maxTokens * stepSeconds,
    warnings: prepared.warnings,
  };
}

/**
 * Renders the prompts of the first group and generates that one group.
 * @throws As {@link synthesize} and its first instance would.
 */
export async function preview(teacher: Teacher, spec: SynthesisSpec): Promise<Preview> {
  const resolved = resolveSpec(spec);
  const { factory, shape } = await prepare(teacher, resolved);
  const prompts = factory.build(0).prompts.slice(0, shape.generating);
  const run = synthesize(teacher, { ...spec, limits: { maxGroups: 1 }, engine: { ...spec.engine, groups: 1 } });
  const instances: Instance[] = [];
  try {
    for await (const instance of run) instances.push(instance);
  } catch (error) {
    if (!(error instanceof QuotaError)) throw error; // one group is all that is wanted here
  }
  return {
    prompts: prompts.map((prompt, m) => ({
      label: resolved.labels[shape.rows[m]!.label]!.name,
      repeat: shape.rows[m]!.repeat,
      text: prompt.map(({ text }) => text).join(""),
    })),
    instances,
  };
}

async function decodeAFewSteps(teacher: Teacher, prepared: Prepared): Promise<NativeCounters> {
  const { factory, groupsInFlight, native } = prepared;
  const groups = Array.from({ length: groupsInFlight }, (_, index) => factory.build(index));
  const tokens = await Promise.all(groups.map(({ prompts }) => teacher.native().tokenize(prompts)));
  const limits = { maxTokens: Math.min(PROBE_TOKENS, native.limits.maxTokens), stop: [] };
  let next = 0;
  const generation = new Generation(
    teacher,
    { ...native, limits },
    {
      want: () => {
        const prompts = tokens[next];
        if (prompts === undefined) generation.decline();
        else generation.submit(next++, prompts);
      },
      group: () => {},
      progress: () => {},
    },
  );
  return generation.ended;
}
