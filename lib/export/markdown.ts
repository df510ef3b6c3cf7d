// Texts that others wrote, made harmless in Markdown and YAML.
import { Document, visit } from "yaml";
import { wellFormed } from "./columns.js";

// What shows as nothing, as something else, or in another order: controls, separators of lines, marks of direction,
// invisible tags, the byte order mark and code points that are no characters.
const hidden =
  /[\p{Cc}\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\u{e0000}-\u{e007f}]/gu;

/**
 * A text as one line of Markdown that shows it as it is: no markup, link, HTML or end of a table's cell comes of it.
 */
export function markdownText(text: string): string {
  return wellFormed(text)
    .replace(/\s+/g, " ")
    .replace(hidden, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
    .replace(/[!#$&*+\-.:<=>@[\\\]^_`{|}~]/g, "\\$&"); // CommonMark: any ASCII punctuation may be escaped
}

/** A table of GitHub's Markdown; cells are Markdown already. Ends with a newline. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

/** A block of code that nothing in it can end. Ends with a newline. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}\n`;
}

// A key that is no number, and none of the words that YAML 1.1 takes for true, false or nothing.
const plainKey = /^(?!(y|n|yes|no|on|off|true|false|null)$)[a-z_][a-z_0-9]*$/i;

/**
 * A value as YAML of version 1.1 and 1.2 alike, which Python and JavaScript read the same: every string is quoted,
 * since an unquoted `no` or `1e3` is none in one of them, and hidden characters are escaped.
 */
export function yamlText(value: unknown): string {
  const document = new Document(deepWellFormed(value), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (role, scalar) => {
      const isPlain = role === "key" && plainKey.test(String(scalar.value));
      if (typeof scalar.value === "string") scalar.type = isPlain ? "PLAIN" : "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({ lineWidth: 0 });
  // All that is not ASCII stands between double quotes, in which YAML knows these escapes.
  return text.replace(hidden, (character) => {
    if (character === "\n") return character;
    const code = character.codePointAt(0)!;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

function deepWellFormed(value: unknown): unknown {
  if (typeof value === "string") return wellFormed(value);
  if (Array.isArray(value)) return value.map(deepWellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormed(key), deepWellFormed(item)]));
}
