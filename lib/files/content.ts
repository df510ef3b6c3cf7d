// The text of a file, piece by piece, as UTF-8: unpacked where it is gzip, and from UTF-16 where it says that it is that.
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InvalidConfigError, invalidField } from "../errors.js";
import { inputChunks } from "./input-file.js";
import { beginningBytes, recognise } from "./kind.js";

/** Most bytes of text that are read of a file, unpacked. */
export const mostText = 2 ** 31;

/** A file that is text. */
export interface TextContent {
  /** The first bytes of the text, as UTF-8, for telling its format. */
  readonly beginning: Buffer;
  /** All of it, to be read once. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** What a file is that holds rows. */
export type Content = ({ readonly kind: "text" } & TextContent) | { readonly kind: "parquet" };

/**
 * Opens a file that somebody else wrote. What it is, is told by its first bytes and not by its name.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it cannot be read (its `cause` is Node's error), or is of
 *   a kind that is not read, with what to do. `chunks` throws it for damaged gzip, and above 2 GiB of text.
 * @param chunks  what it holds, where that is not all of the file.
 */
export async function openContent(path: string, chunks?: AsyncIterable<Buffer>): Promise<Content> {
  const raw = await peek(bytesOf(path, chunks ?? inputChunks(path))); // opened once: it may be a pipe
  const found = recognised(path, raw.beginning);
  if (found === "text") return { kind: "text", ...(await recoded(bounded(path, raw.chunks))) };
  if (found === "parquet") {
    await raw.chunks.return();
    return { kind: "parquet" };
  }
  const unpacked = await peek(bounded(path, gunzipped(path, raw.chunks)));
  const inner = recognised(path.replace(/\.gz$/i, ""), unpacked.beginning);
  if (inner === "text") return { kind: "text", ...(await recoded(unpacked.chunks)) };
  throw invalidField(path, `Expected text inside gzip, received ${inner} packed once more: unpack it first`);
}

function recognised(path: string, beginning: Buffer): "text" | "gzip" | "parquet" {
  const found = recognise(path, beginning);
  if ("problem" in found) throw invalidField(path, found.problem);
  return found.kind;
}

async function* bytesOf(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* chunks;
  } catch (cause) {
    if (cause instanceof InvalidConfigError) throw cause;
    throw invalidField(path, `Expected a readable file (${(cause as Error).message})`, { cause });
  }
}

async function* gunzipped(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const unpacked = createGunzip();
  pipeline(Readable.from(chunks), unpacked, () => undefined); // what fails is thrown by the iteration
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } catch (cause) {
    if (cause instanceof InvalidConfigError) throw cause;
    const message = `Expected a whole gzip file (${(cause as Error).message}): fetch or pack it again`;
    throw invalidField(path, message, { cause });
  }
}

async function* bounded(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > mostText) {
      throw invalidField(
        path,
        "Expected at most 2 GiB of text, received more: take a part of it, such as head -n 100000",
      );
    }
    yield chunk;
  }
}

/** The first bytes of a stream, and all of it. */
async function peek(chunks: AsyncIterable<Buffer>): Promise<TextContent & { chunks: AsyncGenerator<Buffer, void> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let bytes = 0;
  while (bytes < beginningBytes) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    first.push(value);
    bytes += value.length;
  }
  async function* all(): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* first;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { beginning: Buffer.concat(first).subarray(0, beginningBytes), chunks: all() };
}

async function recoded(chunks: AsyncIterable<Buffer>): Promise<TextContent> {
  const content = await peek(chunks);
  const mark = content.beginning.length < 2 ? 0 : content.beginning.readUInt16BE(0);
  if (mark === 0xfffe) return await peek(fromUtf16(content.chunks, "utf-16le"));
  return mark === 0xfeff ? await peek(fromUtf16(content.chunks, "utf-16be")) : content;
}

async function* fromUtf16(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer, void, undefined> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
