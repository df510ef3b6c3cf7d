/** What a GGUF file says of its model before its weights: read with bounds, whatever the file says of its own lengths. */
import { open } from "node:fs/promises";

/** A value of the metadata; of texts and of long lists only what is looked at is kept. */
export type GgufValue = number | boolean | string | readonly number[] | undefined;

/** The metadata of a file. */
export interface GgufHeader {
  readonly values: ReadonlyMap<string, GgufValue>;
  /** The first token that stands twice in the vocabulary, and both of its numbers. */
  readonly twice?: { readonly token: string; readonly first: number; readonly second: number };
}

/** Bytes that are read at first, and at most: the metadata of models with 300,000 tokens have 15 MiB. */
const firstBytes = 2 ** 22;
export const mostBytes = 2 ** 28;
export const mostTokens = 2 ** 21;
/** Numbers of a list that are kept: one for each block. */
const longestList = 4096;
const longestText = 200;

/**
 * @returns undefined where the metadata are malformed, which llama.cpp says itself; "large" where they have more than
 *   256 MiB, or 2,097,152 tokens.
 * @throws Node's own error when the file cannot be read.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader | "large" | undefined> {
  await using file = await open(path, "r");
  for (let length = firstBytes; length <= mostBytes; length *= 4) {
    const bytes = Buffer.allocUnsafe(length);
    let end = 0;
    for (let read = -1; read !== 0 && end < length; end += read) {
      read = (await file.read(bytes, end, length - end, end)).bytesRead;
    }
    try {
      return headerOf(new Cursor(bytes.subarray(0, end)));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (error instanceof Large) return "large";
      if (!(error instanceof Short) || end < length) return undefined;
    }
  }
  return "large";
}

/** More than any model has. */
class Large extends RangeError {}

/** The bytes end before the header does. */
class Short extends RangeError {}

function headerOf(cursor: Cursor): GgufHeader {
  cursor.skip(4); // "GGUF"
  if (cursor.uint32() < 2) throw new RangeError("an old version");
  cursor.uint64(); // tensors
  const values = new Map<string, GgufValue>();
  let twice: GgufHeader["twice"];
  for (let left = cursor.uint64(); left > 0; left--) {
    const key = cursor.text();
    const type = cursor.uint32();
    if (key === "tokenizer.ggml.tokens" && type === 9) twice = twiceIn(cursor);
    else values.set(key, readValue(cursor, type));
  }
  return { values, ...(twice === undefined ? {} : { twice }) };
}

function twiceIn(cursor: Cursor): GgufHeader["twice"] {
  const type = cursor.uint32();
  const count = cursor.uint64();
  if (type !== 8) throw new RangeError("tokens that are no texts");
  if (count > mostTokens) throw new Large();
  const numbers = new Map<string, number>();
  let twice: GgufHeader["twice"];
  for (let second = 0; second < count; second++) {
    const token = cursor.latin1() || `[EMPTY_${second}]`; // as llama.cpp names it
    const first = numbers.get(token);
    if (first !== undefined) twice ??= { token: Buffer.from(token, "latin1").toString("utf8"), first, second };
    numbers.set(token, second);
  }
  return twice;
}

// By GGUF's number of the type: 8 is a text, 9 a list.
function readValue(cursor: Cursor, type: number): GgufValue {
  if (type === 8) return cursor.text().slice(0, longestText);
  if (type !== 9) return cursor.scalar(type);
  const inner = cursor.uint32();
  const count = cursor.uint64();
  if (inner === 8) for (let n = 0; n < count; n++) cursor.skip(cursor.uint64());
  else if (count > longestList) cursor.skip(count * cursor.sizeOf(inner));
  else return Array.from({ length: count }, () => Number(cursor.scalar(inner)));
  return undefined;
}

const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

/** Reads on where it stands, and never behind the end. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    if (count > this.#bytes.length - this.#at) throw new Short("more bytes");
    this.#at += count;
  }

  bytes(count: number): Buffer {
    const start = this.#at;
    this.skip(count);
    return this.#bytes.subarray(start, this.#at);
  }

  uint32(): number {
    this.skip(4);
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  /** A count or a length: larger than any file, it ends the reading. */
  uint64(): number {
    this.skip(8);
    return this.#bytes.readUInt32LE(this.#at - 8) + this.#bytes.readUInt32LE(this.#at - 4) * 2 ** 32;
  }

  /** A text as bytes: one character each. */
  latin1(): string {
    const count = this.uint64();
    this.skip(count);
    return this.#bytes.toString("latin1", this.#at - count, this.#at);
  }

  text(): string {
    return this.bytes(this.uint64()).toString("utf8");
  }

  sizeOf(type: number): number {
    const size = sizes[type];
    if (!size) throw new RangeError("an unknown type");
    return size;
  }

  scalar(type: number): number | boolean {
    const bytes = this.bytes(this.sizeOf(type));
    if (type === 6) return bytes.readFloatLE();
    if (type === 12) return bytes.readDoubleLE();
    if (type === 7) return bytes[0] !== 0;
    if (type === 10) return Number(bytes.readBigUInt64LE());
    if (type === 11) return Number(bytes.readBigInt64LE());
    return type % 2 === 0 ? bytes.readUIntLE(0, bytes.length) : bytes.readIntLE(0, bytes.length);
  }
}
