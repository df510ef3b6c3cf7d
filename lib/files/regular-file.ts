// Files that this program alone writes, those of a run directory: regular ones. Of a link another file would be read or
// overwritten, a pipe never answers, and a device never ends.
import { constants, createReadStream, type Stats } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { type InvalidConfigError, invalidField } from "../errors.js";

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as { readonly [name: string]: number | undefined };

/** What stands at a path, where that is no regular file. */
export function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return "a symbolic link";
  if (found.isDirectory()) return "a directory";
  if (found.isFIFO()) return "a pipe";
  return found.isSocket() ? "a socket" : "a device";
}

/** Whether anything has this name, be it a link to nothing. */
export async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Opens a regular file; no link is followed where the system can do without. Never waits.
 * @param flags  of open(2), default for reading.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when something else has the name, with what that is.
 * @throws Node's own error when it cannot be opened.
 */
export async function openRegular(path: string, flags = O_RDONLY!): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, flags | O_NOFOLLOW | O_NONBLOCK, 0o666);
  } catch (error) {
    const found = await lstat(path).catch(() => undefined); // a link is ELOOP, a pipe without a reader ENXIO
    if (found === undefined || found.isFile()) throw error;
    throw irregular(path, found, error);
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) throw irregular(path, found);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function irregular(path: string, found: Stats, cause?: unknown): InvalidConfigError {
  const message = `Expected a regular file, as a run writes it, received ${kindOf(found)}: put the file itself there`;
  return invalidField(path, message, { cause });
}

/**
 * Bytes of a regular file; 0 where there is none.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when something else has the name, with what that is.
 */
export async function regularSize(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile()) throw irregular(path, found);
  return found?.size ?? 0;
}

/**
 * The beginning of a regular file, piece by piece.
 * @param bytes  of it, default all.
 * @throws as {@link openRegular}.
 */
export async function* regularChunks(path: string, bytes = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  const file = await openRegular(path);
  if (bytes === 0) return await file.close();
  yield* createReadStream(path, { fd: file, end: bytes - 1 }) as AsyncIterable<Buffer>;
}

/**
 * All of a regular file; undefined where there is none.
 * @param mebibytes  most that it may have.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a larger one; else as {@link openRegular}.
 */
export async function readRegular(path: string, mebibytes: number): Promise<Buffer | undefined> {
  const opened = await openRegular(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (opened === undefined) return undefined;
  await using file = opened;
  const { size } = await file.stat();
  if (size > mebibytes * 2 ** 20) {
    throw invalidField(path, `Expected a file of at most ${mebibytes} MiB, as a run writes it, received ${size} bytes`);
  }
  return await file.readFile();
}
