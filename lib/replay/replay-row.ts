/** One row of a run, made again: `corrsynth replay`, and `replayRow` in a program. */
import type { DeviceOptions } from "../engine/device.js";
import { loadTeacher } from "../engine/load.js";
import type { Teacher } from "../engine/teacher.js";
import { CorrSynthError, invalidField, NotReproducibleError } from "../errors.js";
import type { RowDecision } from "../files/review.js";
import type { Instance } from "../instance.js";
import { type Strength, strengthOf } from "../methods/factors.js";
import type { Group } from "../prompt/group.js";
import { type Prepared, prepare } from "../run/prepare.js";
import type { RejectedRow } from "../run/rejected-row.js";
import { composeGroup } from "./compose.js";
import { type Decoded, decodeGroup, withoutContrast } from "./decode.js";
import { checkModel, doubtsOf, taskOf } from "./same-run.js";
import { type FoundRow, findRow, type StoredRow } from "./stored-row.js";
import { partnersOf, type ReplayPartner, type TokenTrace, traceOf } from "./trace.js";

/** How a row is made again. */
export interface ReplayOptions {
  /**
   * The run's own teacher, loaded, which stays open; or where it is now, as {@link loadTeacher} takes it. Default the path
   * in the run's manifest.
   */
  readonly teacher?: Teacher | string | undefined;
  /** Where it is put when it is loaded here; default the device of the run's task. */
  readonly device?: DeviceOptions | undefined;
  /** Where the seeds are, if not where the run had them: a file with the same content. */
  readonly seeds?: string | undefined;
  /** Where the contexts are, likewise. */
  readonly contexts?: string | undefined;
  /** Also makes the row of the same prompt and random numbers without contrast. Default false. */
  readonly withoutContrast?: boolean | undefined;
  /** Also tells what the contrast did to each token. Default false. */
  readonly trace?: boolean | undefined;
  /** Of a trace: how many of the most likely tokens by either distribution each step has, 0..100. Default 3. */
  readonly likely?: number | undefined;
  /** Stops between two operations of a decode; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A text as it was decoded. */
export interface ReplayedText {
  /** As it was generated, trimmed. Written by a language model: treat it as untrusted. */
  readonly text: string;
  /** What the row filters left of it; null where they refuse it. */
  readonly kept: string | null;
  /** The row filter that refuses it; null where none does. Repeats, `accept` and the label check are not asked again. */
  readonly reason: string | null;
  /** Tokens drawn, the one that ended it included. */
  readonly tokens: number;
  readonly ending: "eos" | "stop" | "length";
  /** Token by token; null unless asked for. */
  readonly trace: readonly TokenTrace[] | null;
}

/** A row that was made again. Plain JSON. */
export interface Replay extends ReplayedText {
  readonly id: string;
  /** The run directory that it is of; of rounds that of its round. */
  readonly directory: string;
  readonly group: number;
  /** Its number in the group. */
  readonly row: number;
  /** Name of its label. */
  readonly label: string;
  /** Which of the label's R rows of the group, from 0. */
  readonly repeat: number;
  /** Name of the method. */
  readonly method: string;
  /** What the method does to each part of a row's distribution; null of a matrix, where rows differ. */
  readonly strength: Strength | null;
  readonly prompt: string;
  /** Ids of its in-context examples, in the order of the prompt. */
  readonly examples: readonly string[];
  /** What the run kept of it; null of a surplus row, and of a rejected one without `filters.keepRejected`. */
  readonly stored: StoredRow | null;
  /** Whether text, tokens and ending are those that the run kept; null where it kept nothing. */
  readonly isSame: boolean | null;
  /** Why it may have come out otherwise than in the run; empty where it must be the same. */
  readonly doubts: readonly string[];
  /** What a person decided of it; null where nothing. */
  readonly decision: RowDecision | null;
  /** Whom it is contrasted with. */
  readonly partners: readonly ReplayPartner[];
  /** The same without contrast; null unless asked for. */
  readonly withoutContrast: ReplayedText | null;
}

/**
 * Makes one row of a run again, token by token: its group, by itself, from the task, the seeds and the model that its
 * manifest names, all of which must be those of the run by their hashes. A rejected row, too, and one of which the run
 * kept nothing. Of a run with `engine.reproducible`, on the same machine and version, the row is the same; of another
 * mostly, `doubts` says why it may not be, and `isSame` whether it is.
 *
 * Filters that look at a row by itself judge it again; the label check, repeats and `filters.accept` do not.
 * @param directory Run directory, or one of rounds.
 * @param id Of the row, such as "12.3", group and row; of rounds "1:12.3".
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is no run, has no such row, or an option is wrong.
 * @throws {NotReproducibleError} CORRSYNTH_NOT_REPRODUCIBLE when the model, the seeds or another input is not there or is
 *   another, or the group cannot be made of them.
 * @throws Whatever loading the teacher and decoding throw.
 * @example
 * import { replayRow } from "corrsynth";
 * await synthesizeTo("run", teacher, { ...spec, engine: { reproducible: true } });
 * const { text, isSame, trace, withoutContrast } = await replayRow("run", "0.1", {
 *   teacher, trace: true, withoutContrast: true,
 * });
 * console.log(isSame, text, "/", withoutContrast.text);
 * for (const { text, own, contrasted } of trace) console.log(text, own, contrasted);
 */
export async function replayRow(directory: string, id: string, options: ReplayOptions = {}): Promise<Replay> {
  const { likely = 3, signal } = options;
  if (!Number.isInteger(likely) || likely < 0 || likely > 100) {
    throw invalidField("likely", `Expected an integer of 0..100, received ${String(likely)}`);
  }
  signal?.throwIfAborted();
  const found = await findRow(directory, id);
  const spec = await taskOf(found.manifest, options);
  const { teacher, close } = await teacherOf(found, options);
  try {
    await checkModel(found.manifest, teacher);
    signal?.throwIfAborted();
    const prepared = await prepare(teacher, spec);
    try {
      const doubts = doubtsOf(found.manifest, spec, teacher, found.group);
      return await replay({ teacher, prepared, found, id, doubts, options: { ...options, likely } });
    } finally {
      await prepared.close();
    }
  } finally {
    await close();
  }
}

async function teacherOf(
  { manifest }: FoundRow,
  { teacher, device }: ReplayOptions,
): Promise<{ teacher: Teacher; close: () => Promise<void> }> {
  if (typeof teacher === "object") return { teacher, close: async () => {} };
  const ofTask = (manifest.task as { device?: DeviceOptions } | null | undefined)?.device;
  const path = teacher ?? manifest.teacher.path;
  try {
    const loaded = await loadTeacher(path, device ?? ofTask ?? {});
    return { teacher: loaded, close: () => loaded.close() };
  } catch (error) {
    if (teacher !== undefined || !(error instanceof CorrSynthError) || error.code !== "CORRSYNTH_MODEL_LOAD")
      throw error;
    const message = `Expected the model of the run where it was (${error.message}): say where it is now (--teacher)`;
    throw new NotReproducibleError([{ path: "teacher", message }], { cause: error });
  }
}

interface Task {
  readonly teacher: Teacher;
  readonly prepared: Prepared;
  readonly found: FoundRow;
  readonly id: string;
  readonly doubts: readonly string[];
  readonly options: ReplayOptions & { readonly likely: number };
}

async function replay({ teacher, prepared, found, id, doubts, options }: Task): Promise<Replay> {
  const { shape, spec } = prepared;
  const { row } = found;
  const { likely, signal } = options;
  const group = composeGroup(prepared, found);
  if (row >= shape.generating || group.present?.[row] === false) throw noSuchRow(id, group, shape.generating);
  const decoding = { trace: options.trace ? { row, likely } : undefined, signal };
  const decoded = await decodeGroup(teacher, prepared, group, decoding);
  const own = textOf(prepared, decoded, row, decoding.trace !== undefined);
  const stored = found.kept.get(row) ?? null;
  let plain: ReplayedText | null = null;
  if (options.withoutContrast) {
    const without = withoutContrast(prepared, group);
    const other = await decodeGroup(teacher, without.prepared, without.group, decoding);
    plain = textOf(without.prepared, other, row, decoding.trace !== undefined);
  }
  return {
    id,
    directory: found.directory,
    group: found.group,
    row,
    label: spec.labels[group.labels[row]!]!.name,
    repeat: shape.rows[row]!.repeat,
    method: spec.method.name,
    strength: strengthOf(spec.method) ?? null,
    prompt: group.prompts[row]!.map(({ text }) => text).join(""),
    examples: group.examples[row] ?? [],
    ...own,
    stored,
    isSame: stored && isSame(stored, own),
    doubts,
    decision: found.decision ?? null,
    partners: partnersOf(
      prepared,
      group,
      row,
      decoded.native.rows.map(({ text }) => text.trim()),
    ),
    withoutContrast: plain,
  };
}

function textOf(prepared: Prepared, { native, rows }: Decoded, row: number, isTraced: boolean): ReplayedText {
  const { text, tokens, ending } = native.rows[row]!;
  const judged: Instance | RejectedRow = rows.get(row)!;
  const reason = "reason" in judged ? judged.reason : null;
  const trace = isTraced ? traceOf(prepared, native) : null;
  return { text: text.trim(), kept: reason === null ? judged.text : null, reason, tokens, ending, trace };
}

// A rejected row has the text that was generated, or, where a later filter refused it, what the first ones left of it.
function isSame(stored: StoredRow, own: ReplayedText): boolean {
  const isText = stored.text === own.kept || (stored.reason !== undefined && stored.text === own.text);
  return isText && stored.tokens === own.tokens && stored.ending === own.ending;
}

function noSuchRow(id: string, group: Group, generating: number): Error {
  const there = Array.from({ length: generating }, (_, m) => m).filter((m) => group.present?.[m] !== false);
  const rows = there.length === generating ? `0 to ${generating - 1}` : there.join(", ");
  return invalidField("id", `Expected a row that group ${group.index} has (${rows}), received "${id}"`);
}
