/** The error of a run that ended too early. It stands apart from the others because it carries a report. */
import { CorrSynthError } from "../errors.js";
import { remedy } from "../filters/reasons.js";
import type { ResolvedSpec } from "../task/spec.js";
import { type LabelTally, reasonCounts } from "./ledger.js";
import type { Report } from "./report.js";

/**
 * `limits.maxGroups` groups were generated and some label still lacks instances. What was accepted has been yielded.
 */
export class QuotaError extends CorrSynthError {
  /** What the run came to; `quotaMet` is false. */
  readonly report: Report;

  constructor(message: string, report: Report, options?: ErrorOptions) {
    super("CORRSYNTH_QUOTA_NOT_MET", message, options);
    this.report = report;
  }
}

/** @param report  of a run that ended with labels that lack instances. */
export function quotaError(spec: ResolvedSpec, report: Report): QuotaError {
  return new QuotaError(quotaMessage(spec, report.labels), report);
}

/** Which labels lack how many instances, why, and what to do. */
export function quotaMessage(spec: ResolvedSpec, labels: Report["labels"]): string {
  const missing = Object.entries(labels).filter(([, { wanted, accepted }]) => accepted < wanted);
  const counts = missing.map(([name, { wanted, accepted, rejected }]) => {
    const reasons = reasonCounts(rejected);
    return `${name} ${accepted} of ${wanted}${reasons === "" ? "" : ` (rejected: ${reasons})`}`;
  });
  const worst = mostFrequentReason(missing.map(([, tally]) => tally));
  const advice = worst === undefined ? "" : `, or, since most rows were rejected as ${worst}: ${remedy(worst)}`;
  return (
    `Expected every label to have its number within ${spec.limits.maxGroups} groups, received ${counts.join("; ")}: ` +
    `raise "limits.maxGroups"${advice}`
  );
}

// Over all labels that lack instances.
function mostFrequentReason(labels: readonly LabelTally[]): string | undefined {
  const sums = new Map<string, number>();
  for (const { rejected } of labels) {
    for (const [reason, count] of Object.entries(rejected)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return [...sums].sort(([, a], [, b]) => b - a)[0]?.[0];
}
