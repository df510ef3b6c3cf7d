// YAML and JSON that people write, with a line for everything that is wrong; and what would fell the parser, refused
// before it.
import { CST, type Document, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, parseDocument } from "yaml";
import type { ConfigIssue } from "../errors.js";

/** Most collections in each other: those that a task needs are six. */
const deepest = 100;
const mostNamed = 20;

/** A document without errors, and the line, from 1, of each offset in its text. */
export interface LocatedDocument {
  readonly document: Document.Parsed;
  lineOf(offset: number): number;
}

/**
 * Parses a text as YAML 1.2, of which JSON is a part.
 * @param file  for the paths of issues.
 * @returns the document, or up to 20 issues: syntax, keys that are given twice or are no plain texts, and nesting
 *   deeper than 100.
 */
export function parseYaml(text: string, file: string, schema: "core" | "json"): LocatedDocument | ConfigIssue[] {
  const lineCounter = new LineCounter();
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  const tooDeep = firstTooDeep(text);
  if (tooDeep !== undefined) {
    const message = `Expected lists and mappings at most ${deepest} deep in each other, received more`;
    return [{ path: `${file}:${tooDeep}`, message }];
  }
  // The parser's own look for keys that are given twice takes quadratic time.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, schema, uniqueKeys: false });
  const problems = [
    ...[...document.errors, ...document.warnings].map(({ message, pos }) => ({ offset: pos[0], message })),
    ...keyProblems(document.contents),
  ];
  if (problems.length === 0) return { document, lineOf };
  const issues = problems.slice(0, mostNamed).map(({ offset, message }): ConfigIssue => {
    return { path: `${file}:${lineOf(offset)}`, message: clip(message) };
  });
  const rest = problems.length - issues.length;
  return rest === 0 ? issues : [...issues, { path: file, message: `and ${rest} more that are wrong` }];
}

/**
 * The line at which collections are nested too deeply, or undefined. Parsing recurses, and so deep a stack can end the
 * process in ways that nothing catches. Counted are brackets, and in lines further and further to the right their "-",
 * "?" and ":".
 */
function firstTooDeep(text: string): number | undefined {
  const open: { readonly indent: number; depth: number }[] = [];
  let brackets = 0;
  let line = 1;
  let isStart = true; // only spaces since the line began
  let indent = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === "flow-seq-start" || type === "flow-map-start") brackets++;
    else if (type === "flow-seq-end" || type === "flow-map-end") brackets = Math.max(0, brackets - 1);
    else if (type === "space" && isStart) indent = token.length;
    if (type !== "space" && type !== "newline" && isStart && brackets <= 1) {
      while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
      open.push({ indent, depth: (open.at(-1)?.depth ?? 0) + 1 });
      isStart = false;
    }
    if (type === "seq-item-ind" || type === "explicit-key-ind" || type === "map-value-ind") {
      const last = open.at(-1);
      if (last !== undefined && brackets === 0) last.depth++;
    }
    // A level of its own has at most an indented line, a "-" and a ":".
    if (brackets > deepest || (open.at(-1)?.depth ?? 0) > 3 * deepest) return line;
    const breaks = token.split("\n").length - 1;
    if (breaks > 0 && type === "newline") [isStart, indent] = [true, 0];
    line += breaks;
  }
  return undefined;
}

interface Problem {
  readonly offset: number;
  readonly message: string;
}

function keyProblems(node: Node | null): Problem[] {
  if (isSeq(node)) return node.items.flatMap((item) => keyProblems(item as Node | null));
  if (!isMap(node)) return [];
  const names = new Set<string>();
  return node.items.flatMap(({ key, value }) => {
    const problems: Problem[] = [];
    const offset = (key as Node | null)?.range?.[0] ?? node.range?.[0] ?? 0;
    const name = isScalar(key) ? String(key.value) : undefined;
    // A collection as a key becomes a text at each level around it, again and again.
    if (name === undefined) problems.push({ offset, message: "Expected keys that are plain texts, received another" });
    else if (names.has(name)) problems.push({ offset, message: `The key "${name}" is given twice: keep one of them` });
    if (name !== undefined) names.add(name);
    return [...problems, ...keyProblems(value as Node | null)];
  });
}

function clip(message: string): string {
  return message.length <= 300 ? message : `${message.slice(0, 300)}…`;
}
