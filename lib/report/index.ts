/**
 * Evaluations as one HTML file, and their pictures as SVG files.
 * @module corrsynth/report
 */
import "../checks/installed.js";

export type { NamedEvaluation, RejectedRows, RejectedText } from "./dataset.js";
export { dataMapFigure, heatFigure, lineFigure, mapFigure, type Series } from "./figures.js";
export { type FrontierCurve, type FrontierPoint, frontierFigure } from "./frontier.js";
export type { Axes } from "./line-chart.js";
export { type ReportOptions, renderReport } from "./render.js";
