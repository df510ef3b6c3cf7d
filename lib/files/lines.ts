// The lines of a file, as bytes.
import { invalidField } from "../errors.js";
import { inputChunks } from "./input-file.js";

/** A line of a file. */
export interface Line {
  /** Without its "\n". */
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** Where it ends in the file, in bytes, its "\n" included. */
  readonly end: number;
  /** False of what follows the last "\n". */
  readonly isEnded: boolean;
}

const newline = 0x0a;

/**
 * The lines of a file, as many at a time as were read at once, so that a reader waits for pieces and not for lines.
 * Memory stays at one piece of 64 KiB, or one line. What follows the last "\n" is a line when it is not empty. Lines
 * end at "\n" alone: U+2028, which Node's readline takes for a line end, may stand inside a JSON string.
 * @param path  what the file is called in errors, and where it is unless `chunks` has what it holds.
 * @param longest  most MiB of a line; default 64. A file without line ends must not fill the memory.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as its path, at a longer line.
 * @throws Node's own error when the file cannot be read.
 */
export async function* readLines(
  path: string,
  longest = 64,
  chunks?: AsyncIterable<Buffer>,
): AsyncGenerator<readonly Line[], void, undefined> {
  let pending: Buffer[] = []; // the beginning of a line whose end has not been read
  let pendingBytes = 0;
  let number = 1;
  let end = 0;
  for await (const chunk of chunks ?? inputChunks(path)) {
    const lines: Line[] = [];
    let start = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
      const rest = chunk.subarray(start, at);
      const bytes = pending.length === 0 ? rest : Buffer.concat([...pending, rest]);
      end += bytes.length + 1;
      lines.push({ bytes, number: number++, end, isEnded: true });
      pending = [];
      pendingBytes = 0;
      start = at + 1;
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (lines.length > 0) yield lines;
    if (pendingBytes > longest * 2 ** 20) {
      throw invalidField(`${path}:${number}`, `Expected lines of at most ${longest} MiB`);
    }
  }
  if (pendingBytes > 0) {
    yield [{ bytes: Buffer.concat(pending), number, end: end + pendingBytes, isEnded: false }];
  }
}
