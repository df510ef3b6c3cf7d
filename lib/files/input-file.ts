// Files that a person names: regular ones, links to them, and pipes, which are read once and never waited for in vain.
import { constants, createReadStream, fstat, open, read } from "node:fs";
import { Socket } from "node:net";
import { promisify } from "node:util";
import { invalidField } from "../errors.js";
import { kindOf } from "./regular-file.js";

// A pipe that is opened so does not hold up a thread, and with it the end of the process, until somebody writes to it.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * What a file holds, piece by piece. Of a pipe to which nobody writes, that is nothing.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a device or a socket.
 * @throws Node's own error when it cannot be read.
 */
export async function* inputChunks(path: string): AsyncGenerator<Buffer> {
  const fd = await promisify(open)(path, flags);
  const found = await promisify(fstat)(fd);
  if (found.isFIFO()) return yield* pipeChunks(fd);
  const stream = createReadStream(path, { fd }) as AsyncIterable<Buffer> & { destroy(): void };
  if (found.isFile() || found.isDirectory()) return yield* stream; // of a directory, EISDIR is told
  stream.destroy();
  throw invalidField(path, `Expected a file or a pipe, received ${kindOf(found)}`);
}

// The system tells of what comes and of the last writer's end, not of a pipe that never had one: that is for a first read.
async function* pipeChunks(fd: number): AsyncGenerator<Buffer> {
  const rest = new Socket({ fd, readable: true, writable: false });
  try {
    const first = Buffer.alloc(2 ** 16);
    const bytes = await promisify(read)(fd, first, 0, first.length, null).then(
      ({ bytesRead }) => bytesRead,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EAGAIN") return undefined; // somebody will write
        throw error;
      },
    );
    if (bytes === 0) return;
    if (bytes !== undefined) yield first.subarray(0, bytes);
    yield* rest as AsyncIterable<Buffer>;
  } finally {
    rest.destroy();
  }
}

/**
 * All of a file that somebody else wrote, or undefined when it has more than `bytes`: no more than these are ever read,
 * and a pipe to which nobody writes is empty.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a device or a socket.
 * @throws Node's own error when it cannot be read.
 * @example
 * import { readInput } from "corrsynth/io";
 * await writeFile("notes.txt", "three short words");
 * console.log(String(await readInput("notes.txt", 100)), await readInput("notes.txt", 10)); // three short words undefined
 */
export async function readInput(path: string, bytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of inputChunks(path)) {
    length += chunk.length;
    if (length > bytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
