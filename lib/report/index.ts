// corrsynth/report: evaluations as one HTML file.
export type { NamedEvaluation } from "./dataset.js";
export { type ReportOptions, renderReport } from "./render.js";
