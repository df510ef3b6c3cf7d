// Which rows train and which validate: in proportion for every label, with near duplicates never on both sides.
import { InvalidConfigError, invalidField } from "../errors.js";
import { nearGroups } from "../near/groups.js";
import { splitRandom } from "../random.js";
import type { ExportSource, Mix } from "./source.js";

/** How large a split is, and what draws it. */
export interface SplitOptions {
  /** Share of the rows of each label that validate, above 0 and below 1. */
  readonly validation: number;
  /** Integer 0..2^53 − 1; default 0. */
  readonly seed?: number | undefined;
}

/** The rows of one label. */
export interface LabelSplit {
  readonly train: number;
  readonly validation: number;
  /** `validation` over all rows of the label, 0..1: what was come to, not what was asked for. */
  readonly fraction: number;
}

/** Which rows validate, and what each label came to. */
export interface Split {
  /** Of each row, 1 where it validates, else 0. */
  readonly isValidation: Uint8Array;
  /** In the order in which labels first occur. */
  readonly labels: ReadonlyMap<string, LabelSplit>;
}

/**
 * Splits labelled texts. Sets of texts that near duplicates join, directly or through others and across labels, stay
 * together; a set goes to validation, in random order, while it fits what each of its labels still wants there: the
 * nearest whole number to the share, and never a label's last row. So a label with one row trains, and a label whose
 * sets are too large validates with fewer. Rows of one generation group may part: they share a prompt's examples, which
 * every other row of the label may share, too.
 *
 * The same rows in the same order with the same options are split in the same way. All texts are held in memory.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG naming every option out of range.
 * @example
 * const rows = ["fox", "hare", "wolf", "bear"].map((text) => ({ text, label: "animal" }));
 * const { isValidation, labels } = splitRows(rows, { validation: 0.25 });
 * console.log(rows.filter((_, row) => isValidation[row] === 1), labels);
 */
export function splitRows(
  rows: readonly { readonly text: string; readonly label: string }[],
  options: SplitOptions,
): Split {
  const issues = splitIssues(options);
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const { validation, seed = 0 } = options;
  const sets = membersOf(nearGroups(rows.map(({ text }) => text)));
  const total = countLabels(rows);
  const wanted = new Map([...total].map(([label, n]) => [label, Math.min(Math.round(validation * n), n - 1)]));
  const isValidation = new Uint8Array(rows.length);
  // At the last group number there is, where no run draws.
  const order = splitRandom(seed);
  for (const index of order.sample(sets.length, sets.length)) {
    const members = sets[index]!;
    const counts = countLabels(members.map((row) => rows[row]!));
    if ([...counts].some(([label, n]) => n > wanted.get(label)!)) continue;
    for (const [label, n] of counts) wanted.set(label, wanted.get(label)! - n);
    for (const row of members) isValidation[row] = 1;
  }
  const validating = countLabels(rows.filter((_, row) => isValidation[row] === 1));
  const labels = [...total].map(([label, n]) => {
    const chosen = validating.get(label) ?? 0;
    return [label, { train: n - chosen, validation: chosen, fraction: chosen / n }] as const;
  });
  return { isValidation, labels: new Map(labels) };
}

/** What is wrong with the options, each by its name. */
export function splitIssues({ validation, seed = 0 }: SplitOptions): { path: string; message: string }[] {
  const issues = [];
  if (!(validation > 0 && validation < 1)) {
    issues.push({ path: "validation", message: `Expected a share above 0 and below 1, received ${validation}` });
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    issues.push({ path: "seed", message: `Expected an integer from 0 to 2^53 - 1, received ${seed}` });
  }
  return issues;
}

// The rows of each set, sets in the order of their first row.
function membersOf(set: Int32Array): number[][] {
  const members = new Map<number, number[]>();
  set.forEach((first, row) => {
    const known = members.get(first);
    if (known === undefined) members.set(first, [row]);
    else known.push(row);
  });
  return [...members.values()];
}

function countLabels(rows: readonly { readonly label: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** What is asked of the split of a run. */
interface SplitPlanOptions {
  /** Default no split. */
  readonly validation?: number | undefined;
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which row goes where. */
export interface SplitPlan {
  /** Rows that are exported. */
  readonly rows: number;
  readonly isValidation: Uint8Array | undefined;
  readonly validation: number;
  readonly labels: Readonly<Record<string, LabelSplit>>;
  readonly notes: readonly string[];
}

/**
 * Reads the rows once where a split was asked for, or they are not just those of the run.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when no row of any label would validate, and where none is left.
 */
export async function planSplit(source: ExportSource, mix: Mix, options: SplitPlanOptions): Promise<SplitPlan> {
  const { validation, seed, signal } = options;
  const notes = stateNotes(source);
  if (validation === undefined && !mix.isMixed) {
    const labels = source.labels.map((name, label) => {
      return [name, { train: source.tallies[label]!.accepted, validation: 0, fraction: 0 }] as const;
    });
    const { rows } = source;
    return { rows, isValidation: undefined, validation: 0, labels: Object.fromEntries(labels), notes };
  }
  const rows: { text: string; label: string }[] = [];
  for await (const { text, label } of mix.rows({ isBare: true })) {
    signal?.throwIfAborted();
    rows.push({ text, label: source.labels[label]! });
  }
  if (rows.length === 0 && !source.review.isEmpty) {
    const message = `Expected a row that is left, received none of ${source.rows}: take rejections back with review, or lower minLabelProbability`;
    throw invalidField(source.directory, message);
  }
  if (rows.length === 0) {
    const message = `Expected a probability that a row's label has, received one that none of ${source.rows} has: lower it`;
    throw invalidField("minLabelProbability", message);
  }
  if (validation === undefined) {
    const counts = countLabels(rows);
    const labels = source.labels.map((name) => {
      return [name, { train: counts.get(name) ?? 0, validation: 0, fraction: 0 }] as const;
    });
    return { rows: rows.length, isValidation: undefined, validation: 0, labels: Object.fromEntries(labels), notes };
  }
  const split = splitRows(rows, { validation, seed });
  const labels = source.labels.map((name): [string, LabelSplit] => {
    return [name, split.labels.get(name) ?? { train: 0, validation: 0, fraction: 0 }];
  });
  const chosen = labels.reduce((sum, [, label]) => sum + label.validation, 0);
  if (chosen === 0) {
    const message =
      `Expected a share that comes to a row of some label, ` +
      `received ${validation} of ${rows.length} rows: raise it, or leave it out`;
    throw invalidField("validation", message);
  }
  for (const [name, { train, validation }] of labels) {
    if (train > 0 && validation === 0) {
      notes.push(
        `No row of ${JSON.stringify(name)} validates: it has ${train}, or near duplicates join too many of them`,
      );
    }
  }
  return {
    rows: rows.length,
    isValidation: split.isValidation,
    validation: chosen,
    labels: Object.fromEntries(labels),
    notes,
  };
}

function stateNotes({ manifest: { state } }: ExportSource): string[] {
  if (state === "done") return [];
  const how = state === "running" ? "had not ended, or was killed," : `was ${state}`;
  return [`The run ${how} when this was exported: these are the rows that were finished`];
}
