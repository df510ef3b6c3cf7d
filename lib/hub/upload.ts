// The content of files, to where the hub says that it belongs.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { UploadError } from "../errors.js";
import type { DatasetRepository, LocalFile } from "./dataset-repository.js";
import type { HubConnection } from "./repository.js";
import { hubFetch, IdleTimer } from "./request.js";
import { retrying } from "./retry.js";

/** What the hub looks at to tell text from other content. */
const sampleBytes = 512;

/** Uploads the large ones that the hub lacks, and returns the paths of all large ones. */
export async function upload(
  repository: DatasetRepository,
  hub: HubConnection,
  files: readonly LocalFile[],
): Promise<ReadonlySet<string>> {
  const samples = new Map<string, string>();
  for (const { path, file } of files) samples.set(path, await beginning(file));
  const large = await repository.large(files, samples);
  const places = await repository.destinations(files.filter(({ path }) => large.has(path)));
  for (const [file, { upload, verify }] of places) {
    await put(hub, upload, file);
    if (verify !== undefined) await repository.verify(verify, file);
  }
  return large;
}

// The address carries its permission: no token goes there, and it is told nowhere.
async function put(hub: HubConnection, address: string, { path, file, bytes }: LocalFile): Promise<void> {
  const { signal, idleMs, retry, onWait } = hub;
  const attempt = async () => {
    using timer = new IdleTimer(idleMs, signal);
    const content = async function* () {
      for await (const chunk of createReadStream(file)) {
        timer.received((chunk as Buffer).length);
        yield chunk as Buffer;
      }
    };
    const body = Readable.toWeb(Readable.from(content(), { objectMode: false })) as ReadableStream;
    const headers = { "content-length": String(bytes) };
    const init = { method: "PUT", headers, body, duplex: "half" } as RequestInit;
    const response = await hubFetch({ endpoint: hub.endpoint, token: undefined }, timer.signal)(address, init);
    await response.body?.cancel();
    if (response.ok) return;
    const { host } = new URL(address);
    throw new UploadError(`Cannot upload ${path}: ${host} answered ${response.status}; nothing was committed`);
  };
  await retrying(attempt, retry, { what: `Uploading ${path}`, signal, onWait });
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(sampleBytes), position: 0 });
    return buffer.subarray(0, bytesRead).toString("base64");
  } finally {
    await handle.close();
  }
}
