// A small arena over what can be set of a task, on held-out seeds: what `corrsynth tune` does.
import type { Teacher } from "../engine/teacher.js";
import { InvalidConfigError } from "../errors.js";
import type { LabelsInput, TaskOf } from "../task/label-names.js";
import { resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { type ArenaResult, runArena } from "./arena.js";
import type { ArmInput } from "./arm.js";
import { resolvedArms, settingsKey } from "./arms.js";
import type { TuneOptions } from "./options.js";
import type { ArenaRecord } from "./record.js";
import { tuneArms, yours } from "./shipped.js";
import { seedsOfResult } from "./statistics.js";

/** What {@link tune} came to. */
export interface Tuned extends ArenaResult {
  /** Whether a setting was better than the task's own by more than chance; else DIR/task.yaml is the task as it was. */
  readonly isBetter: boolean;
  /** A paragraph: what was found, and how sure it is. */
  readonly reasons: string;
}

/**
 * Looks for better settings of a task: its strength of contrast, temperature, ends and label check, each against the task as it is,
 * on half of the seeds, which no prompt then has. Writes the files of an {@link arena}; DIR/task.yaml is ready to run: the task with the
 * best setting, where one is better than the task's own by more than chance over five seeds, else the task as it was.
 *
 * Stopped, or at the end of its hours before five seeds are done, the same call goes on.
 *
 * @param directory New, empty, or with this tuning.
 * @param teacher As for {@link arena}, as is the task.
 * @throws As {@link arena} does.
 * @example
 * import { tune } from "corrsynth/arena";
 * const texts = ["a tall tree", "a red rose", "a wild herb", "a big dog", "a small bird", "a grey wolf"];
 * const seeds = texts.map((text, i) => ({ text, label: i < 3 ? "a plant" : "an animal" }));
 * const { isBetter, reasons } = await tune("tuned", teacher, { ...spec, seeds }, { rows: 4, seeds: 1, hours: 0.002 });
 * console.log(isBetter, reasons); // false Found no setting that is better than yours …
 */
export async function tune<Labels extends LabelsInput>(
  directory: string,
  teacher: Teacher | (() => Promise<Teacher>),
  task: TaskOf<Labels>,
  options: TuneOptions = {},
): Promise<Tuned> {
  const spec = task as unknown as SynthesisSpec;
  const { rows = 200, hours = 0.5 } = options;
  const arms = settingsOf(spec);
  const result = await runArena(directory, teacher, spec, {
    ...options,
    rows,
    hours,
    arms,
    baseline: yours,
    kind: "tune",
  });
  return { ...result, ...tunedBy(result.record) };
}

/** The settings that are tried, as arms: those that the task can have and has not. The first is the task as it is. */
export function settingsOf(task: SynthesisSpec): readonly ArmInput[] {
  const { sampling, check } = resolveSpec(task);
  const { temperature, ends } = sampling;
  const scaled = (times: number) => Math.round(100 * temperature * times) / 100;
  const tried: readonly ArmInput[] = [
    yours,
    ...tuneArms,
    { name: "cooler", why: "a lower temperature", fields: { sampling: { temperature: scaled(0.8) } } },
    { name: "hotter", why: "a higher temperature", fields: { sampling: { temperature: scaled(1.2) } } },
    ends === "kept"
      ? {
          name: "ends-contrasted",
          why: "ends drawn like all other tokens",
          fields: { sampling: { ends: "contrasted" } },
        }
      : { name: "ends-kept", why: "ends decided before contrast and nucleus", fields: { sampling: { ends: "kept" } } },
    check === undefined
      ? { name: "check", why: "with the label check of the seeds", fields: { check: { by: "student" } } }
      : { name: "no-check", why: "without the label check", fields: { check: null } },
  ];
  // what the task cannot have is left out, and so is what it has
  const known = new Set<string>();
  return tried.filter((arm) => {
    const key = isSound(task, arm) ? settingsKey(task, arm) : "";
    if (key === "" || known.has(key)) return false;
    known.add(key);
    return true;
  });
}

function isSound(task: SynthesisSpec, arm: ArmInput): boolean {
  try {
    return resolvedArms([arm], task, arm).arms.length === 1;
  } catch (error) {
    if (error instanceof InvalidConfigError) return false;
    throw error;
  }
}

/** What a record says of the settings that were tried. */
export function tunedBy({ winner, words, tables, state }: Pick<ArenaRecord, "winner" | "words" | "tables" | "state">) {
  const isBetter = winner !== null;
  if (isBetter) {
    const changes = `The task file has ${winner.arm}: ${JSON.stringify(winner.fields)}.`;
    return { isBetter, reasons: [...words, changes].join(" ") };
  }
  const seeds = tables.tokens[0]?.seeds ?? 0;
  const isEarly = state === "stopped" && seeds < seedsOfResult;
  const more = isEarly ? ` The time was over after ${seeds} of ${seedsOfResult} seeds: the same command goes on.` : "";
  const found = "Found no setting that is better than yours by more than chance: the task stays as it was.";
  return { isBetter, reasons: `${found}${more} ${words.join(" ")}` };
}
