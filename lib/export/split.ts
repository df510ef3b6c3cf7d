// Which rows train and which validate: in proportion for every label, with near duplicates never on both sides.
import { InvalidConfigError } from "../errors.js";
import { nearGroups } from "../near/groups.js";
import { splitRandom } from "../random.js";

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
 * Splits labelled texts. Sets of texts that near duplicates join, directly or through others and across labels, stay together; a
 * set goes to validation, in random order, while it fits what each of its labels still wants there: the nearest whole number to the
 * share, and never a label's last row. So a label with one row trains, and a label whose sets are too large validates with fewer.
 * Rows of one generation group may part: they share a prompt's examples, which every other row of the label may share, too.
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
