/** Where a run stands between two groups: what it takes to go on from there later. */
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { Instance } from "./instance.js";
import type { LabelTally } from "./ledger.js";

/** What the groups so far came to. */
export interface Checkpoint {
  /** Number of the group to go on with: those before it are there. Integer ≥ 0. */
  readonly groups: number;
  /** What became of their instances, in label order. */
  readonly labels: readonly LabelTally[];
}

/** A group whose rows were all counted. */
export interface FinishedGroup {
  /** Its number, from 0. */
  readonly group: number;
  /** Those that were accepted, in row order; may be none. */
  readonly instances: readonly Instance[];
  /** What became of its rows, in label order. */
  readonly labels: readonly LabelTally[];
}

/**
 * @param quota Accepted instances wanted, in label order.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the checkpoint cannot be one of a run with this quota.
 */
export function checkCheckpoint({ groups, labels }: Checkpoint, quota: readonly number[]): void {
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
  if (issues.length > 0) throw new InvalidConfigError(issues);
}
