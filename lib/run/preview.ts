/** What the prompts and the first group of a run look like, before it is started. */
import type { Teacher } from "../engine/teacher.js";
import type { Instance } from "../instance.js";
import type { Calibration } from "../label-check/label-check.js";
import { type Strength, strengthOf } from "../methods/factors.js";
import type { LabelNames, LabelsInput, TaskOf } from "../task/label-names.js";
import { type ResolvedSpec, resolveSpec } from "../task/spec.js";
import type { FinishedGroup } from "./checkpoint.js";
import { RowJudge } from "./judge.js";
import { produce } from "./make-groups.js";
import { type Prepared, prepare } from "./prepare.js";
import type { RejectedRow } from "./rejected-row.js";
import { Selection } from "./selection.js";
import { StopTally } from "./stop-tally.js";

/** The prompts of the first group, and what came of them. */
export interface Preview<Label extends string = string> {
  readonly prompts: readonly { readonly label: Label; readonly repeat: number; readonly text: string }[];
  readonly instances: readonly Instance<Label>[];
  /** The others, with why they are rejected; of the label check, with the label that they are taken for. */
  readonly rejected: readonly RejectedRow[];
  /**
   * How strong the method is: what it does to each part of a row's distribution, the total contrast, and the temperature
   * that it amounts to; undefined for a matrix, where rows differ.
   */
  readonly strength: Strength | undefined;
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
  const { engine, filters } = resolved;
  const shown = { ...resolved, engine: { ...engine, groups: 1 }, filters: { ...filters, keepRejected: true } };
  const prepared = await prepare(teacher, shown);
  try {
    return (await previewOf(teacher, prepared)) as Preview<LabelNames<Labels>>;
  } finally {
    await prepared.close();
  }
}

async function previewOf(teacher: Teacher, prepared: Prepared): Promise<Preview> {
  const { spec } = prepared;
  const { factory, shape } = prepared;
  const first = factory.build(0); // which has as many labels as any group
  const prompts = first.prompts.slice(0, shape.generating);
  const remarks: string[] = [];
  const onCalibration = ({ from, texts }: Calibration) => {
    if (from === "rows")
      remarks.push(`The label check is calibrated by ${texts} rows of this group alone: a run takes more`);
  };
  const judge = new RowJudge(prepared, { onCalibration });
  const stops = new StopTally(spec.sampling.stop);
  const selection = await Selection.create(spec);
  const groups: FinishedGroup[] = [];
  await produce(
    teacher,
    prepared,
    { first: 0, count: 1 },
    {
      judge(group, result) {
        stops.add(result);
        return judge.judge(group, result);
      },
      isHeld: () => judge.isHeld,
      release: () => judge.release(),
      take: async (group) => void groups.push(await selection.take(group)),
    },
  );
  return {
    prompts: prompts.map((prompt, m) => ({
      label: spec.labels[first.labels[m]!]!.name,
      repeat: shape.rows[m]!.repeat,
      text: prompt.map(({ text }) => text).join(""),
    })),
    instances: groups.flatMap((group) => group.instances),
    rejected: groups.flatMap(({ rejected = [] }) => rejected),
    strength: strengthOf(spec.method),
    warnings: [...prepared.warnings, ...stops.remarks()],
    notes: [...prepared.notes, ...remarks],
  };
}
