// Whole text files, with what can be wrong with their encoding said by line.
import { readFile } from "node:fs/promises";
import { InvalidConfigError } from "../errors.js";

const newline = 0x0a;

/**
 * The text of a UTF-8 file, without its byte order mark.
 * @param options.mayBeCut  accepts a file that ends in the middle of a character, without that; default false.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it cannot be read, is empty, or is not UTF-8; the first line that is
 *   not is named as `path:line`.
 */
export async function readTextFile(path: string, options: { readonly mayBeCut?: boolean } = {}): Promise<string> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (cause) {
    const message = `Expected a readable file (${(cause as Error).message})`;
    throw new InvalidConfigError([{ path, message }], { cause });
  }
  const utf16 = content.length > 1 && (content.readUInt16BE(0) === 0xfffe || content.readUInt16BE(0) === 0xfeff);
  if (utf16 || content.includes(0)) {
    throw invalid(
      path,
      "Expected UTF-8 text, received what looks like UTF-16 or no text at all: save the file as UTF-8",
    );
  }
  const text = decode(content, options.mayBeCut);
  if (text === undefined) {
    const line = firstBadLine(content);
    throw invalid(`${path}:${line}`, "Expected UTF-8, received bytes that are none: save the whole file as UTF-8");
  }
  if (text.trim() === "") throw invalid(path, "Expected rows, but the file is empty");
  return text;
}

function decode(bytes: Uint8Array, mayBeCut = false): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: mayBeCut });
  } catch {
    return undefined;
  }
}

// A newline byte is never part of another character in UTF-8, so lines can be told apart before they are decoded.
function firstBadLine(content: Buffer): number {
  for (let line = 1, start = 0; ; line++) {
    const end = content.indexOf(newline, start);
    const bytes = content.subarray(start, end < 0 ? content.length : end);
    if (end < 0 || decode(bytes) === undefined) return line;
    start = end + 1;
  }
}

function invalid(path: string, message: string): InvalidConfigError {
  return new InvalidConfigError([{ path, message }]);
}
