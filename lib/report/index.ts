/**
 * Evaluations as one HTML file.
 * @module corrsynth/report
 */
export type { NamedEvaluation } from "./dataset.js";
export { type ReportOptions, renderReport } from "./render.js";
