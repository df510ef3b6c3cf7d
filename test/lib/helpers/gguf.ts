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
