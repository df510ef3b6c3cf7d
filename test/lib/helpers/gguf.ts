/** GGUF files written by hand: a header that says what the test wants it to say. */

/** @param metadata  text values only. */
export function ggufHeader(tensors: bigint, metadata: Readonly<Record<string, string>>, version = 3): Buffer {
  const entries = Object.entries(metadata);
  return Buffer.concat([
    Buffer.from("GGUF"),
    uint32(version),
    uint64(tensors),
    uint64(BigInt(entries.length)),
    ...entries.flatMap(([key, value]) => [text(key), uint32(8), text(value)]), // 8: a text
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(BigInt(bytes.length)), bytes]);
}

// Bytes of a value by its GGUF type; 8 is a text, 9 an array.
const sizes = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];

function endOfValue(bytes: Buffer, type: number, at: number): number {
  if (type === 8) return at + 8 + Number(bytes.readBigUInt64LE(at));
  if (type !== 9) return at + sizes[type]!;
  const inner = bytes.readUInt32LE(at);
  let end = at + 12;
  for (let n = bytes.readBigUInt64LE(at + 4); n > 0n; n--) end = endOfValue(bytes, inner, end);
  return end;
}

/** The same model with one more text in its metadata. The weights begin at the next multiple of 32 after the header. */
export function withText(model: Buffer, key: string, value: string): Buffer {
  const tensors = Number(model.readBigUInt64LE(8));
  const entries = Number(model.readBigUInt64LE(16));
  let at = 24;
  for (let i = 0; i < entries; i++) {
    const type = endOfValue(model, 8, at);
    at = endOfValue(model, model.readUInt32LE(type), type + 4);
  }
  const metadataEnd = at;
  for (let i = 0; i < tensors; i++) {
    const dimensions = endOfValue(model, 8, at);
    at = dimensions + 4 + 8 * model.readUInt32LE(dimensions) + 4 + 8;
  }
  const aligned = (length: number) => Math.ceil(length / 32) * 32;
  const header = Buffer.concat([
    model.subarray(0, 16),
    uint64(BigInt(entries + 1)),
    model.subarray(24, metadataEnd),
    text(key),
    uint32(8),
    text(value),
    model.subarray(metadataEnd, at),
  ]);
  return Buffer.concat([header, Buffer.alloc(aligned(header.length) - header.length), model.subarray(aligned(at))]);
}
