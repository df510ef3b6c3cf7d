// A JSON list of objects, item by item, each with the line that it begins on.
import { show } from "../checks/nearest.js";
import { invalidField } from "../errors.js";
import type { Entry, Fields } from "./entry.js";
import { parseJson } from "./json.js";

/**
 * The items of a text that is one JSON list. An item that is no object is an Error.
 * @param path  what the text is called in errors.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `path:line`, where the text is no list, or more than one.
 */
export function* arrayRows(text: string, path: string): Generator<Entry> {
  const scan = new Scanner(text);
  scan.skipSpace();
  scan.at++; // "["
  const refused = (message: string) => invalidField(`${path}:${scan.line}`, message);
  for (let isFirst = true; ; isFirst = false) {
    scan.skipSpace();
    if (isFirst && text[scan.at] === "]") break;
    const place = `${path}:${scan.line}`;
    const position = scan.line;
    const item = scan.item();
    if (scan.at >= text.length)
      throw refused('Expected a "]" at the end of the list, received none: is the file whole?');
    yield { place, position, value: rowOf(item) };
    if (text[scan.at] === "]") break;
    scan.at++; // ","
  }
  scan.at++;
  scan.skipSpace();
  if (scan.at < text.length) {
    throw refused("Expected one list of objects, received more behind it: write an object a line, or one list");
  }
}

function rowOf(item: string): Fields | Error {
  let value: unknown;
  try {
    value = parseJson(item);
  } catch (error) {
    return new Error(`Expected a JSON object, received ${show(item.trim())} (${(error as Error).message})`);
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : new Error(`Expected a JSON object, received ${show(value)}`);
}

class Scanner {
  at = 0;
  line = 1;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  skipSpace(): void {
    for (; /\s/.test(this.#text[this.at] ?? "x"); this.at++) if (this.#text[this.at] === "\n") this.line++;
  }

  /** Up to the comma or bracket that ends it. */
  item(): string {
    const start = this.at;
    const signs = /["{}[\],\n]/g;
    let depth = 0;
    for (;;) {
      signs.lastIndex = this.at;
      const sign = signs.exec(this.#text);
      this.at = sign?.index ?? this.#text.length;
      if (sign === null || (depth === 0 && (sign[0] === "," || sign[0] === "]"))) break;
      if (sign[0] === "\n") this.line++;
      else if (sign[0] === "{" || sign[0] === "[") depth++;
      else if (sign[0] === "}" || sign[0] === "]") depth = Math.max(0, depth - 1);
      this.at = sign[0] === '"' ? this.#endOfString() : this.at + 1;
    }
    return this.#text.slice(start, this.at);
  }

  // Behind the quote that is not escaped.
  #endOfString(): number {
    for (let quote = this.#text.indexOf('"', this.at + 1); quote >= 0; quote = this.#text.indexOf('"', quote + 1)) {
      let backslashes = 0;
      while (this.#text[quote - 1 - backslashes] === "\\") backslashes++;
      if (backslashes % 2 === 0) return quote + 1;
    }
    return this.#text.length;
  }
}
