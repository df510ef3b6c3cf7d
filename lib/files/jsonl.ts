// JSON Lines as they are read: one JSON value a line, UTF-8, lines end with "\n".
import { isUtf8 } from "node:buffer";
import { show } from "../checks/nearest.js";
import { invalidField } from "../errors.js";
import { parseJson } from "./json.js";
import { type Line, readLines } from "./lines.js";
import { encodingProblem } from "./text-file.js";

/** A value and where it stood. */
export interface JsonLine {
  readonly value: unknown;
  /** Line in the file, from 1. Blank lines are skipped and counted. */
  readonly line: number;
}

/** A line and what it says. */
export interface ParsedLine extends Line {
  /** Undefined of a blank line, and of one with a problem. */
  readonly value: unknown;
  /** Why it has no value, and what was expected; undefined where it has one, or is blank. */
  readonly problem: string | undefined;
}

/**
 * The values of a JSON Lines file, one at a time. Memory stays at one line. A byte order mark and "\r\n" are accepted.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as its path, when the file cannot be read, is
 *   not UTF-8, holds a line of more than 64 MiB or one that is not JSON.
 * @example
 * await writeFile("seeds.jsonl", '{"text":"a fox","label":"animal"}\n{"text":"a fern","label":"plant"}\n');
 * for await (const { line, value } of readJsonl("seeds.jsonl")) console.log(line, value);
 */
export async function* readJsonl(path: string): AsyncGenerator<JsonLine, void, undefined> {
  for await (const { number, value, problem } of parseLines(path)) {
    if (problem !== undefined) throw invalidField(`${path}:${number}`, problem);
    if (value !== undefined) yield { value, line: number };
  }
}

/**
 * Every line of a JSON Lines file, with its value or what is wrong with it: the one reader of this format, whatever
 * becomes of a bad line. A byte order mark before the first and "\r\n" are accepted.
 * @param what  a line holds, for problems: "value" (default) or "object".
 * @param chunks  what the file holds, where it was opened already.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the file cannot be read (its `cause` is Node's error), and
 *   with `file:line` as its path at a line of more than 64 MiB.
 */
export async function* parseLines(
  path: string,
  what = "value",
  chunks?: AsyncIterable<Buffer>,
): AsyncGenerator<ParsedLine, void, undefined> {
  try {
    for await (const lines of readLines(path, 64, chunks)) {
      for (const line of lines) yield parse(line, what);
    }
  } catch (cause) {
    const { syscall, message } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw invalidField(path, `Expected a readable JSON Lines file (${message})`, { cause });
  }
}

const byteOrderMark = 0xfeff;

function parse({ bytes, number, end, isEnded }: Line, what: string): ParsedLine {
  let value: unknown;
  let problem: string | undefined;
  if (isUtf8(bytes)) {
    const decoded = bytes.toString("utf8");
    const text = number === 1 && decoded.charCodeAt(0) === byteOrderMark ? decoded.slice(1) : decoded;
    try {
      value = parseJson(text);
    } catch (error) {
      if (text.trim() !== "") problem = jsonProblem(bytes, text, what, error as Error);
    }
  } else {
    problem = encodingProblem(bytes);
  }
  return { bytes, number, end, isEnded, value, problem };
}

function jsonProblem(bytes: Buffer, text: string, what: string, { message }: Error): string {
  if (bytes.includes(0)) return encodingProblem(bytes);
  return `Expected one JSON ${what} a line, received ${show(text)} (${message})`;
}
