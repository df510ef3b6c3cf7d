/** What a run will cost, before it is started. */
import type { Teacher, TeacherInfo } from "../engine/teacher.js";
import { leftOutRules } from "../filters/left-out.js";
import { rowsOf, type ShapeRow } from "../methods/coupling.js";
import { type Strength, strengthOf } from "../methods/factors.js";
import { contextRows, labelSets, treeSpan } from "../methods/label-sets.js";
import { layersOf } from "../methods/layers.js";
import { sum } from "../numbers/sum.js";
import { hasTree } from "../prompt/group.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { kvBytes } from "./capacity.js";
import { type CheckCost, checkCost } from "./check-cost.js";
import { type Prepared, prepare } from "./prepare.js";
import { measureSpeeds, type Speeds } from "./probe.js";
import { rowsToRead } from "./prompt-cost.js";
import { type RowTokens, rowTokens } from "./row-tokens.js";

/**
 * A second model and its share.
 * @inline
 */
export interface SecondModelPlan {
  readonly role: "amateur" | "guide";
  readonly info: TeacherInfo;
  /** Rows of a group that it decodes. */
  readonly rows: number;
  /** Keys and values of its rows, in bytes. */
  readonly kvBytes: number;
  /** Share of the time to write a token that is its own, 0..1. */
  readonly timeShare: number;
}

/**
 * The size of a run when no row is rejected: rejected ones cost more. Tokens to decode and seconds are upper bounds, since
 * rows may end early.
 */
export interface Plan {
  /** M = K · R rows that generate in a group of K labels. */
  readonly rows: number;
  /** Labels that get rows in a group: all of the task, or as many as take turns. */
  readonly labelsPerGroup: number;
  /** Rows that only follow (CFG, context-aware decoding): 0 for CorrSynth. */
  readonly contrastRows: number;
  /**
   * How strong the method is: what it does to each part of a row's distribution, the total contrast, and the temperature
   * that it amounts to; undefined for a matrix, where rows differ.
   */
  readonly strength: Strength | undefined;
  /** Who decides that a text is over: `sampling.ends`. */
  readonly ends: ResolvedSpec["sampling"]["ends"];
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
  /** The second model of `contrastive`, `guided`, or an `amateur` or `guide` in another method; null without one. What it takes is in all other figures. */
  readonly second: SecondModelPlan | null;
  /** The early layers that `dola`, the method or in another one, chooses from, of 1..blocks − 1; empty without. */
  readonly layers: readonly number[];
  readonly threads: number;
  /** Tokens of the longest prompt that can come up, per label. */
  readonly longestPrompts: Readonly<Record<string, number>>;
  /** Prompt tokens over all groups and rows, contrast rows included; those of further groups as the first have them. */
  readonly promptTokens: number;
  /** Those of them that are decoded: what rows or groups have in common is decoded once. */
  readonly promptTokensToRead: number;
  /** Forward passes when every row runs to `maxTokens`. */
  readonly tokensToDecode: number;
  /** Time for all of it, from a few hundred tokens that were read and written. */
  readonly seconds: number;
  /** The same when the texts are as long as the seeds, on average; null without seeds. */
  readonly likelySeconds: number | null;
  /** The part of both that goes into reading prompts. */
  readonly promptSeconds: number;
  /**
   * What the label check adds to both, with texts as long as the seeds, or without seeds as long as `maxTokens` allows;
   * null without a check, zeros of a student.
   */
  readonly check: (CheckCost & { readonly seconds: number }) | null;
  readonly warnings: readonly string[];
  /**
   * What is done without being asked for: how the chat template is used, and which rules of the filters are left out,
   * since the seeds have what they reject; and what would save much of the time.
   */
  readonly notes: readonly string[];
}

/** Rows whose prompts are measured, in whole groups. */
const measuredRows = 64;
/** Seeds that say how long texts are. */
const measuredSeeds = 200;
/** Share of the time, and seconds saved, from which on it is said that groups could share prompts, and how many. */
const [muchOfTheTime, muchSaved, suggestedReuse] = [0.5, 10, 4];

/**
 * Works out what a run will need. Generates no instance; sets up its context, reads and writes a few hundred tokens to
 * learn the speed, and reckons with as many groups as are needed when no row is rejected.
 * @param spec What to synthesise, as for {@link synthesize}; its sources are read once.
 * @throws As {@link synthesize} and its first instance would.
 * @example
 * const { groups, kvBytes, seconds } = await plan(teacher, spec);
 */
export async function plan(teacher: Teacher, spec: SynthesisSpec | ResolvedSpec): Promise<Plan> {
  const prepared = await prepare(teacher, resolveSpec(spec));
  try {
    return await planOf(teacher, prepared);
  } finally {
    await prepared.close();
  }
}

/** {@link plan} of a task that was already prepared. */
export async function planOf(teacher: Teacher, prepared: Prepared): Promise<Plan> {
  const { spec, shape, groupsNeeded, capacity, native, factory } = prepared;
  const { slotSize, threads } = native.context;
  const rows = shape.rows.length;
  const { maxTokens, contrastTokens } = spec.sampling;
  // contrast rows are decoded as long as there is contrast
  const writtenOf = (tokens: number) =>
    groupsNeeded * (shape.generating * tokens + (rows - shape.generating) * Math.min(tokens, contrastTokens));
  const isTree = hasTree(spec);
  // of a tree all groups that share the beginnings of their prompts
  const measured = Math.min(groupsNeeded, Math.max(isTree ? treeSpan + 1 : 1, Math.ceil(measuredRows / rows)));
  const groups = Array.from({ length: measured }, (_, index) => factory.build(index));
  const prompts: RowTokens[] = [];
  for (const group of groups) prompts.push(await rowTokens(teacher, prepared, group));
  const speeds = await measureSpeeds(teacher, prepared, groups[0]!, [...prompts[0]!.tokens]);
  const { contexts, secondsPerRead, secondsPerWritten } = speeds;
  const over = (size: (context: Speeds["contexts"][number]) => number) => contexts.map(size).reduce((a, b) => a + b);
  const hasStored = contexts.some(({ stored }) => stored > 0);
  const perGroup = (size: (rows: RowTokens) => number) => sum(prompts.map(size)) / measured;
  const groupsPerPrompts = hasStored ? capacity.groupsPerPrompts : 1;
  // how often a set of prompts is read
  const sets = (shared: number) => Math.ceil(groupsNeeded / Math.min(groupsNeeded, shared));
  const [first, kept] = [false, true].map((areKept) => perGroup((group) => rowsToRead(group, shape.rows, { areKept })));
  const ofTree = isTree && hasStored ? treeTokens(prompts, shape.rows, groupsNeeded) : undefined;
  const toRead = (shared: number) => ofTree ?? sets(shared) * first! + (groupsNeeded - sets(shared)) * kept!;
  const tokensToDecode = writtenOf(maxTokens);
  const { replicas } = teacher.info;
  const promptSeconds = (toRead(groupsPerPrompts) * secondsPerRead) / replicas;
  const texts = someSeeds(prepared);
  const cost = await checkCost(teacher, prepared, texts.length > 0 ? texts : ["word ".repeat(maxTokens)]);
  const checkSeconds = cost === undefined ? 0 : (cost.tokens + cost.calibrationTokens) * secondsPerRead;
  const secondsFor = (tokens: number) =>
    checkSeconds + promptSeconds + (writtenOf(tokens) * secondsPerWritten) / replicas;
  const textTokens = await meanTokens(teacher, texts);
  const likelySeconds = textTokens === undefined ? null : secondsFor(Math.min(maxTokens, textTokens));
  const share = promptSeconds / (likelySeconds ?? secondsFor(maxTokens));
  const saved = promptSeconds - (toRead(suggestedReuse) * secondsPerRead) / replicas;
  const isShared =
    isTree ||
    groupsPerPrompts > 1 ||
    spec.prompt.shots === 0 ||
    2 * rowsOf(0, shape.rows) > contextRows ||
    saved < muchSaved;
  // a row of the second model for every so many of the teacher
  const perRow = rowsOf(1, shape.rows) / rowsOf(0, shape.rows);
  const kvOf = (info: TeacherInfo, share: number) =>
    kvBytes(info, spec.engine, slotSize) * over(({ slots, stored }) => (slots + stored) * share);
  const second = prepared.second && {
    role: prepared.second.role,
    info: prepared.second.model.info,
    rows: rowsOf(1, shape.rows),
    kvBytes: kvOf(prepared.second.model.info, perRow),
    timeShare: speeds.secondShare,
  };
  const advice = isShared || share < muchOfTheTime ? [] : [reuseAdvice(share, saved)];
  if (isTree) advice.push(treeNote(prepared.distinctGroups));
  return {
    rows: shape.generating,
    labelsPerGroup: labelSets(spec.method, spec.labels.length).own,
    contrastRows: rowsOf(0, shape.rows) - shape.generating,
    strength: strengthOf(spec.method),
    ends: spec.sampling.ends,
    groups: groupsNeeded,
    groupsInFlight: over(({ slots }) => slots / rowsOf(0, shape.rows)),
    contextSize: slotSize,
    kvBytes: kvOf(teacher.info, 1) + (second?.kvBytes ?? 0),
    second: second ?? null,
    layers: layersOf(spec.method, teacher.info.layers),
    threads,
    longestPrompts: Object.fromEntries(prepared.longestPrompts),
    promptTokens: Math.round(perGroup(({ tokens }) => sum(tokens.map(({ length }) => length))) * groupsNeeded),
    promptTokensToRead: Math.round(toRead(groupsPerPrompts)),
    tokensToDecode,
    seconds: secondsFor(maxTokens),
    likelySeconds,
    promptSeconds,
    check: cost === undefined ? null : { ...cost, seconds: checkSeconds },
    warnings: [...prepared.warnings, ...speeds.warnings],
    notes: [...prepared.notes, ...leftOutRules(spec, prepared.sources, prepared.template), ...advice],
  };
}

// The first group reads all of its prompts, those after it what they do not share with the one before.
function treeTokens(groups: readonly RowTokens[], rows: readonly ShapeRow[], needed: number): number {
  const [first, ...others] = groups.map((group, i) => rowsToRead(group, rows, { before: groups[i - 1] }));
  return first! + (others.length === 0 ? 0 : ((needed - 1) * sum(others)) / others.length);
}

// Seeds from everywhere among them; none of a task without.
function someSeeds({ sources }: Prepared): string[] {
  const seeds = [...sources.seeds];
  const step = Math.max(1, seeds.length / measuredSeeds);
  return Array.from({ length: Math.min(seeds.length, measuredSeeds) }, (_, i) => seeds[Math.floor(i * step)]!);
}

// Mean tokens of texts, the one that ends a text included; undefined without texts.
async function meanTokens(teacher: Teacher, some: readonly string[]): Promise<number | undefined> {
  if (some.length === 0) return undefined;
  const tokens = await teacher.tokenize(some.map((text) => [{ text, special: false }]));
  return sum(tokens.map(({ length }) => length)) / tokens.length + 1;
}

function treeNote(distinct: number): string {
  return `engine.promptReuse auto: no two of ${distinct} groups that a label has in a row get the same examples`;
}

function reuseAdvice(share: number, saved: number): string {
  const minutes = saved < 90 ? `${Math.round(saved)} seconds` : `${Math.round(saved / 60)} minutes`;
  return (
    `Reading prompts takes ${Math.round(100 * share)} % of the time: engine.promptReuse ${suggestedReuse} would save ` +
    `about ${minutes}, at the price that as many groups share their examples`
  );
}
