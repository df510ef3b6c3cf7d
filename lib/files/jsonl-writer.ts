// JSON Lines as they are written: one JSON value a line, each handed over whole.
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { openRegular } from "./regular-file.js";

const { O_APPEND, O_CREAT, O_WRONLY } = constants;

/** The line of a value, "\n" included. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`Expected a value that JSON can hold, received ${typeof value}`);
  return `${text}\n`;
}

/**
 * Appends values to a JSON Lines file of its own. Each value is handed to the operating system as one whole line before
 * `append` resolves, so what was appended outlives the process; `sync` makes it outlive a power cut.
 * @example
 * const writer = await JsonlWriter.create("rows.jsonl");
 * await writer.append({ text: "a fox", label: "animal" });
 * await writer.close();
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
   * Goes on behind the first `bytes` of a file and cuts off the rest; creates the file where there is none.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there is a link, a pipe or anything but a regular file.
   */
  static async continue(path: string, bytes: number): Promise<JsonlWriter> {
    const file = await openRegular(path, O_APPEND | O_CREAT | O_WRONLY);
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
