/** What a run will cost, and what its prompts and first group look like, before it is started. */
import type { NativeCounters } from "../engine/binding.js";
import { Generation } from "../engine/generation.js";
import type { Teacher } from "../engine/teacher.js";
import type { Instance } from "../instance.js";
import { resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { kvBytes } from "./capacity.js";
import { type Prepared, prepare } from "./prepare.js";
import { QuotaError } from "./quota-error.js";
import { synthesize } from "./synthesize.js";

/** The size of a run. Tokens and seconds are upper bounds: rows that end early cost less, rejected ones cost more. */
export interface Plan {
  /** M = K · R rows that generate in a group. */
  readonly rows: number;
  /** Rows that only follow (CFG, context-aware decoding): 0 for CorrSynth. */
  readonly contrastRows: number;
  /** Groups that fill the quota when every instance is accepted. */
  readonly groups: number;
  /** Groups decoded together, over all copies of the teacher. With `groups: "auto"` what 256 rows and half of the machine's memory allow. */
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
  /** Time for all of it, from a few decoded steps of a few groups whose tokens are thrown away. */
  readonly seconds: number;
  readonly warnings: readonly string[];
}

/** The prompts of the first group, and what came of them. */
export interface Preview {
  readonly prompts: readonly { readonly label: string; readonly repeat: number; readonly text: string }[];
  readonly instances: readonly Instance[];
}

const PROBE_TOKENS = 8;
const PROBE_ROWS = 32;

/**
 * Works out what a run will need. Generates no instance; decodes a few steps of the first groups to learn the speed.
 * @throws As {@link synthesize} and its first instance would.
 * @example
 * const { groups, kvBytes, seconds } = await plan(teacher, spec);
 */
export async function plan(teacher: Teacher, spec: SynthesisSpec): Promise<Plan> {
  const prepared = await prepare(teacher, resolveSpec(spec));
  const { shape, groupsNeeded, capacity, native } = prepared;
  const { slots, stored, slotSize, threads } = native.context;
  const rows = shape.rows.length;
  const { replicas } = teacher.info;
  const tokensToDecode = groupsNeeded * rows * prepared.spec.sampling.maxTokens;
  const probe = await decodeAFewSteps(teacher, prepared);
  // how often each of them pays for its prompts
  const times = (groups: number) => Math.ceil(groups / Math.min(groups, capacity.groupsPerPrompts));
  return {
    rows: shape.generating,
    contrastRows: rows - shape.generating,
    groups: groupsNeeded,
    groupsInFlight: capacity.groups * replicas,
    contextSize: slotSize,
    kvBytes: kvBytes(teacher.info, prepared.spec.engine, slotSize) * (slots + stored) * replicas,
    threads,
    longestPrompts: Object.fromEntries(prepared.longestPrompts),
    promptTokens: Math.round((probe.promptTokens / probe.groups) * groupsNeeded),
    tokensToDecode,
    seconds:
      ((times(groupsNeeded) / times(probe.groups)) * probe.prefillSeconds +
        (tokensToDecode / probe.decodedTokens) * (probe.decodeSeconds + probe.sampleSeconds)) /
      replicas,
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

// As many groups as make a batch worth the name: more of them would decode a little faster, and take long to fill.
async function decodeAFewSteps(teacher: Teacher, prepared: Prepared): Promise<NativeCounters & { groups: number }> {
  const { factory, capacity, shape, native } = prepared;
  const n = Math.min(capacity.groups, Math.ceil(PROBE_ROWS / shape.rows.length));
  const groups = Array.from({ length: n }, (_, index) => factory.build(index));
  const tokens = await Promise.all(groups.map(({ prompts }) => teacher.tokenize(prompts)));
  const limits = { maxTokens: Math.min(PROBE_TOKENS, native.limits.maxTokens), stop: [] };
  const context = { ...native.context, slots: n * shape.rows.length };
  let next = 0;
  const generation = new Generation(
    teacher,
    { ...native, limits, context },
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
  return { ...(await generation.ended), groups: n };
}
