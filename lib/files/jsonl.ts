// JSON Lines: one JSON value a line, UTF-8, lines end with "\n".
import { type FileHandle, open } from "node:fs/promises";
import { InvalidConfigError } from "../errors.js";
import { readLines } from "./lines.js";

/** A value and where it stood. */
export interface JsonLine {
  readonly value: unknown;
  /** Line in the file, from 1. Blank lines are skipped and counted. */
  readonly line: number;
}

/**
 * The values of a JSON Lines file, one at a time. Memory stays at one line. A byte order mark and "\r\n" are accepted.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as its path, when the file cannot be read, is not
 *   UTF-8, holds a line of more than 64 MiB or one that is not JSON.
 */
export async function* readJsonl(path: string): AsyncGenerator<JsonLine, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 0;
  for await (const bytes of lines(path)) {
    line++;
    let text: string;
    try {
      text = decoder.decode(bytes).trim();
    } catch {
      throw invalid(`${path}:${line}`, "Expected UTF-8 text; save the file as UTF-8");
    }
    if (text === "") continue;
    try {
      yield { value: JSON.parse(text) as unknown, line };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error; // a consumer's own error, thrown into the generator
      throw invalid(`${path}:${line}`, `Expected one JSON value a line (${error.message})`);
    }
  }
}

async function* lines(path: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* readLines(path);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw invalid(path, `Expected a readable JSON Lines file (${message})`, error);
  }
}

function invalid(path: string, message: string, cause?: unknown): InvalidConfigError {
  return new InvalidConfigError([{ path, message }], cause === undefined ? undefined : { cause });
}

/** The line of a value, "\n" included. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`Expected a value that JSON can hold, received ${typeof value}`);
  return `${text}\n`;
}

/**
 * Appends values to a JSON Lines file of its own. Each value is handed to the operating system as one whole line before
 * `append` resolves, so what was appended outlives the process; `sync` makes it outlive a power cut.
 */
export class JsonlWriter {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Creates the file; the promise rejects with Node's EEXIST when there is one already. */
  static async create(path: string): Promise<JsonlWriter> {
    return new JsonlWriter(await open(path, "ax"));
  }

  /** Goes on behind the first `bytes` of a file and cuts off the rest; creates the file where there is none. */
  static async continue(path: string, bytes: number): Promise<JsonlWriter> {
    const file = await open(path, "a");
    try {
      await file.truncate(Math.min(bytes, (await file.stat()).size));
      return new JsonlWriter(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Adds one line. Wait for it before the next.
   * @throws {TypeError} for a value that JSON has no text for (undefined, a function, a bigint, a cycle).
   */
  async append(value: unknown): Promise<void> {
    await this.appendText(jsonLine(value));
  }

  /** Adds whole lines, each JSON with its line break. Wait for it before the next. */
  async appendText(lines: string | Uint8Array): Promise<void> {
    await this.#file.appendFile(lines);
  }

  /** Resolves when everything appended is on the disk. */
  async sync(): Promise<void> {
    await this.#file.datasync();
  }

  /** Syncs and closes. */
  async close(): Promise<void> {
    try {
      await this.#file.datasync();
    } finally {
      await this.#file.close();
    }
  }
}
