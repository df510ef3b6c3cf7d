/** The error of a run that ended too early. It stands apart from the others because it carries a report. */
import { CorrSynthError } from "../errors.js";
import type { Report } from "./report.js";

/** `limits.maxGroups` groups were generated and some label still lacks instances. What was accepted has been yielded. */
export class QuotaError extends CorrSynthError {
  /** What the run came to; `quotaMet` is false. */
  readonly report: Report;

  constructor(message: string, report: Report, options?: ErrorOptions) {
    super("CORRSYNTH_QUOTA_NOT_MET", message, options);
    this.report = report;
  }
}
