// The lines of a file, as bytes, one at a time.
import { createReadStream } from "node:fs";
import { InvalidConfigError } from "../errors.js";

const newline = 0x0a;

/**
 * The bytes of each line without its "\n". Memory stays at one line; what follows the last "\n" is a line when it is not
 * empty. Lines end at "\n" alone: U+2028, which Node's readline takes for a line end, may stand inside a JSON string.
 * @param longest  most MiB of a line; default 64. A file without line ends must not fill the memory.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as its path, at a longer line.
 * @throws Node's own error when the file cannot be read.
 */
export async function* readLines(path: string, longest = 64): AsyncGenerator<Buffer, void, undefined> {
  let pending: Buffer[] = []; // the beginning of a line whose end has not been read
  let pendingBytes = 0;
  let line = 1;
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
    if (pendingBytes > longest * 2 ** 20) {
      throw new InvalidConfigError([{ path: `${path}:${line}`, message: `Expected lines of at most ${longest} MiB` }]);
    }
  }
  if (pendingBytes > 0) yield Buffer.concat(pending);
}
