/** What the prompts and the first group of a run look like, before it is started. */
import type { Teacher } from "../engine/teacher.js";
import type { Instance } from "../instance.js";
import { type Factors, factorsOf } from "../methods/factors.js";
import type { LabelNames, LabelsInput, TaskOf } from "../task/label-names.js";
import { type ResolvedSpec, resolveSpec } from "../task/spec.js";
import type { FinishedGroup } from "./checkpoint.js";
import { RowJudge, Selection } from "./judge.js";
import { produce } from "./make-groups.js";
import { prepare } from "./prepare.js";
import { StopTally } from "./stop-tally.js";

/** The prompts of the first group, and what came of them. */
export interface Preview<Label extends string = string> {
  readonly prompts: readonly { readonly label: Label; readonly repeat: number; readonly text: string }[];
  readonly instances: readonly Instance<Label>[];
  /** What the method does to each part of a row's distribution; undefined for a matrix, where rows differ. */
  readonly factors: Factors | undefined;
  readonly warnings: readonly string[];
  /** What was done without being asked for: how the chat template is used. */
  readonly notes: readonly string[];
}

/**
 * Renders the prompts of the first group and generates that one group.
 * @param spec What to synthesise, as for {@link synthesize}; its sources are read once.
 * @throws As {@link synthesize} and its first instance would.
 * @example
 * import { preview } from "corrsynth";
 * const { prompts, instances } = await preview(teacher, spec);
 * console.log(prompts[0].text, instances[0]?.text);
 */
export async function preview<Labels extends LabelsInput>(
  teacher: Teacher,
  spec: TaskOf<Labels> | ResolvedSpec,
): Promise<Preview<LabelNames<Labels>>> {
  const resolved = resolveSpec(spec);
  const prepared = await prepare(teacher, { ...resolved, engine: { ...resolved.engine, groups: 1 } });
  const { factory, shape } = prepared;
  const first = factory.build(0); // which has as many labels as any group
  const prompts = first.prompts.slice(0, shape.generating);
  const judge = new RowJudge(prepared);
  const stops = new StopTally(resolved.sampling.stop);
  const groups: FinishedGroup[] = [];
  await produce(teacher, prepared, { first: 0, count: 1 }, (group, result) => {
    stops.add(result);
    groups.push(judge.judge(group, result));
  });
  const selection = await Selection.create(resolved);
  const found: Preview = {
    prompts: prompts.map((prompt, m) => ({
      label: resolved.labels[first.labels[m]!]!.name,
      repeat: shape.rows[m]!.repeat,
      text: prompt.map(({ text }) => text).join(""),
    })),
    instances: groups.flatMap((group) => selection.take(group).instances),
    factors: factorsOf(resolved.method),
    warnings: [...prepared.warnings, ...stops.remarks()],
    notes: prepared.notes,
  };
  return found as Preview<LabelNames<Labels>>;
}
