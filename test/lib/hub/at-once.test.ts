// Two pulls of the same model.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { thisProcess } from "../../../lib/files/process-identity.js";
import type { PullProgress } from "../../../lib/hub/progress.js";
import { breakAfter, sha256 } from "./fake-hub.js";
import { caught, contentRequests, hash, hub, stall, withHub } from "./hub-fixture.js";

withHub();

describe("two at once", () => {
  it("download a file once, and both have it", async () => {
    hub.behaviours = [breakAfter(hub, 50_000)];
    const seen = new Set<string>();
    const onProgress = ({ stage }: PullProgress) => seen.add(stage);
    const pulled = await Promise.all(Array.from({ length: 4 }, () => hub.pull(undefined, { onProgress })));
    expect(contentRequests()).toBe(2);
    expect(seen).toEqual(new Set(["download", "wait"]));
    for (const { path } of pulled) expect(sha256(await readFile(path))).toBe(hash);
    expect(await readdir(hub.inCache("blobs"))).toEqual([hash]);
  });

  it("take over where the first is stopped", async () => {
    hub.behaviours = [stall(120_000)];
    const stop = new AbortController();
    let first: Promise<Error> | undefined;
    await new Promise<void>((began) => {
      first = caught(hub.pull(undefined, { signal: stop.signal, onProgress: () => began() }));
    });
    const waits = ({ stage }: PullProgress) => stage === "wait" && stop.abort(new Error("enough"));
    expect(await hub.pull(undefined, { onProgress: waits })).toMatchObject({ sha256: hash });
    expect((await first)?.message).toBe("enough");
    expect(hub.ranges[1]).toMatch(/^bytes=\d+-$/);
  });

  it("do not wait for one that was killed", async () => {
    const folder = join(hub.cache, ".locks/models--owner--model", `${hash}.corrsynth`);
    await mkdir(folder, { recursive: true });
    const killed = { ...thisProcess(), pid: 2 ** 22 + 1, since: "2026-01-01T00:00:00.000Z" };
    await writeFile(join(folder, "lock.json"), JSON.stringify(killed));
    const seen = new Set<string>();
    await hub.pull(undefined, { onProgress: ({ stage }) => seen.add(stage) });
    expect(seen).toEqual(new Set(["download"]));
    expect(await readdir(folder)).toEqual([]);
  });

  it("do not wait for a lock that cannot be read: it is said, and nothing is fetched", async () => {
    const lock = join(hub.cache, ".locks/models--owner--model", `${hash}.corrsynth`, "lock.json");
    await mkdir(lock, { recursive: true }); // a folder in the place of the file
    const stop = AbortSignal.timeout(5000); // of one that waits all the same
    const error = await caught(hub.pull(undefined, { signal: stop }));
    expect(error).toBeInstanceOf(InvalidConfigError);
    expect(error.message).toMatch(/lock\.json: Expected a regular file, as a run writes it, received a directory/);
    expect(contentRequests()).toBe(0);
  });
});
