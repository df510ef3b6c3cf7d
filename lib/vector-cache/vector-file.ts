// A file of the cache: a header, then records of one length, which are appended and never changed. Vectors lie as the
// machine has them in memory, other numbers are little-endian; a shelf is of one order of bytes.
//
//   header   "corrvec1", numbers of a vector (u32), CRC-32 of these twelve bytes (u32)
//   record   SHA-256 of what the vector is of, the vector (float32), CRC-32 of both (u32)
//
// A kill leaves at most half a record at the end, which is none; what is damaged elsewhere fails its checksum.
import { createHash } from "node:crypto";
import { crc32 } from "../files/crc32.js";

const magic = Buffer.from("corrvec1");
const keyBytes = 32;
export const headerBytes = magic.length + 8;
/** Larger vectors are no model's. */
const mostDimensions = 2 ** 16;

/**
 * What a vector is filed under.
 * @param shelf  everything beside the text that it depends on.
 */
export function keyOf(shelf: string, text: string): string {
  return createHash("sha256").update(`${shelf}\0${text}`).digest().toString("latin1");
}

export function recordBytes(dimensions: number): number {
  return keyBytes + 4 * dimensions + 4;
}

export function headerOf(dimensions: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeUInt32LE(dimensions, magic.length);
  header.writeUInt32LE(crc32(header.subarray(0, magic.length + 4)), magic.length + 4);
  return header;
}

// Numbers of a vector, by the header; undefined where it is none.
function dimensionsIn(header: Buffer): number | undefined {
  if (header.length < headerBytes || !header.subarray(0, magic.length).equals(magic)) return undefined;
  if (header.readUInt32LE(magic.length + 4) !== crc32(header.subarray(0, magic.length + 4))) return undefined;
  const dimensions = header.readUInt32LE(magic.length);
  return dimensions >= 1 && dimensions <= mostDimensions ? dimensions : undefined;
}

export function recordOf(key: string, vector: Float32Array): Buffer {
  const record = Buffer.alloc(recordBytes(vector.length));
  record.write(key, "latin1");
  record.set(bytesOf(vector), keyBytes);
  record.writeUInt32LE(crc32(record.subarray(0, -4)), record.length - 4);
  return record;
}

/** The vector of a record; undefined where this is no whole one of that key. */
export function vectorIn(record: Buffer, key: string): Float32Array | undefined {
  if (keyIn(record) !== key) return undefined;
  const vector = new Float32Array((record.length - keyBytes - 4) / 4);
  bytesOf(vector).set(record.subarray(keyBytes, -4));
  return vector;
}

/** Of the whole records of a file their keys, where each begins, and numbers of a vector; none where it is no file of the cache. */
export function* recordsIn(
  file: Buffer,
): Generator<{ readonly key: string; readonly position: number; readonly dimensions: number }> {
  const dimensions = dimensionsIn(file);
  if (dimensions === undefined) return;
  const size = recordBytes(dimensions);
  for (let position = headerBytes; position + size <= file.length; position += size) {
    const key = keyIn(file.subarray(position, position + size));
    if (key !== undefined) yield { key, position, dimensions };
  }
}

// Undefined where the record is damaged.
function keyIn(record: Buffer): string | undefined {
  const isWhole = record.readUInt32LE(record.length - 4) === crc32(record.subarray(0, -4));
  return isWhole ? record.toString("latin1", 0, keyBytes) : undefined;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
