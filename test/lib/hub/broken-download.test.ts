// Downloads that break off: what arrived stays, and the content is right in the end.

import { lstat, readdir, readFile, rm } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DownloadError } from "../../../lib/errors.js";
import type { PullProgress } from "../../../lib/hub/progress.js";
import { type Behaviour, breakAfter, contentOf, sha256, status } from "./fake-hub.js";
import { caught, content, contentRequests, hash, hub, leavePartial, partial, stall, withHub } from "./hub-fixture.js";

withHub();

describe("a broken download", () => {
  it("goes on where it stopped, however often it breaks", async () => {
    hub.behaviours = [50_000, 1, 70_001, 20_000, 99_999].map((bytes) => breakAfter(hub, bytes));
    const { path } = await hub.pull();
    expect(sha256(await readFile(path))).toBe(hash);
    expect(hub.ranges[0]).toBe(undefined);
    const offsets = hub.ranges.slice(1).map((range) => Number(/^bytes=(\d+)-$/.exec(range!)![1]));
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(offsets.at(-1)).toBeGreaterThan(0);
  });

  it("is continued by a later call, after the tries are used up", async () => {
    hub.behaviours = [breakAfter(hub, 120_000), status(503), status(429), status(500)];
    const error = await caught(hub.pull());
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toMatch(/"model.gguf" failed, 4 tries in a row: .* answered 500/);
    const there = (await lstat(partial())).size;
    expect(there).toBeGreaterThan(0);
    hub.behaviours = [];
    const seen: PullProgress[] = [];
    await hub.pull(undefined, { onProgress: (progress) => seen.push(progress) });
    expect(hub.ranges.at(-1)).toBe(`bytes=${there}-`);
    expect(seen[0]).toMatchObject({ stage: "verify", total: content.length });
    expect(seen.at(-1)).toMatchObject({ stage: "download", received: content.length, total: content.length });
    expect(await readdir(hub.inCache("blobs"))).toEqual([hash]);
  });

  it("waits as long as Retry-After says, and not at all where that is too long", async () => {
    hub.behaviours = [
      status(429, { "retry-after": "0" }),
      status(503, { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }),
    ];
    await hub.pull(undefined, {}, { retry: { attempts: 3, firstWaitMs: 1e9, longestWaitMs: 1e9, progressBytes: 1 } });
    await rm(hub.cache, { recursive: true });
    hub.behaviours = [status(429, { "retry-after": "7200" })];
    expect((await caught(hub.pull())).message).toMatch(/429 .*asks to wait 7200 s/);
  });

  it("starts over where the server ignores the range", async () => {
    hub.behaviours = [
      breakAfter(hub, 100_000),
      (_, response, all) => {
        response.writeHead(200, { etag: hub.etag, "content-length": all.length }).end(all);
        return true;
      },
    ];
    expect(sha256(await readFile((await hub.pull()).path))).toBe(hash);
    expect(contentRequests()).toBe(2);
  });

  it("starts over where the content changed midway: by If-Range, and where the server does not know that", async () => {
    hub.behaviours = [
      breakAfter(hub, 100_000),
      (request, response, all) => {
        expect(request.headers["if-range"]).toBe('"first"');
        hub.etag = '"second"';
        hub.serve(request, response, all);
        return true;
      },
    ];
    expect(sha256(await readFile((await hub.pull()).path))).toBe(hash);
    await rm(hub.cache, { recursive: true });
    hub.behaviours = [
      breakAfter(hub, 100_000),
      (request, response, all) => {
        hub.etag = '"third"';
        delete request.headers["if-range"];
        hub.serve(request, response, all);
        return true;
      },
    ];
    hub.ranges.length = 0;
    expect(sha256(await readFile((await hub.pull()).path))).toBe(hash);
    expect(hub.ranges.map((range) => range === undefined)).toEqual([true, false, true]);
  });

  it("starts over where the server sends another part, or has no such part", async () => {
    for (const wrong of [
      status(416),
      status(206),
      status(206, { "content-range": `bytes 0-${content.length - 1}/${content.length}` }),
    ]) {
      await leavePartial(content.subarray(0, 1000));
      hub.behaviours = [wrong];
      expect(sha256(await readFile((await hub.pull()).path))).toBe(hash);
      await rm(hub.cache, { recursive: true });
    }
  });

  it("is not waited for when the server falls silent", async () => {
    hub.behaviours = [
      () => true, // never an answer
      (_, response, all) => {
        response.writeHead(200, { etag: hub.etag, "content-length": all.length });
        return response.write(all.subarray(0, 1000)); // and never more
      },
    ];
    expect(sha256(await readFile((await hub.pull(undefined, {}, { idleMs: 60 })).path))).toBe(hash);
    expect(hub.ranges).toEqual([undefined, undefined, "bytes=1000-"]);
    hub.metadata = () => true;
    await rm(hub.cache, { recursive: true });
    expect((await caught(hub.pull(undefined, {}, { idleMs: 20 }))).message).toMatch(/nothing was received for 0.02 s/);
  });

  it("is waited for as long as it trickles", async () => {
    hub.behaviours = [
      (_, response, all) => {
        response.writeHead(200, { etag: hub.etag, "content-length": all.length });
        let sent = 0;
        const timer = setInterval(() => {
          response.write(all.subarray(sent, sent + 25_000));
          sent += 25_000;
          if (sent < all.length) return;
          clearInterval(timer);
          response.end();
        }, 50);
        return true;
      },
    ];
    expect(await hub.pull(undefined, {}, { idleMs: 400 })).toMatchObject({ sha256: hash }); // 600 ms in all
    expect(contentRequests()).toBe(1);
  });

  it("is the same as one whose length the server understates", async () => {
    hub.behaviours = [
      (_, response, all) => {
        response.writeHead(200, { etag: hub.etag, "content-length": 5000 }).end(all.subarray(0, 5000));
        return true;
      },
    ];
    expect(sha256(await readFile((await hub.pull()).path))).toBe(hash);
    expect(hub.ranges).toEqual([undefined, "bytes=5000-"]);
  });
});

it("whatever happens on the way, the content is right", async () => {
  const change: Behaviour = (request, response, all) => {
    hub.etag = `"${Math.random()}"`;
    hub.serve(request, response, all);
    return true;
  };
  const ignoreRange: Behaviour = (request, response, all) => {
    delete request.headers.range;
    hub.serve(request, response, all);
    return true;
  };
  const event = fc.oneof(
    fc.nat(300_000).map((bytes) => breakAfter(hub, bytes)),
    fc.constantFrom(503, 429, 416, 206).map((code) => status(code)),
    fc.constantFrom(change, ignoreRange, stall(1000)),
  );
  const left = fc.option(fc.record({ bytes: fc.nat(310_000), seed: fc.constantFrom(1, 1, 2) }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 6 }), left, async (events, left) => {
      hub.behaviours = [...events];
      if (left !== undefined) await leavePartial(contentOf(left.bytes, left.seed));
      const retry = { attempts: 9, firstWaitMs: 1, longestWaitMs: 1, progressBytes: 1e9 };
      const { path } = await hub.pull(undefined, {}, { retry, idleMs: 50 });
      expect(sha256(await readFile(path))).toBe(hash);
      expect(await readdir(hub.inCache("blobs"))).toEqual([hash]);
      await rm(hub.cache, { recursive: true });
    }),
    { numRuns: 40 },
  );
});

describe("a signal", () => {
  it("stops at any moment with its reason, and what arrived stays", async () => {
    const stop = new AbortController();
    hub.behaviours = [breakAfter(hub, 100_000), () => true];
    const onProgress = () => setTimeout(() => stop.abort(new Error("enough")), 30);
    expect((await caught(hub.pull(undefined, { signal: stop.signal, onProgress }))).message).toBe("enough");
    expect((await lstat(partial())).size).toBeGreaterThan(0);
    expect((await caught(hub.pull(undefined, { signal: stop.signal }))).message).toBe("enough");
    const retry = { attempts: 9, firstWaitMs: 1e5, longestWaitMs: 1e5, progressBytes: 1 };
    hub.behaviours = [status(503)];
    const waiting = AbortSignal.timeout(30);
    expect((await caught(hub.pull(undefined, { signal: waiting }, { retry }))).name).toBe("TimeoutError");
  });
});

it("an error of the listener comes back as it is, and is not taken for one of the disk", async () => {
  const own = new TypeError("the listener broke");
  const onProgress = () => {
    throw own;
  };
  expect(await caught(hub.pull(undefined, { onProgress }))).toBe(own);
  expect(await hub.pull()).toMatchObject({ sha256: hash });
});
