// What every test of a pull begins with: a hub of its own with one model, and looks at what became of it.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { type Behaviour, FakeHub, sha256 } from "./fake-hub.js";

/** Of the test that runs. */
export let hub: FakeHub;
export let content: Buffer;
export let hash: string;

/** Gives each test of a file a hub. */
export function withHub(): void {
  beforeEach(async () => {
    hub = await FakeHub.start();
    content = hub.files["model.gguf"]!;
    hash = sha256(content);
  });
  afterEach(() => hub[Symbol.asyncDispose]());
}

export const contentRequests = () => hub.requests.filter((line) => line.includes("/resolve/")).length;
export const partial = () => hub.inCache("blobs", `${hash}.corrsynth.incomplete`);
export const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("expected a rejection"),
    (error: Error) => error,
  );

/** Sends some bytes, and then nothing for ever. */
export const stall =
  (bytes: number): Behaviour =>
  (_, response, all) => {
    response.writeHead(200, { etag: hub.etag, "content-length": all.length });
    response.write(all.subarray(0, bytes));
    return true;
  };

/** An earlier call left the first `bytes` of the file. */
export async function leavePartial(bytes: Buffer): Promise<void> {
  await mkdir(dirname(partial()), { recursive: true });
  await writeFile(partial(), bytes);
}
