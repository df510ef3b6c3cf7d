/** Labels and how many instances of each are wanted. */

import { pathText } from "../checks/issues.js";
import { show, unknownNames } from "../checks/nearest.js";
import type { ConfigIssue } from "../errors.js";
import { groupsUntil, type TaskLabels } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import { nameOf } from "../text/names.js";

/**
 * A class and the phrase that stands for it in a prompt.
 * @inline
 */
export interface Label {
  readonly name: string;
  readonly verbalization: string;
}

/** What can name a label in a list; a number and true or false stand for the text that they are written as. */
export type LabelName = string | number | boolean;
type LabelsInput = Readonly<Record<string, string>> | readonly (LabelName | readonly [LabelName, string])[];
type CountInput = number | Readonly<Record<string, number>>;

const MAX_NAME = 200;

/** The labels of any accepted form, in order, with their names in normal form. */
export function labelList(input: LabelsInput): readonly Label[] {
  if (!isList(input)) {
    return Object.entries(input).map(([name, verbalization]) => ({ name: nameIn(name), verbalization }));
  }
  return input.map((entry) => {
    const [name, verbalization] = Array.isArray(entry) ? entry : [entry, String(entry)];
    return { name: nameIn(String(name)), verbalization };
  });
}

// One of white space stays, to be refused as it is.
const nameIn = (text: string) => nameOf(text) || text;

function isList(input: LabelsInput): input is Exclude<LabelsInput, Readonly<Record<string, string>>> {
  return Array.isArray(input);
}

/** What is wrong with the labels, each by its name. */
export function checkLabels(labels: readonly Label[]): ConfigIssue[] {
  if (labels.length === 0) return [{ path: "labels", message: "Expected at least 1 label, received none" }];
  const byVerbalization = new Map<string, string>();
  const names = new Set<string>();
  return labels.flatMap(({ name, verbalization }) => {
    const problems = [nameProblem(name)];
    if (names.has(name)) problems.push("Expected every label once, received this one again");
    names.add(name);
    const phrase = verbalization.trim();
    const other = byVerbalization.get(phrase);
    if (phrase === "" && verbalization !== name)
      problems.push(`Expected a verbalization, received ${show(verbalization)}`);
    if (phrase !== "" && other !== undefined && other !== name) {
      problems.push(`Expected a verbalization of its own, received ${show(verbalization)} as for "${other}"`);
    }
    if (other === undefined) byVerbalization.set(phrase, name);
    const path = pathText(["labels", name]);
    return problems.flatMap((message) => (message === undefined ? [] : [{ path, message }]));
  });
}

function nameProblem(name: string): string | undefined {
  if (name.trim() === "") return `Expected a name, received ${show(name)}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) return "Expected a name without control characters";
  if (name.length > MAX_NAME) return `Expected a name of at most ${MAX_NAME} characters, received ${name.length}`;
  return name === "__proto__" ? 'Expected a name other than "__proto__"' : undefined;
}

/** What is wrong with a count per label. */
export function checkCount(count: CountInput, labels: readonly Label[]): ConfigIssue[] {
  if (typeof count === "number") return [];
  const names = labels.map(({ name }) => name);
  const known = new Set(names);
  const strangers = Object.keys(count).filter((name) => !known.has(name));
  const unknown = unknownNames("label", strangers, names).map((message) => ({ path: "count", message }));
  const missing = names
    .filter((name) => !Object.hasOwn(count, name))
    .map((name) => ({
      path: pathText(["count", name]),
      message: "Expected an integer of at least 0, but it is missing",
    }));
  if (unknown.length + missing.length > 0) return [...unknown, ...missing];
  const sum = countList(count, labels).reduce((total, wanted) => total + wanted, 0);
  if (sum === 0) return [{ path: "count", message: "Expected at least 1 instance over all labels, received 0" }];
  return [];
}

/** Accepted instances wanted per label. A total is balanced; the first labels take the remainder. */
export function countList(count: CountInput, labels: readonly Label[]): number[] {
  if (typeof count !== "number") return labels.map(({ name }) => count[name] ?? 0);
  const share = Math.floor(count / labels.length);
  return labels.map((_, index) => share + (index < count % labels.length ? 1 : 0));
}

/** Ten times the groups that the count needs when every instance is accepted, at least 20. */
export function defaultMaxGroups(count: readonly number[], task: TaskLabels): number {
  return Math.max(20, groupsUntil(10 * Math.ceil(Math.max(...count) / methodRepeat(task.method)), task));
}
