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

/** `Expected a column "text", the columns are "Text", "label", did you mean "Text"?` */
export function missingColumn(name: string, columns: readonly string[], advice?: string): string {
  const known = columns.slice(0, mostListed).map((column) => `"${column}"`);
  if (columns.length > mostListed) known.push(`… (${columns.length} in all)`);
  const close = suggestion(name, columns).replace(/, expected one of .*/, "");
  return `Expected a column "${name}", the columns are ${known.join(", ") || "none"}${close}${advice === undefined ? "" : `: ${advice}`}`;
}

/**
 * The names of a file's columns, without white space around them and in their normal form.
 * @param wanted  of which each must be there once.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `place` as its path, where one is not.
 */
export function checkColumns(place: string, found: readonly string[], wanted: Wanted): string[] {
  const columns = found.map(nameOf);
  for (const name of wanted.columns) {
    const count = columns.filter((column) => column === name).length;
    if (count === 0) throw invalidField(place, missingColumn(name, columns, wanted.advice));
    if (count > 1) throw invalidField(place, `Expected one column ${show(name)}, received ${count}`);
  }
  return columns;
}
