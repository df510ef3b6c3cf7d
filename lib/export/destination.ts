// Where an export goes: a function, or a file or directory, which is written under another name beside it and gets its
// own when it is whole.
import { randomUUID } from "node:crypto";
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { type ConfigIssue, invalidField, StorageError } from "../errors.js";
import { syncDirectory } from "../files/atomic-write.js";

export interface ByteSink {
  /**
   * Adds to the end: text, or bytes that are whole characters where text is wanted. Wait for it before the next, and do
   * not change the bytes before.
   */
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

// What exports write to a directory: one that holds nothing else may be replaced.
const own = /^(README\.md|data|(train|validation)\.(jsonl|csv|parquet))$/;

/** What stands in the way of writing to `path`; nothing is touched. */
export async function destinationIssues(path: string, force: boolean, run: string): Promise<ConfigIssue[]> {
  const found = await lstat(path).catch(() => undefined);
  if (await holdsRun(path, run)) {
    return [{ path, message: "Expected a path of its own, received one that holds the run itself: choose another" }];
  }
  if (found === undefined) return [];
  if (!force) {
    return [{ path, message: "Expected a new path, but there is something already: choose another, or --force" }];
  }
  if (!found.isDirectory()) return [];
  const others = (await readdir(path)).filter((name) => !own.test(name));
  if (others.length === 0) return [];
  const names = others.slice(0, 5).map((name) => JSON.stringify(name));
  const message =
    "Expected a directory that an export wrote, which may be replaced, but this one holds " +
    `${names.join(", ")}${others.length > 5 ? " and more" : ""}: choose another, or move these away`;
  return [{ path, message }];
}

// Whether replacing the path would take a run's directory, or one of its own files, away.
async function holdsRun(path: string, run: string): Promise<boolean> {
  const parent = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)));
  const target = join(parent, basename(resolve(path)));
  const directory = await realpath(run).catch(() => resolve(run));
  if (`${directory}${sep}`.startsWith(`${target}${sep}`)) return true;
  return /^(data\.jsonl|journal\.jsonl|manifest\.json|lock\.json.*|evaluation\.json)$/.test(
    relative(directory, target),
  );
}

/** A file or a directory that is being written. */
export class Destination {
  readonly #path: string;
  readonly #temporary: string;
  readonly #force: boolean;
  readonly #open: FileHandle[] = [];

  private constructor(path: string, force: boolean) {
    this.#path = resolve(path);
    this.#temporary = `${this.#path}.${randomUUID()}.tmp`;
    this.#force = force;
  }

  /**
   * Writes to `path`: `write` gets a function that creates a file in it, and once that has ended all of it appears at
   * once. When anything fails, `path` is as it was and nothing is left beside it.
   * @throws {StorageError} CORRSYNTH_STORAGE when it cannot be written; and whatever `write` throws.
   */
  static async write<T>(
    path: string,
    options: { readonly force: boolean; readonly isDirectory: boolean },
    write: (create: (name: string) => Promise<FileSink>) => Promise<T>,
  ): Promise<T> {
    const destination = new Destination(path, options.force);
    try {
      await mkdir(dirname(destination.#path), { recursive: true });
      if (options.isDirectory) await mkdir(destination.#temporary);
      const result = await write((name) => destination.#create(options.isDirectory ? name : undefined));
      await destination.#place();
      return result;
    } catch (error) {
      for (const file of destination.#open) await file.close().catch(() => {}); // the first error is the one to tell
      await rm(destination.#temporary, { recursive: true, force: true }).catch(() => {});
      throw storageError(path, error as NodeJS.ErrnoException);
    }
  }

  async #create(name: string | undefined): Promise<FileSink> {
    const path = name === undefined ? this.#temporary : join(this.#temporary, name);
    if (name !== undefined) await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "wx");
    this.#open.push(file);
    return new FileSink(file);
  }

  async #place(): Promise<void> {
    const isThere = (await lstat(this.#path).catch(() => undefined)) !== undefined;
    if (isThere && !this.#force) {
      const message = "Expected a new path, but something has been put there meanwhile: choose another, or --force";
      throw invalidField(this.#path, message);
    }
    const old = `${this.#temporary}.old`;
    // A directory cannot be renamed over another; a file can, at once, over a file.
    const isReplaced = isThere && (await lstat(this.#temporary)).isDirectory();
    const isInTheWay = isReplaced || (isThere && (await lstat(this.#path)).isDirectory());
    if (isInTheWay) await rename(this.#path, old);
    try {
      await rename(this.#temporary, this.#path);
    } catch (error) {
      if (isInTheWay) await rename(old, this.#path).catch(() => {});
      throw error;
    }
    if (isInTheWay) await rm(old, { recursive: true, force: true });
    await syncDirectory(dirname(this.#path));
  }
}

function storageError(path: string, error: NodeJS.ErrnoException): Error {
  if (error.syscall === undefined) return error;
  return new StorageError(
    `Cannot write to ${path} (${error.message}): nothing of it was kept; see to the disk, then export again`,
    { cause: error },
  );
}
