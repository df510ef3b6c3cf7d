/** How the labels of a task share its groups: all in each, as long as their rows fit a context, else by turns. */
import { contrastsLabels, contrastsPrompts, rowsPerLabel } from "./coupling.js";
import { methodRepeat } from "./methods.js";
import type { Method } from "./schema.js";

/** Rows that llama.cpp keeps in one context at most (LLAMA_MAX_SEQ). */
export const contextRows = 256;
/** Rows of a group of some labels, where a task does not say how many labels it should have. */
const defaultRows = 64;

/** With `promptReuse` "auto": groups in a row that share the first examples of their prompts, at most. */
export const treeSpan = 16;

/** Groups in a row that have the same labels, since they share their prompts or how these begin. */
export function labelSpan({ promptReuse }: TaskLabels["engine"]): number {
  return promptReuse === "auto" ? treeSpan : promptReuse;
}

/** The sizes of a task's groups, in labels. */
export interface LabelSets {
  /** Labels at most that have prompts in a group, and are contrasted with each other. */
  readonly labels: number;
  /** Labels of a group at most that get rows: all of those, but of CFG, whose partners need no rows, perhaps fewer. */
  readonly own: number;
  /** Groups of a round, in which every label gets rows once. */
  readonly groups: number;
}

/** @param nLabels  K ≥ 1. A group that no context holds is laid out all the same, for the caller to refuse. */
export function labelSets(method: Method, nLabels: number): LabelSets {
  const { labelsPerGroup, labelGroups } = settingsOf(method);
  const isWhole = { labels: nLabels, own: nLabels, groups: 1 };
  if (method.name === "matrix") return isWhole;
  const fits = (labels: number, own: number) => own * rowsPerLabel(method, labels) <= contextRows;
  if (labelsPerGroup === undefined && labelGroups !== "near" && fits(nLabels, nLabels)) return isWhole;
  const few = Math.max(contrastsLabels(method) ? 2 : 1, Math.floor(defaultRows / methodRepeat(method)));
  if (!contrastsPrompts(method)) {
    const most = labelsPerGroup ?? Math.max(1, Math.min(few, Math.floor(contextRows / rowsPerLabel(method, 1))));
    const own = evenly(nLabels, most);
    return { labels: own, own, groups: Math.ceil(nLabels / own) };
  }
  let labels = Math.min(nLabels, labelsPerGroup ?? (labelGroups === "near" ? few : nLabels));
  const fewest = contrastsLabels(method) ? 2 : 1; // of one label alone nothing would be left to contrast it with
  while (labelsPerGroup === undefined && labels > fewest && !fits(labels, 1)) labels--;
  const most = Math.floor(contextRows / rowsPerLabel(method, labels));
  const own = evenly(nLabels, Math.max(1, Math.min(labels, most)));
  return { labels, own, groups: Math.ceil(nLabels / own) };
}

/** What of a task decides in how many groups its labels come. */
export interface TaskLabels {
  readonly labels: readonly unknown[];
  readonly method: Method;
  readonly engine: { readonly promptReuse: number | "auto" };
}

/**
 * Groups from the first on until every label was in so many of them. Groups that share prompts have the same labels and
 * stand beside each other.
 * @param turns  groups of each label; Infinity gives Infinity.
 */
export function groupsUntil(turns: number, { labels, method, engine }: TaskLabels): number {
  const span = labelSpan(engine);
  const { groups } = labelSets(method, labels.length);
  if (turns <= 0 || groups === 1 || turns === Number.POSITIVE_INFINITY) return Math.max(0, turns);
  const before = (Math.ceil(turns / span) - 1) * span;
  return before * groups + (groups - 1) * span + (turns - before);
}

function settingsOf(method: Method): { labelsPerGroup?: number; labelGroups?: "random" | "near" } {
  if (method.name === "matrix") return {};
  return method.name === "fewgen-matched" ? method.match : method;
}

// The size of the largest group, where as few groups as do are as even as can be.
function evenly(nLabels: number, most: number): number {
  return Math.ceil(nLabels / Math.ceil(nLabels / Math.min(nLabels, most)));
}
