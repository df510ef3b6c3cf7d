/** The label check of a task on rows that exist already. */
import { show } from "../checks/nearest.js";
import type { Teacher } from "../engine/teacher.js";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import type { CheckRow } from "../label-check/scorer.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { byName, rowsOfLabel } from "./checking.js";
import { prepare } from "./prepare.js";

/** A row to check. */
export interface RowToCheck {
  readonly text: string;
  /** Name of the label that it was written for, one of the task's. */
  readonly label: string;
  /** Its attributes, where the task has some; as `Instance.attributes`. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** Id of its context, where the task has contexts; as `Instance.context`. */
  readonly context?: string | undefined;
}

/** How rows are checked, watched and stopped. */
export interface CheckLabelsOptions {
  /**
   * What is taken off the scores of the labels, in nats, in the order of the task: those of a run, in `calibration.json`
   * of its directory. Default: the mean scores of the task's seeds that are not in the check's prompts, or, where
   * these are too few, of the first sixteen rows of each label.
   */
  readonly constants?: readonly number[] | undefined;
  /** Stops between parts of some thousand tokens; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the share of the work that is done, 0..1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** What the check of a task says of a row. */
export interface CheckedLabel {
  /** Name of the label that the row is taken for: its own where no other suits it better. */
  readonly label: string;
  /** Of each label, by name; their sum is 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Whether a run would keep it, by `check.keep`. */
  readonly isKept: boolean;
}

/**
 * Says of each row which label it is taken for, by the `check` of a task: as a run does it with the rows that it makes.
 * @param task  with a `check`; its sources are read once.
 * @returns one for each row, in their order.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a task without a check, a row that has no text, none of the
 *   task's labels, or none of its contexts, constants that are none; and as `synthesize` would.
 * @throws {EngineError} CORRSYNTH_ENGINE at a row whose scores are no finite numbers.
 * @example
 * import { checkLabels } from "corrsynth";
 * const labels = { animal: "an animal", plant: "a plant" };
 * const prompt = { instruction: "Definition of {label}", answer: ":", shots: 0 };
 * const task = { labels, prompt, count: 2, check: { by: "teacher" } };
 * const rows = ["small burrowing rodent", "tall tree with red fruit"].map((text) => ({ text, label: "plant" }));
 * const checked = await checkLabels(teacher, task, rows);
 * console.log(checked.map(({ label }) => label)); // [ 'animal', 'plant' ]
 */
export async function checkLabels(
  teacher: Teacher,
  task: SynthesisSpec | ResolvedSpec,
  rows: readonly RowToCheck[],
  { constants, signal, onProgress }: CheckLabelsOptions = {},
): Promise<CheckedLabel[]> {
  const spec = resolveSpec(task);
  if (spec.check === undefined) throw invalidField("check", "Expected who checks the labels, received nothing");
  const issues = [...rowIssues(rows, spec), ...constantIssues(constants, spec)];
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const check = (await prepare(teacher, spec)).check!;
  try {
    const read = rows.map((row, i) => check.rowOf(row, `rows[${i}]`));
    const half = constants === undefined ? 0.5 : 0;
    const calibration = constants
      ? { constants }
      : await check.calibrate(firstOfLabels(read), { signal, onProgress: (share) => onProgress?.(share / 2) });
    const judged = await check.judge(read, calibration, {
      signal,
      onProgress: (share) => onProgress?.(half + share * (1 - half)),
    });
    return judged.map(({ takenFor, probabilities, isKept }) => ({
      label: spec.labels[takenFor]!.name,
      probabilities: byName(spec.labels, probabilities),
      isKept,
    }));
  } finally {
    await check.close();
  }
}

/** The first rows of each label, as many as a run would be calibrated by. */
function firstOfLabels(rows: readonly CheckRow[]): CheckRow[] {
  const counts = new Map<number, number>();
  return rows.filter(({ label }) => {
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    return count <= rowsOfLabel;
  });
}

// Each kind of wrong row once, with how many there are.
function rowIssues(rows: readonly RowToCheck[], { labels }: ResolvedSpec): ConfigIssue[] {
  const names = new Set(labels.map(({ name }) => name));
  const tell = (field: "text" | "label", expected: string, isRight: (value: unknown) => boolean): ConfigIssue[] => {
    const wrong = rows.flatMap((row, i) => (isRight((row as RowToCheck | null)?.[field]) ? [] : [i]));
    const [first] = wrong;
    if (first === undefined) return [];
    const others = wrong.length > 1 ? `, and so for ${wrong.length - 1} more` : "";
    const received = show((rows[first] as RowToCheck | null)?.[field]);
    return [{ path: `rows[${first}].${field}`, message: `Expected ${expected}, received ${received}${others}` }];
  };
  const isText = (value: unknown) => typeof value === "string" && value.trim() !== "";
  const known = labels.map(({ name }) => show(name)).slice(0, 10);
  return [
    ...tell("text", "a text that is not blank", isText),
    ...tell("label", `one of ${known.join(", ")}${labels.length > 10 ? ", …" : ""}`, (name) => names.has(String(name))),
  ];
}

function constantIssues(constants: readonly number[] | undefined, { labels }: ResolvedSpec): ConfigIssue[] {
  if (constants === undefined) return [];
  if (Array.isArray(constants) && constants.length === labels.length && constants.every(Number.isFinite)) return [];
  const message = `Expected a finite number for each of the ${labels.length} labels, received ${show(constants)}`;
  return [{ path: "constants", message }];
}
