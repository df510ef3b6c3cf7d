// How evenly the values of attributes are spread over a run's rows, for people.
import type { RunStatus } from "../io.js";
import { grouped } from "./terminal.js";

/** Values that a line names. */
const mostShown = 12;

/** A line for each attribute, or for each of its labels where these have values of their own: its name, and what it comes to. */
export function attributeLines(attributes: NonNullable<RunStatus["attributes"]>): [name: string, text: string][] {
  return Object.entries(attributes).flatMap(([name, byLabel]) => {
    const lists = Object.values(byLabel).map((counts) => Object.keys(counts).join("\n"));
    if (new Set(lists).size > 1) {
      return Object.entries(byLabel).map(([label, counts]): [string, string] => [
        `${name}, ${label}`,
        told(Object.entries(counts)),
      ]);
    }
    const total = new Map<string, number>(); // values are anybody's words, "constructor" too
    for (const counts of Object.values(byLabel)) {
      for (const [value, count] of Object.entries(counts)) total.set(value, (total.get(value) ?? 0) + count);
    }
    return [[name, told([...total])]];
  });
}

function told(counts: readonly (readonly [value: string, rows: number])[]): string {
  const entries = [...counts].sort(([, a], [, b]) => b - a);
  const shown = entries.slice(0, mostShown).map(([value, count]) => `${value} ${grouped(count)}`);
  if (entries.length <= mostShown) return shown.join(", ");
  return `${shown.join(", ")}, and ${entries.length - mostShown} more down to ${grouped(entries.at(-1)![1])}`;
}
