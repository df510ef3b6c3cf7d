/** The field `attributes` of a task: placeholders with values that are spread over the rows, the same for all labels or of each. */
import { z } from "zod";
import { expected, pathText } from "../checks/issues.js";
import { unknownNames } from "../checks/nearest.js";
import { named } from "../checks/shapes.js";
import type { ConfigIssue } from "../errors.js";
import type { Label } from "./labels.js";

const values = z
  .array(z.string().regex(/\S/, { error: expected("a text") }))
  .min(1)
  .readonly();

/** The field `attributes` of a task. */
export const attributesSchema = named(
  z.union([values, named(values)], { error: expected("a list of values, or an object label -> list of values") }),
);

/** Placeholder to its values, or to those of each label. */
export type Attributes = z.output<typeof attributesSchema>;

/** What is wrong with values by label: labels that the task does not have, and those that have none. */
export function checkAttributeLabels(attributes: Attributes, labels: readonly Label[]): ConfigIssue[] {
  const names = labels.map(({ name }) => name);
  const known = new Set(names);
  return Object.entries(attributes).flatMap(([attribute, given]) => {
    if (isShared(given)) return [];
    const strangers = Object.keys(given).filter((name) => !known.has(name));
    const unknown = unknownNames("label", strangers, names);
    const missing = names.filter((name) => !Object.hasOwn(given, name));
    return [
      ...unknown.map((message) => ({ path: pathText(["attributes", attribute]), message })),
      ...missing.map((name) => ({
        path: pathText(["attributes", attribute, name]),
        message: "Expected a list of values, but it is missing: give one for each label, or one list for all",
      })),
    ];
  });
}

/** The values that rows of a label can have, by attribute. */
export function valuesOf(attributes: Attributes, label: string): Record<string, readonly string[]> {
  const entries = Object.entries(attributes).map(([name, given]) => [name, isShared(given) ? given : given[label]!]);
  return Object.fromEntries(entries) as Record<string, readonly string[]>;
}

/** All values of all attributes. */
export function allValues(attributes: Attributes): string[] {
  return Object.values(attributes).flatMap((given) => (isShared(given) ? given : Object.values(given).flat()));
}

function isShared(given: Attributes[string]): given is readonly string[] {
  return Array.isArray(given);
}
