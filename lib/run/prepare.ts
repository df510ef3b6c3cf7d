/** From a sound task to everything a run needs, checked against the model, before the first token is decoded. */

import { thrownBy } from "../checks/thrown.js";
import type { NativeGenerationOptions } from "../engine/binding.js";
import type { Prompt } from "../engine/prompt.js";
import type { Teacher } from "../engine/teacher.js";
import { defaultThreads } from "../engine/threads.js";
import { InvalidConfigError } from "../errors.js";
import { LabelCheck } from "../label-check/label-check.js";
import { type GroupShape, groupShape } from "../methods/coupling.js";
import { labelSets } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import { type ChatFormat, readChatFormat } from "../prompt/chat-template.js";
import { GroupFactory, turnsOf } from "../prompt/group.js";
import { seedWarnings } from "../prompt/seed-remarks.js";
import { readSeeds, type SeedPools, type Sources, textsOf } from "../prompt/seeds.js";
import { templateOf } from "../prompt/template-file.js";
import { rivalNotes, tabooCheckIssue, taskRemarks } from "../task/remarks.js";
import type { ResolvedSpec } from "../task/spec.js";
import { type Capacity, capacity, rowRoom } from "./capacity.js";
import { fittingSeeds } from "./long-seeds.js";
import { groupsOf } from "./turns.js";

/** A run, ready to start. */
export interface Prepared {
  readonly spec: ResolvedSpec;
  readonly shape: GroupShape;
  /** R: instances of each label per group. */
  readonly repeat: number;
  readonly factory: Pick<GroupFactory, "build">;
  /**
   * To be told of each accepted row; undefined of a task without {taboo}. With it a group is built when the one before
   * it was taken, and no sooner.
   */
  readonly taboo: GroupFactory["taboo"];
  /** Labels that a whole group is made for. */
  readonly labelsOf: GroupFactory["labelsOf"];
  readonly capacity: Capacity;
  /** Groups that fill the quota when every instance is accepted. */
  readonly groupsNeeded: number;
  /** Groups that have the labels whose turn it is, or all; those after them make up for what is missing. */
  readonly wholeGroups: number;
  /** Tokens of the longest prompt that can come up, per label. */
  readonly longestPrompts: ReadonlyMap<string, number>;
  /** What a row may copy. */
  readonly sources: Sources;
  /** What the model's chat template adds to the prompts, piece by piece; empty for raw prompts. */
  readonly template: readonly string[];
  /** The label check; undefined of a task without one. Whoever prepared the task closes it. */
  readonly check: LabelCheck | undefined;
  readonly native: NativeGenerationOptions;
  readonly warnings: readonly string[];
  /** What was done of itself, for `plan` and `preview` to say: how the chat template is used. */
  readonly notes: readonly string[];
}

/**
 * Reads the seeds and contexts, once, lays out the rows, and measures the longest prompts. Whoever needs the task more
 * than once hands on what comes of it: sources may be such that they can be read but once.
 * @param options.groups  groups that are to be made, of the whole dataset's when every instance is accepted; default
 *   all.
 * @throws {InvalidConfigError} when the seeds or the model do not fit the task.
 * @throws {PromptTooLongError} when a prompt and `maxTokens` do not fit a row of the context.
 * @throws {ContextFullError} when the rows of a group are more than a context holds.
 */
export async function prepare(
  teacher: Teacher,
  spec: ResolvedSpec,
  options: { readonly groups?: ((prepared: Pick<Prepared, "groupsNeeded">) => number) | undefined } = {},
): Promise<Prepared> {
  const sizes = labelSets(spec.method, spec.labels.length);
  const shape = groupShape(spec.method, sizes.labels, sizes.own);
  const repeat = methodRepeat(spec.method);
  const { groupsNeeded, wholeGroups } = groupsOf(spec);
  const pools = await readSource(spec, "seeds");
  const contexts = await readSource(spec, "contexts");
  const chat = await chatFormat(teacher, spec, pools);
  const forms = { chat, blank: blankPrompt(teacher, spec) };
  let factory = new GroupFactory(spec, shape, pools, contexts, forms);
  let longestPrompts = await measure(teacher, factory);
  const contextSize = spec.engine.contextSize ?? teacher.info.contextTrain;
  const fitting = await fittingSeeds(teacher, spec, factory, pools, { contextSize, longestPrompts });
  if (fitting.pools !== pools) {
    factory = new GroupFactory(spec, shape, fitting.pools, contexts, forms);
    longestPrompts = await measure(teacher, factory);
  }
  const rowTokens = spec.engine.contextSize ?? rowSize(spec, teacher.info.contextTrain, longestPrompts);
  const groupsToMake = options.groups?.({ groupsNeeded }) ?? groupsNeeded;
  const rows = capacity(spec, shape, teacher.info, { groupsNeeded: groupsToMake, rowTokens });
  const warnings = [
    ...taskRemarks(spec),
    ...seedWarnings(spec.labels, fitting.pools),
    ...fitting.warnings,
    ...factory.warnings,
    ...(chat?.warnings ?? []),
  ];
  if (rowTokens > teacher.info.contextTrain) {
    warnings.push(
      `Rows of ${rowTokens} tokens exceed the ${teacher.info.contextTrain} that the model was trained for: ` +
        "expect worse text",
    );
  }
  if (rows.stored === 0 && spec.engine.promptReuse > 1) {
    warnings.push(
      `The context has no room to keep the prompts of ${shape.rows.length} rows: lower "engine.groups" to have ` +
        "them decoded once",
    );
  }
  const slots = rows.groups * shape.rows.length;
  const native = nativeOptions(spec, shape, { slots, stored: rows.stored, slotSize: rowTokens }, teacher.info.replicas);
  const sources = { seeds: textsOf(pools), contexts: textsOf(contexts) };
  const own = factory.build(0).prompts.slice(0, shape.generating);
  const template = own.flatMap((prompt) => prompt.filter(({ special }) => special));
  const check = await LabelCheck.create(teacher, spec, { pools: fitting.pools, contexts, factory });
  if (factory.taboo !== undefined && check?.calibratedBy === "rows") {
    await check.close();
    throw new InvalidConfigError([{ path: "check", message: tabooCheckIssue }]);
  }
  return {
    spec,
    shape,
    repeat,
    factory,
    taboo: factory.taboo,
    labelsOf: (index) => factory.labelsOf(index),
    capacity: rows,
    groupsNeeded,
    wholeGroups,
    longestPrompts,
    sources,
    template: [...new Set(template.map(({ text }) => text))],
    check,
    native,
    warnings,
    notes: [...(chat?.notes ?? []), ...rivalNotes(spec)],
  };
}

async function chatFormat(teacher: Teacher, spec: ResolvedSpec, pools: SeedPools): Promise<ChatFormat | undefined> {
  const { prompt } = spec;
  if (prompt.format === "raw") return undefined;
  const template = await templateOf(prompt, teacher.chatTemplate());
  if (template === undefined) return undefined;
  return await readChatFormat(template, {
    system: prompt.system,
    turns: turnsOf(spec, pools),
    hasAnswer: prompt.answer.trim() !== "",
    templateArguments: prompt.templateArguments,
  });
}

// What an unconditional prompt is for this model; undefined where no row has one.
function blankPrompt(teacher: Teacher, { method }: ResolvedSpec): Prompt | undefined {
  if (method.name !== "cfg-prompt") return undefined;
  const { bosToken, eosToken } = teacher.chatTemplate();
  const text = bosToken || eosToken;
  if (text !== "" || method.negative.trim() !== "") return [{ text, special: true }];
  const message =
    'Expected text, since the model has no token for the beginning of a text, received "": an empty prompt has nothing ' +
    "to begin with";
  throw new InvalidConfigError([{ path: "method.negative", message }]);
}

async function readSource(spec: ResolvedSpec, field: "seeds" | "contexts"): Promise<SeedPools> {
  const source = spec[field];
  try {
    return source === undefined ? [] : await readSeeds(source, spec.labels, field);
  } catch (error) {
    throw thrownBy(field, error);
  }
}

async function measure(teacher: Teacher, factory: GroupFactory): Promise<Map<string, number>> {
  const prompts = factory.worstCasePrompts();
  const tokens = await teacher.tokenize(prompts.map(({ prompt }) => prompt));
  const longest = new Map<string, number>();
  for (const [i, { label }] of prompts.entries()) {
    longest.set(label, Math.max(longest.get(label) ?? 0, tokens[i]?.length ?? 0));
  }
  return longest;
}

// The size of a row: as the longest prompt needs within what the model was trained for.
function rowSize(spec: ResolvedSpec, contextTrain: number, longestPrompts: ReadonlyMap<string, number>): number {
  return Math.min(contextTrain, rowRoom(Math.max(...longestPrompts.values()) + spec.sampling.maxTokens));
}

function nativeOptions(
  spec: ResolvedSpec,
  shape: GroupShape,
  rows: { slots: number; stored: number; slotSize: number },
  replicas: number,
): NativeGenerationOptions {
  const { sampling, engine } = spec;
  return {
    shape: {
      generating: shape.generating,
      follows: Int32Array.from(shape.rows, (row) => row.follows),
      warmUp: sampling.warmUp,
      gamma: shape.gamma,
      sets: shape.sets.map(({ row, total, members }) => ({ row, total, members: Int32Array.from(members) })),
    },
    step: {
      plausibility: sampling.plausibility,
      temperature: sampling.temperature * shape.temperature,
      topP: sampling.topP,
      topK: sampling.topK,
      keepsEnds: sampling.ends === "kept",
      seed: BigInt(sampling.seed),
    },
    limits: { maxTokens: sampling.maxTokens, stop: sampling.stop },
    logProbs: sampling.logprobs,
    contrastNorms: sampling.contrastNorms,
    context: {
      ...rows,
      batchSize: engine.batchSize,
      kvType: engine.kvType,
      flashAttention: engine.flashAttention === "auto" ? "" : engine.flashAttention ? "on" : "off",
      threads: engine.threads ?? defaultThreads(replicas),
    },
  };
}
