// The table of error codes, from lib/errors.ts and what the command line does with each.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { exitCodeOf } from "./cli-reference.mjs";
import { code, plain, table } from "./markdown.mjs";

// Codes are meant to be read here, so a code span in their descriptions is one on the page.
function withCode(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? code(part.slice(1, -1)) : plain(part)))
    .join("");
}

/** Class of each code, read off an instance: constructors take what they do not know. */
function classes(library) {
  const found = new Map();
  for (const [name, value] of Object.entries(library)) {
    const isError = typeof value === "function" && value.prototype instanceof library.CorrSynthError;
    if (isError) found.set(new value([]).code, name);
  }
  return found;
}

/** @param dist  folder of the compiled package. */
export async function errorReference(dist) {
  const library = await import(pathToFileURL(join(dist, "index.js")).href);
  const nameOf = classes(library);
  const rows = [];
  for (const [errorCode, description] of Object.entries(library.errorCodes)) {
    const exit = await exitCodeOf(dist, new library.CorrSynthError(errorCode, description));
    const name = nameOf.get(errorCode);
    if (name === undefined) throw new Error(`Expected a class whose code is ${errorCode}, found none`);
    const link = `[${code(name)}](../reference/api/corrsynth/classes/${name}.md)`;
    rows.push([code(errorCode), link, String(exit), `${withCode(description)}.`]);
  }
  return `${table(["Code", "Class", "Exit code", "What it stands for"], rows)}\n`;
}
