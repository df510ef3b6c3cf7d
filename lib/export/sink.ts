// Where the bytes of one file go.
import type { FileHandle } from "node:fs/promises";

export interface ByteSink {
  /** Adds to the end: text, or bytes that are whole characters where text is wanted. Wait for it before the next, and do not change the bytes before. */
  append(content: string | Uint8Array): Promise<void>;
  /** Resolves when everything is where it belongs. */
  end(): Promise<void>;
}

/** Hands everything, in pieces of some size, to a function such as one that writes to stdout. */
export class CallbackSink implements ByteSink {
  readonly #write: (text: string) => void | Promise<void>;
  #pending = "";

  constructor(write: (text: string) => void | Promise<void>) {
    this.#write = write;
  }

  async append(content: string | Uint8Array): Promise<void> {
    this.#pending += typeof content === "string" ? content : Buffer.from(content).toString("utf8");
    if (this.#pending.length >= pieceSize) await this.end();
  }

  async end(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    if (text !== "") await this.#write(text);
  }
}

const pieceSize = 2 ** 16;
const bufferSize = 2 ** 20;

/** A file that is written from its beginning to its end. */
export class FileSink implements ByteSink {
  bytes = 0;
  readonly #file: FileHandle;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async append(content: string | Uint8Array): Promise<void> {
    const chunk = typeof content === "string" ? Buffer.from(content) : content;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    this.bytes += chunk.length;
    if (this.#pendingBytes >= bufferSize) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#file.datasync();
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    const chunks = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (chunks.length > 0) await this.#file.appendFile(Buffer.concat(chunks));
  }
}
