/** Where a run stands between two groups: what it takes to go on from there later. */

import { show } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { Instance } from "../instance.js";
import type { Calibration, LabelCheck } from "../label-check/label-check.js";
import type { LabelTally } from "./ledger.js";
import type { RejectedRow } from "./rejected-row.js";

/** A row of an earlier session, of which text and label are read; the label for {taboo} alone. */
export interface AcceptedRow {
  readonly text: string;
  readonly label?: string;
}

/** The accepted rows of earlier sessions. */
export type AcceptedRows = Iterable<AcceptedRow> | AsyncIterable<AcceptedRow>;

/** What the groups so far came to. */
export interface Checkpoint {
  /** Number of the group to go on with: those before it are there. Integer ≥ 0. */
  readonly groups: number;
  /** What became of their instances, in label order. */
  readonly labels: readonly LabelTally[];
  /**
   * The accepted instances themselves, as many as `labels` count; read once, before the first group. Needed while
   * `filters.duplicates` or `filters.nearDuplicates` is on, since what comes is compared with them, and for {taboo}.
   */
  readonly accepted?: AcceptedRows | undefined;
  /**
   * What calibrates the label check, as `onCalibration` gave it. Needed of a task with `check` that is calibrated by the
   * first rows of the run; else a run without it calibrates the check anew.
   */
  readonly calibration?: Calibration | undefined;
}

/** A group whose rows were all counted. */
export interface FinishedGroup {
  /** Its number, from 0. */
  readonly group: number;
  /** Those that were accepted, in row order; may be none. */
  readonly instances: readonly Instance[];
  /** What became of its rows, in label order. */
  readonly labels: readonly LabelTally[];
  /** Those that the filters refused, in row order; of a task with `filters.keepRejected` alone. */
  readonly rejected?: readonly RejectedRow[];
}

/**
 * @param quota Accepted instances wanted, in label order.
 * @param needsRows Whether what comes depends on the rows accepted before.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the checkpoint cannot be one of a run with this quota.
 */
export function checkCheckpoint(
  { groups, labels, accepted: rows }: Checkpoint,
  quota: readonly number[],
  needsRows: boolean,
): void {
  const issues: ConfigIssue[] = [];
  if (!Number.isSafeInteger(groups) || groups < 0) {
    issues.push({ path: "resume.groups", message: `Expected an integer of at least 0, received ${groups}` });
  }
  if (labels.length !== quota.length) {
    const message = `Expected a tally for each of the ${quota.length} labels, received ${labels.length}`;
    issues.push({ path: "resume.labels", message });
  }
  for (const [label, { accepted }] of labels.entries()) {
    const wanted = quota[label] ?? 0;
    if (Number.isInteger(accepted) && accepted >= 0 && accepted <= wanted) continue;
    const message = `Expected an integer of 0..${wanted}, the number wanted, received ${accepted}`;
    issues.push({ path: `resume.labels[${label}].accepted`, message });
  }
  if (needsRows && rows === undefined && countAccepted(labels) > 0) {
    const message =
      "Expected the instances accepted so far, since duplicates of them are rejected, and {taboo} names their words, but " +
      "they are missing: give them, or set filters.duplicates and filters.nearDuplicates to false and leave {taboo} out";
    issues.push({ path: "resume.accepted", message });
  }
  if (issues.length > 0) throw new InvalidConfigError(issues);
}

/**
 * Makes sure that a run has what calibrates its label check.
 * @param hasFirstRows  whether the run makes all groups from 0 on, so that their rows can.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it has neither that nor seeds.
 */
export function checkCalibration(
  check: LabelCheck | undefined,
  resume: Checkpoint | undefined,
  hasFirstRows: boolean,
): void {
  const { calibration, groups = 0 } = resume ?? {};
  if (check?.calibratedBy !== "rows") return;
  if (calibration === undefined && !hasFirstRows) throw new InvalidConfigError([check.seedIssue!]);
  if (calibration !== undefined || groups === 0) return;
  const message =
    "Expected what calibrates the label check, as the run's first rows gave it (calibration.json of a run directory), " +
    "received nothing: restore it, or start the run anew";
  throw new InvalidConfigError([{ path: "resume.calibration", message }]);
}

/**
 * Hands every row accepted so far to `remember`, in order.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when they are not as many as the labels count, or one has no
 *   text.
 */
export async function readAccepted(
  { labels, accepted = [] }: Checkpoint,
  remember: (row: AcceptedRow) => void,
): Promise<void> {
  let count = 0;
  for await (const row of accepted) {
    const { text, label } = (row ?? {}) as { text?: unknown; label?: unknown };
    if (typeof text !== "string") {
      const message = `Expected an instance with a text, received ${show(text === undefined ? row : text)}`;
      throw new InvalidConfigError([{ path: `resume.accepted[${count}]`, message }]);
    }
    remember(typeof label === "string" ? { text, label } : { text });
    count++;
  }
  const expected = countAccepted(labels);
  if (count === expected) return;
  const message = `Expected the ${expected} instances that resume.labels count, received ${count}`;
  throw new InvalidConfigError([{ path: "resume.accepted", message }]);
}

function countAccepted(labels: readonly LabelTally[]): number {
  return labels.reduce((sum, { accepted }) => sum + accepted, 0);
}
