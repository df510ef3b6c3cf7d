/** What a run will cost, before it is started. */
import type { Teacher } from "../engine/teacher.js";
import { type Factors, factorsOf } from "../methods/factors.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { kvBytes } from "./capacity.js";
import { type Produced, produce } from "./make-groups.js";
import { type Prepared, prepare } from "./prepare.js";

/** The size of a run. Tokens and seconds are upper bounds: rows that end early cost less, rejected ones cost more. */
export interface Plan {
  /** M = K · R rows that generate in a group. */
  readonly rows: number;
  /** Rows that only follow (CFG, context-aware decoding): 0 for CorrSynth. */
  readonly contrastRows: number;
  /** What the method does to each part of a row's distribution; undefined for a matrix, where rows differ. */
  readonly factors: Factors | undefined;
  /** Groups that fill the quota when every instance is accepted. */
  readonly groups: number;
  /**
   * Groups decoded together, over all copies of the teacher. With `groups: "auto"` what 256 rows and half of the
   * machine's memory allow, or what the device takes of it: the contexts are set up as the run would, and fall back as
   * it does.
   */
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
  /** What is done without being asked for: how the chat template is used. */
  readonly notes: readonly string[];
}

const PROBE_TOKENS = 8;
const PROBE_ROWS = 32;

/**
 * Works out what a run will need. Generates no instance; sets up its context and decodes a few steps of the first
 * groups to learn the speed.
 * @param spec What to synthesise, as for {@link synthesize}; its sources are read once.
 * @throws As {@link synthesize} and its first instance would.
 * @example
 * const { groups, kvBytes, seconds } = await plan(teacher, spec);
 */
export async function plan(teacher: Teacher, spec: SynthesisSpec | ResolvedSpec): Promise<Plan> {
  return planOf(teacher, await prepare(teacher, resolveSpec(spec)));
}

/** {@link plan} of a task that was already prepared. */
export async function planOf(teacher: Teacher, prepared: Prepared): Promise<Plan> {
  const { spec, shape, groupsNeeded, capacity, native } = prepared;
  const { slotSize, threads } = native.context;
  const rows = shape.rows.length;
  const { replicas } = teacher.info;
  const tokensToDecode = groupsNeeded * rows * spec.sampling.maxTokens;
  // as many groups as make a batch worth the name: more of them would decode a little faster, and take long to fill
  const probed = Math.min(capacity.groups, Math.ceil(PROBE_ROWS / rows));
  const { counters: probe, contexts, warnings } = await decodeAFewSteps(teacher, prepared, probed);
  const over = (size: (context: Produced["contexts"][number]) => number) => contexts.map(size).reduce((a, b) => a + b);
  const groupsPerPrompts = contexts.some(({ stored }) => stored > 0) ? capacity.groupsPerPrompts : 1;
  // how often each of them pays for its prompts
  const times = (groups: number) => Math.ceil(groups / Math.min(groups, groupsPerPrompts));
  return {
    rows: shape.generating,
    contrastRows: rows - shape.generating,
    factors: factorsOf(spec.method),
    groups: groupsNeeded,
    groupsInFlight: over(({ slots }) => slots / rows),
    contextSize: slotSize,
    kvBytes: kvBytes(teacher.info, spec.engine, slotSize) * over(({ slots, stored }) => slots + stored),
    threads,
    longestPrompts: Object.fromEntries(prepared.longestPrompts),
    promptTokens: Math.round((probe.promptTokens / probed) * groupsNeeded),
    tokensToDecode,
    seconds:
      ((times(groupsNeeded) / times(probed)) * probe.prefillSeconds +
        (tokensToDecode / probe.decodedTokens) * (probe.decodeSeconds + probe.sampleSeconds)) /
      replicas,
    warnings: [...prepared.warnings, ...warnings],
    notes: prepared.notes,
  };
}

// As the run would begin, but for its length.
function decodeAFewSteps(teacher: Teacher, prepared: Prepared, count: number): Promise<Produced> {
  const { native } = prepared;
  const limits = { maxTokens: Math.min(PROBE_TOKENS, native.limits.maxTokens), stop: [] };
  return produce(teacher, { ...prepared, native: { ...native, limits } }, { first: 0, count }, () => {});
}
