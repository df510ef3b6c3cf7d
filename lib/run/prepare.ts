/** From a sound task to everything a run needs, checked against the model, before the first token is decoded. */

import { thrownBy } from "../checks/thrown.js";
import type { NativeGenerationOptions } from "../engine/binding.js";
import type { Teacher } from "../engine/teacher.js";
import { invalidField } from "../errors.js";
import { LabelCheck } from "../label-check/label-check.js";
import { type GroupShape, groupShape, rowsOf } from "../methods/coupling.js";
import { labelSets } from "../methods/label-sets.js";
import { layersIssue } from "../methods/layers.js";
import { methodRepeat } from "../methods/methods.js";
import type { GroupFactory } from "../prompt/group.js";
import { seedWarnings } from "../prompt/seed-remarks.js";
import { readSeeds, type SeedPools, type Sources as SourceTexts, textsOf } from "../prompt/seeds.js";
import { rivalNotes, tabooCheckIssue, taskRemarks } from "../task/remarks.js";
import type { ResolvedSpec } from "../task/spec.js";
import { type Capacity, capacity, rowRoom } from "./capacity.js";
import { nativeOptions } from "./native-options.js";
import { rowPrompts, type Sources } from "./row-forms.js";
import { forSecond, loadSecondModel, PairedFactory, type SecondModel, shapeOfSecond } from "./second-model.js";
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
  readonly taboo: Pick<NonNullable<GroupFactory["taboo"]>, "see"> | undefined;
  /** Labels that a whole group is made for. */
  readonly labelsOf: GroupFactory["labelsOf"];
  readonly capacity: Capacity;
  /** Groups of a label of which no two have the same examples; Infinity where these are drawn anew and may recur. */
  readonly distinctGroups: number;
  /** Groups that fill the quota when every instance is accepted. */
  readonly groupsNeeded: number;
  /** Groups that have the labels whose turn it is, or all; those after them make up for what is missing. */
  readonly wholeGroups: number;
  /** Tokens of the longest prompt that can come up, per label. */
  readonly longestPrompts: ReadonlyMap<string, number>;
  /** What a row may copy. */
  readonly sources: SourceTexts;
  /** What the model's chat template adds to the prompts, piece by piece; empty for raw prompts. */
  readonly template: readonly string[];
  /** The label check; undefined of a task without one. */
  readonly check: LabelCheck | undefined;
  /** Who decodes the rows of source 1; undefined where there are none. */
  readonly second: SecondModel | undefined;
  /** Lets go of what was loaded for the task: whoever prepared it calls it once. */
  close(): Promise<void>;
  readonly native: NativeGenerationOptions;
  readonly warnings: readonly string[];
  /** What was done of itself, for `plan` and `preview` to say: how the chat template is used. */
  readonly notes: readonly string[];
}

interface PrepareOptions {
  readonly groups?: ((prepared: Pick<Prepared, "groupsNeeded">) => number) | undefined;
}

/**
 * Reads the seeds and contexts, once, lays out the rows, and measures the longest prompts. Whoever needs the task more
 * than once hands on what comes of it: sources may be such that they can be read but once.
 * @param options.groups  groups that are to be made, of the whole dataset's when every instance is accepted; default
 *   all.
 * @returns what whoever asked for it closes.
 * @throws {InvalidConfigError} when the seeds or the model do not fit the task.
 * @throws {PromptTooLongError} when a prompt and `maxTokens` do not fit a row of the context.
 * @throws {ContextFullError} when the rows of a group are more than a context holds.
 */
export async function prepare(teacher: Teacher, spec: ResolvedSpec, options: PrepareOptions = {}): Promise<Prepared> {
  const issue = layersIssue(spec.method, teacher.info.layers);
  if (issue !== undefined) throw invalidField(issue.path, issue.message);
  const sizes = labelSets(spec.method, spec.labels.length);
  const shape = groupShape(spec.method, sizes.labels, sizes.own);
  const sources = { pools: await readSource(spec, "seeds"), contexts: await readSource(spec, "contexts") };
  const second = await loadSecondModel(teacher, spec, shape);
  try {
    return await prepareWith(teacher, spec, { shape, second, ...sources, groups: options.groups });
  } catch (error) {
    await second?.model.close();
    throw error;
  }
}

async function prepareWith(
  teacher: Teacher,
  spec: ResolvedSpec,
  { shape, second, pools, contexts, groups }: Sources & Pick<Prepared, "shape" | "second"> & PrepareOptions,
): Promise<Prepared> {
  const { groupsNeeded, wholeGroups } = groupsOf(spec);
  const first = await rowPrompts(teacher, spec, { shape, pools, contexts });
  const beside =
    second &&
    (await forSecond(second, () =>
      rowPrompts(second.model, second.spec, { shape: shapeOfSecond(shape), pools: first.pools, contexts }),
    ));
  // of a second model perhaps fewer seeds fit
  const isCut = beside !== undefined && beside.pools !== first.pools;
  const own = isCut ? await rowPrompts(teacher, spec, { shape, pools: beside.pools, contexts }) : first;
  const { factory } = own;
  const longestPrompts = longerOf(own.longestPrompts, beside?.longestPrompts);
  const contextTrain = Math.min(teacher.info.contextTrain, second?.model.info.contextTrain ?? Number.POSITIVE_INFINITY);
  const rowTokens = spec.engine.contextSize ?? rowSize(spec, contextTrain, longestPrompts);
  const groupsToMake = groups?.({ groupsNeeded }) ?? groupsNeeded;
  const room = { groupsNeeded: groupsToMake, rowTokens, second: second?.model.info };
  const rows = capacity(spec, shape, teacher.info, room);
  const forms = [first, ...(beside === undefined ? [] : [beside])];
  const warnings = [
    ...taskRemarks(spec),
    ...seedWarnings(spec.labels, own.pools),
    ...new Set(forms.flatMap((form) => form.warnings)),
  ];
  if (rowTokens > contextTrain) {
    warnings.push(
      `Rows of ${rowTokens} tokens exceed the ${contextTrain} that the model was trained for: expect worse text`,
    );
  }
  if (rows.stored === 0 && spec.engine.promptReuse !== 1) {
    warnings.push(
      `The context has no room to keep the prompts of ${rowsOf(0, shape.rows)} rows: lower "engine.groups" to have ` +
        "them decoded once",
    );
  }
  const prompts = factory.build(0).prompts.slice(0, shape.generating);
  const template = prompts.flatMap((prompt) => prompt.filter(({ special }) => special));
  const check = await LabelCheck.create(teacher, spec, { pools: own.pools, contexts, factory });
  if (factory.taboo !== undefined && check?.calibratedBy === "rows") {
    await check.close();
    throw invalidField("check", tabooCheckIssue);
  }
  return {
    spec,
    shape,
    repeat: methodRepeat(spec.method),
    factory: beside === undefined ? factory : new PairedFactory(shape, factory, beside.factory),
    taboo: factory.taboo && {
      see: (row) => {
        for (const form of [own, beside]) form?.factory.taboo?.see(row);
      },
    },
    labelsOf: (index) => factory.labelsOf(index),
    capacity: rows,
    distinctGroups: factory.distinctGroups,
    groupsNeeded,
    wholeGroups,
    longestPrompts,
    sources: { seeds: textsOf(pools), contexts: textsOf(contexts) },
    template: [...new Set(template.map(({ text }) => text))],
    check,
    second,
    close: async () => {
      await check?.close();
      await second?.model.close();
    },
    native: nativeOptions(spec, shape, { ...rows, slotSize: rowTokens, second }, teacher.info),
    warnings,
    notes: [...new Set(forms.flatMap((form) => form.notes)), ...rivalNotes(spec)],
  };
}

async function readSource(spec: ResolvedSpec, field: "seeds" | "contexts"): Promise<SeedPools> {
  const source = spec[field];
  try {
    return source === undefined ? [] : await readSeeds(source, spec.labels, field);
  } catch (error) {
    throw thrownBy(field, error);
  }
}

// The size of a row: as the longest prompt needs within what the model was trained for.
function rowSize(spec: ResolvedSpec, contextTrain: number, longestPrompts: ReadonlyMap<string, number>): number {
  return Math.min(contextTrain, rowRoom(Math.max(...longestPrompts.values()) + spec.sampling.maxTokens));
}

// By label, over both models.
function longerOf(own: ReadonlyMap<string, number>, beside: ReadonlyMap<string, number> = new Map()) {
  return new Map([...own].map(([label, tokens]) => [label, Math.max(tokens, beside.get(label) ?? 0)]));
}
