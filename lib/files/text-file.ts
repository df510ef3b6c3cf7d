// Whole texts, with what can be wrong with their encoding said by line.
import { isUtf8 } from "node:buffer";
import { InvalidConfigError, invalidField } from "../errors.js";
import { readRegular } from "./regular-file.js";

const newline = 0x0a;

/** Most MiB of a file that this program wrote to describe a run. */
export const largestText = 256;

/**
 * The text of a UTF-8 file of a run directory, without its byte order mark; undefined where there is none.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is no regular file, cannot be read, has more than 256
 *   MiB, is empty, or is not UTF-8; the first line that is not is named as `path:line`.
 */
export async function readTextFile(path: string): Promise<string | undefined> {
  let content: Buffer | undefined;
  try {
    content = await readRegular(path, largestText);
  } catch (cause) {
    if (cause instanceof InvalidConfigError) throw cause;
    throw invalidField(path, `Expected a readable file (${(cause as Error).message})`, { cause });
  }
  return content === undefined ? undefined : decodeText(path, content);
}

/**
 * The text of these bytes, without a byte order mark.
 * @param path  what they are called in errors.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as {@link readTextFile} does.
 */
export function decodeText(path: string, content: Buffer): string {
  if (looksLikeUtf16(content)) throw invalidField(path, encodingProblem(content));
  if (!isUtf8(content)) throw invalidField(`${path}:${firstBadLine(content)}`, encodingProblem(content));
  const text = new TextDecoder().decode(content);
  if (text.trim() === "") throw invalidField(path, "Expected rows, but the file is empty");
  return text;
}

/** What is wrong with bytes that are no UTF-8 text, and what to do. */
export function encodingProblem(bytes: Buffer): string {
  return looksLikeUtf16(bytes)
    ? "Expected UTF-8 text, received what looks like UTF-16 without a mark, or no text at all: save the file as UTF-8"
    : "Expected UTF-8, received bytes that are none: save the whole file as UTF-8";
}

function looksLikeUtf16(bytes: Buffer): boolean {
  const mark = bytes.length > 1 ? bytes.readUInt16BE(0) : 0;
  return mark === 0xfffe || mark === 0xfeff || bytes.includes(0);
}

// A newline byte is never part of another character in UTF-8, so lines can be told apart before they are decoded.
function firstBadLine(content: Buffer): number {
  for (let line = 1, start = 0; ; line++) {
    const end = content.indexOf(newline, start);
    if (end < 0 || !isUtf8(content.subarray(start, end))) return line;
    start = end + 1;
  }
}
