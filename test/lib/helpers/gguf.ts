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

/** The parts of a model file: its metadata, entry by entry, the list of its tensors, and what they hold. */
function parts(model: Buffer): { entries: Map<string, Buffer>; tensors: Buffer; weights: Buffer } {
  const entries = new Map<string, Buffer>();
  let at = 24;
  for (let n = model.readBigUInt64LE(16); n > 0n; n--) {
    const type = endOfValue(model, 8, at);
    const end = endOfValue(model, model.readUInt32LE(type), type + 4);
    entries.set(model.toString("utf8", at + 8, type), model.subarray(type, end));
    at = end;
  }
  const metadataEnd = at;
  for (let n = model.readBigUInt64LE(8); n > 0n; n--) {
    const dimensions = endOfValue(model, 8, at);
    at = dimensions + 4 + 8 * model.readUInt32LE(dimensions) + 4 + 8;
  }
  return { entries, tensors: model.subarray(metadataEnd, at), weights: model.subarray(aligned(at)) };
}

// The weights begin at the next multiple of 32 after the header.
const aligned = (length: number) => Math.ceil(length / 32) * 32;

function withEntries(model: Buffer, entries: ReadonlyMap<string, Buffer>): Buffer {
  const { tensors, weights } = parts(model);
  const metadata = [...entries].flatMap(([key, value]) => [text(key), value]);
  const header = Buffer.concat([model.subarray(0, 16), uint64(BigInt(entries.size)), ...metadata, tensors]);
  return Buffer.concat([header, Buffer.alloc(aligned(header.length) - header.length), weights]);
}

/** The same model with one more text in its metadata. */
export function withText(model: Buffer, key: string, value: string): Buffer {
  return withEntries(model, parts(model).entries.set(key, Buffer.concat([uint32(8), text(value)])));
}

/** The same model with another value in its metadata. */
export function withValue(model: Buffer, key: string, value: Value): Buffer {
  return withEntries(model, parts(model).entries.set(key, typed(value)));
}

/** The same model with the second of its tokens called as the first. */
export function withTokenTwice(model: Buffer): Buffer {
  const { entries } = parts(model);
  const list = entries.get("tokenizer.ggml.tokens")!;
  const second = endOfValue(list, 8, 16);
  const rest = endOfValue(list, 8, second);
  const words = [list.subarray(16, second), list.subarray(16, second), list.subarray(rest)];
  return withEntries(model, entries.set("tokenizer.ggml.tokens", Buffer.concat([list.subarray(0, 16), ...words])));
}

/** The same model with a SentencePiece vocabulary of the same words and no token for a byte that is no word. */
export function withoutByteFallback(model: Buffer): Buffer {
  const { entries } = parts(model);
  const list = entries.get("tokenizer.ggml.tokens")!; // an array, of texts, so many
  const words: Buffer[] = [];
  for (let at = 16; at < list.length; at = endOfValue(list, 8, at)) {
    const word = list.toString("utf8", at + 8, endOfValue(list, 8, at));
    words.push(text(word.replaceAll("Ġ", "▁").replaceAll("Ċ", "\n")));
  }
  entries.set("tokenizer.ggml.tokens", Buffer.concat([list.subarray(0, 16), ...words]));
  entries.set("tokenizer.ggml.model", Buffer.concat([uint32(8), text("llama")]));
  return withEntries(model, entries);
}

/** A value of the metadata; numbers say how they are written, bytes are. */
type Value = string | boolean | Buffer | readonly string[] | { readonly uint32: number } | { readonly float32: number };

function typed(value: Value): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === "string") return Buffer.concat([uint32(8), text(value)]);
  if (typeof value === "boolean") return Buffer.concat([uint32(7), Buffer.from([Number(value)])]);
  if ("uint32" in value) return Buffer.concat([uint32(4), uint32(value.uint32)]);
  if ("float32" in value) return Buffer.concat([uint32(6), Buffer.from(Float32Array.of(value.float32).buffer)]);
  return Buffer.concat([uint32(9), uint32(8), uint64(BigInt(value.length)), ...value.map(text)]);
}

/** A whole model in float32. */
export function ggufFile(
  metadata: Readonly<Record<string, Value>>,
  tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>,
): Buffer {
  const entries = Object.entries(metadata).map(([key, value]) => Buffer.concat([text(key), typed(value)]));
  let offset = 0;
  const infos = [...tensors].map(([name, { shape, values }]) => {
    const info = [
      text(name),
      uint32(shape.length),
      ...shape.map((n) => uint64(BigInt(n))),
      uint32(0),
      uint64(BigInt(offset)),
    ];
    offset = aligned(offset + values.byteLength);
    return Buffer.concat(info);
  });
  const counts = [uint32(3), uint64(BigInt(tensors.size)), uint64(BigInt(entries.length))];
  const header = Buffer.concat([Buffer.from("GGUF"), ...counts, ...entries, ...infos]);
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
  return Buffer.concat([
    padded(header),
    ...[...tensors.values()].map(({ values }) => padded(Buffer.from(values.buffer))),
  ]);
}

/**
 * A model that takes seconds to be loaded, and then is none: a vocabulary of many words, and one weight.
 * @param words  four million keep llama.cpp for some seconds.
 */
export function slowFile(words: number): Buffer {
  const list = Buffer.alloc(16 * words); // of each its length, in eight bytes, and eight letters
  for (let i = 0; i < words; i++) {
    list.writeUInt32LE(8, 16 * i);
    list.write(i.toString(36).padStart(8, "_"), 16 * i + 8, "latin1");
  }
  const sizes = ["block_count", "context_length", "embedding_length", "feed_forward_length", "attention.head_count"];
  const metadata = {
    "general.architecture": "llama",
    ...Object.fromEntries(sizes.map((name) => [`llama.${name}`, { uint32: 32 }])),
    "llama.attention.layer_norm_rms_epsilon": { float32: 1e-5 },
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.merges": ["a b"],
    "tokenizer.ggml.tokens": Buffer.concat([uint32(9), uint32(8), uint64(BigInt(words)), list]), // an array of texts
  };
  return ggufFile(metadata, new Map([["output_norm.weight", { shape: [32], values: new Float32Array(32) }]]));
}
