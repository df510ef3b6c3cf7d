// JSON Lines: one JSON value a line, UTF-8, lines end with "\n".
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { InvalidConfigError } from "../errors.js";

/** A value and where it stood. */
export interface JsonLine {
  readonly value: unknown;
  /** Line in the file, from 1. Blank lines are skipped and counted. */
  readonly line: number;
}

const longestLine = 64 * 1024 * 1024; // bytes; a file without line ends must not fill the memory
const newline = 0x0a;

/**
 * The values of a JSON Lines file, one at a time. Memory stays at one line. A byte order mark and "\r\n" are accepted.
 * Lines end at "\n" alone: U+2028, which Node's readline takes for a line end, may stand inside a JSON string.
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
  let pending: Buffer[] = []; // the beginning of a line whose end has not been read
  let pendingBytes = 0;
  let line = 1;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        yield Buffer.concat([...pending, chunk.subarray(start, end)]);
        pending = [];
        pendingBytes = 0;
        start = end + 1;
        line++;
      }
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
      if (pendingBytes > longestLine) throw invalid(`${path}:${line}`, "Expected lines of at most 64 MiB");
    }
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw invalid(path, `Expected a readable JSON Lines file (${message})`, error);
  }
  if (pendingBytes > 0) yield Buffer.concat(pending);
}

function invalid(path: string, message: string, cause?: unknown): InvalidConfigError {
  return new InvalidConfigError([{ path, message }], cause === undefined ? undefined : { cause });
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

  /**
   * Adds one line. Wait for it before the next.
   * @throws {TypeError} for a value that JSON has no text for (undefined, a function, a bigint, a cycle).
   */
  async append(value: unknown): Promise<void> {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`Expected a value that JSON can hold, received ${typeof value}`);
    await this.#file.appendFile(`${text}\n`);
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
