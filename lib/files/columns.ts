// Columns by name: told where they are missing, and compared in one normal form.
import { show, suggestion } from "../checks/nearest.js";
import { invalidField } from "../errors.js";
import { nameOf } from "../text/names.js";

/** Columns that must be there. */
export interface Wanted {
  /** In their normal form. */
  readonly columns: readonly string[];
  /** What to do where one is not there; default nothing. */
  readonly advice?: string | undefined;
}

const mostListed = 20;

/** `Expected a column "text", the columns are "Text", "label", did you mean "Text"?`, or `Expected columns "a" and "b", …` */
export function missingColumns(names: readonly string[], columns: readonly string[], advice?: string): string {
  const known = columns.slice(0, mostListed).map((column) => `"${column}"`);
  if (columns.length > mostListed) known.push(`… (${columns.length} in all)`);
  const close = names.length > 1 ? "" : suggestion(names[0]!, columns).replace(/, expected one of .*/, "");
  const expected = names.length > 1 ? `columns "${names.join('" and "')}"` : `a column "${names[0]}"`;
  return `Expected ${expected}, the columns are ${known.join(", ") || "none"}${close}${advice === undefined ? "" : `: ${advice}`}`;
}

/**
 * The names of a file's columns, without white space around them and in their normal form.
 * @param wanted  of which each must be there once.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `place` as its path, where one is not.
 */
export function checkColumns(place: string, found: readonly string[], wanted: Wanted): string[] {
  const columns = found.map(nameOf);
  const absent = wanted.columns.filter((name) => !columns.includes(name));
  if (absent.length > 0) throw invalidField(place, missingColumns(absent, columns, wanted.advice));
  for (const name of wanted.columns) {
    const count = columns.filter((column) => column === name).length;
    if (count > 1) throw invalidField(place, `Expected one column ${show(name)}, received ${count}`);
  }
  return columns;
}
