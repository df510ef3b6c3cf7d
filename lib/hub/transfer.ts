// One file over the wire, into a partial file: goes on where it stopped, and ends only with the promised content.
import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { DownloadError } from "../errors.js";
import { startHash } from "./digest.js";
import { contentUrl, type HubConnection, type RemoteFile, refusal } from "./repository.js";
import { broken, hubFetch, IdleTimer } from "./request.js";
import { PassingFailure, retrying } from "./retry.js";
import type { HubUri } from "./uri.js";

/** What of a file is there: "verify" while what an earlier call left is read, then "download". */
export type OnBytes = (stage: "verify" | "download", bytes: number) => void;

export interface Source {
  readonly uri: HubUri;
  readonly commit: string;
  readonly file: RemoteFile;
}

/**
 * Completes the file at `partial`, which may exist, and flushes it to disk. Nobody else may write to it. After a
 * failure, and after an abort, it stays for the next call; only a wrong hash deletes it.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD when connections keep failing, the content is not the promised one, or the
 *   disk fails.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD when the hub refuses.
 */
export async function transfer(hub: HubConnection, source: Source, partial: string, onBytes: OnBytes): Promise<void> {
  const handle = await open(partial, constants.O_RDWR | constants.O_CREAT, 0o644).catch((error) =>
    unwritable(error, partial),
  );
  try {
    const download = new Download(hub, source, handle, onBytes);
    const isContinued = await download.readPartial();
    await download.finish();
    if (isContinued && !download.isWhole()) {
      await download.restart(); // what the earlier call left was wrong itself
      await download.finish();
    }
    if (!download.isWhole()) throw await mismatch(source.file, partial, download.hash());
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function mismatch({ path, digest }: RemoteFile, partial: string, received: string): Promise<DownloadError> {
  await rm(partial, { force: true });
  const kind = digest.kind === "sha256" ? "SHA-256" : "git's SHA-1";
  return new DownloadError(
    `Expected ${kind} ${digest.hex} of "${path}", received content with ${received}, which was deleted: try again; ` +
      "if it happens twice, something between here and the hub changes what it sends",
  );
}

class Download {
  readonly #hub: HubConnection;
  readonly #source: Source;
  readonly #handle: FileHandle;
  readonly #onBytes: OnBytes;
  #hash;
  #received = 0;
  /** Strong ETag of the content that is being received. */
  #etag: string | undefined;

  constructor(hub: HubConnection, source: Source, handle: FileHandle, onBytes: OnBytes) {
    this.#hub = hub;
    this.#source = source;
    this.#handle = handle;
    this.#onBytes = onBytes;
    this.#hash = startHash(source.file.digest, source.file.size);
  }

  /** Reads what an earlier call left; whether that is anything. */
  async readPartial(): Promise<boolean> {
    const { size } = this.#source.file;
    if ((await this.#handle.stat()).size > size) await this.restart();
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (;;) {
      this.#hub.signal?.throwIfAborted();
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#received);
      if (bytesRead === 0) return this.#received > 0;
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#received += bytesRead;
      this.#onBytes("verify", this.#received);
    }
  }

  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    const { digest, size } = this.#source.file;
    this.#hash = startHash(digest, size);
    this.#received = 0;
    this.#etag = undefined;
  }

  /** Receives what is missing. */
  async finish(): Promise<void> {
    const { path, size } = this.#source.file;
    const { retry, signal, onWait } = this.#hub;
    const options = { what: `The download of "${path}"`, signal, received: () => this.#received, onWait };
    while (this.#received < size) await retrying(() => this.#attempt(), retry, options);
  }

  /** Hex hash of what was received. */
  hash(): string {
    return this.#hash.copy().digest("hex");
  }

  isWhole(): boolean {
    return this.hash() === this.#source.file.digest.hex;
  }

  async #attempt(): Promise<void> {
    const { uri, commit, file } = this.#source;
    using timer = new IdleTimer(this.#hub.idleMs, this.#hub.signal);
    const url = contentUrl(this.#hub, uri, commit, file.path);
    const response = await hubFetch(this.#hub, timer.signal)(url, { headers: this.#headers() });
    try {
      await this.#accept(response);
      await this.#receive(response, timer);
    } finally {
      await response.body?.cancel().catch(() => {}); // a broken connection cannot be told to stop
    }
    if (this.#received < file.size) {
      throw new PassingFailure(`the connection ended after ${this.#received} of ${file.size} bytes`);
    }
  }

  #headers(): Record<string, string> {
    const plain = { "accept-encoding": "identity" }; // ranges count the bytes of the file itself
    if (this.#received === 0) return plain;
    const condition = this.#etag === undefined ? {} : { "if-range": this.#etag };
    return { ...plain, ...condition, range: `bytes=${this.#received}-` };
  }

  // Makes sure that what comes continues what is there; where it does not, what is there goes.
  async #accept({ status, headers, url }: Response): Promise<void> {
    const { uri, file } = this.#source;
    const etag = headers.get("etag") ?? undefined;
    const strong = etag?.startsWith("W/") ? undefined : etag;
    if (status === 206) {
      const isNext = headers.get("content-range")?.startsWith(`bytes ${this.#received}-`) === true;
      const isSame = this.#etag === undefined || etag === undefined || etag === this.#etag;
      if (isNext && isSame) {
        this.#etag ??= strong;
        return;
      }
      await this.restart();
      throw new PassingFailure(isNext ? "the file changed in between" : "the server sent another part of the file");
    }
    if (status === 416) {
      await this.restart();
      throw new PassingFailure("the server has no such part of the file");
    }
    const { origin, host } = new URL(url);
    if (status >= 400 && origin !== new URL(this.#hub.endpoint).origin) {
      throw new PassingFailure(`${host} answered ${status}`); // its permission ran out; the hub gives another
    }
    if (status === 404) throw new DownloadError(`Expected "${file.path}" at ${this.#hub.endpoint}, which answered 404`);
    if (status !== 200) throw refusal(this.#hub, uri, status, headers.get("x-error-code"));
    if (this.#received > 0) await this.restart(); // the whole file, though a part was asked for
    this.#etag = strong;
  }

  async #receive({ body, url }: Response, timer: IdleTimer): Promise<void> {
    const { path, size } = this.#source.file;
    const reader = body?.getReader();
    try {
      for (;;) {
        const chunk = await reader
          ?.read()
          .catch((error) => Promise.reject(broken(new URL(url).host, error, timer.signal)));
        if (chunk === undefined || chunk.done) return;
        timer.received(chunk.value.length);
        if (this.#received + chunk.value.length > size) {
          await this.restart();
          throw new DownloadError(`Expected "${path}" to have ${size} bytes, received more: try again`);
        }
        await this.#write(chunk.value).catch((error) => unwritable(error, path));
        this.#hash.update(chunk.value);
        this.#received += chunk.value.length;
        this.#onBytes("download", this.#received);
      }
    } finally {
      reader?.releaseLock();
    }
  }

  // A disk that is nearly full takes a part, and refuses the rest only when asked again.
  async #write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      at += (await this.#handle.write(chunk, at, chunk.length - at, this.#received + at)).bytesWritten;
    }
  }
}

/** Says what a failing disk means. */
export function unwritable(cause: NodeJS.ErrnoException, path: string): never {
  const advice = cause.code === "ENOSPC" ? "make room" : "check that it may be written to";
  throw new DownloadError(
    `Cannot write "${path}" (${cause.message}): ${advice}, or name another folder with HF_HUB_CACHE`,
    { cause },
  );
}
