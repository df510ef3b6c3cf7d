// The task that an arena recommends, as a file that can be run.
import { isAbsolute, resolve } from "node:path";
import { yamlText } from "../export/markdown.js";
import { withFields } from "./arms.js";
import type { Winner } from "./record.js";

/**
 * A task file with the fields of the winner.
 * @param written  the task as a file has it, with absolute paths.
 */
export function taskFile(written: object, winner: Winner | null, title: string): string {
  const task = winner === null ? written : withFields(written, winner.fields);
  return `# ${title.replace(/[\r\n\u2028\u2029]+/g, " ")}\n${yamlText(task)}`;
}

/**
 * The task of a program as a file has it.
 * @param seeds  a file of the task's seeds, where the task has them as items.
 */
export function writtenTask(
  task: object,
  { teacher, seeds }: { readonly teacher: string; readonly seeds: string },
): object {
  const { seeds: given, ...rest } = task as { readonly seeds?: unknown };
  const from = (given as { from?: unknown } | undefined)?.from ?? given;
  const own = given === undefined ? {} : { seeds: typeof from === "string" ? absolute(from) : seeds };
  return { teacher, ...rest, ...own };
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}
