import { lstat, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DownloadError, ModelLoadError } from "../../../lib/errors.js";
import type { PullProgress } from "../../../lib/hub/progress.js";
import { resolveModelPath } from "../../../lib/hub/pull.js";
import { thisProcess } from "../../../lib/io/process-identity.js";
import { type Behaviour, breakAfter, commit, contentOf, FakeHub, gitSha1, sha256, status } from "./fake-hub.js";

let hub: FakeHub;
let content: Buffer;
let hash: string;
beforeEach(async () => {
  hub = await FakeHub.start();
  content = hub.files["model.gguf"]!;
  hash = sha256(content);
});
afterEach(() => hub[Symbol.asyncDispose]());

const contentRequests = () => hub.requests.filter((line) => line.includes("/resolve/")).length;
const partial = () => hub.inCache("blobs", `${hash}.corrsynth.incomplete`);
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("expected a rejection"),
    (error: Error) => error,
  );

/** Sends some bytes, and then nothing for ever. */
const stall =
  (bytes: number): Behaviour =>
  (_, response, all) => {
    response.writeHead(200, { etag: hub.etag, "content-length": all.length });
    response.write(all.subarray(0, bytes));
    return true;
  };

/** An earlier call left the first `bytes` of the file. */
async function leavePartial(bytes: Buffer): Promise<void> {
  await mkdir(dirname(partial()), { recursive: true });
  await writeFile(partial(), bytes);
}

describe("the cache", () => {
  it("has blob, snapshot, ref and link where Hugging Face's tools look for them, and nothing else", async () => {
    const path = hub.inCache("snapshots", commit, "model.gguf");
    expect(await hub.pull()).toEqual({ path, sha256: hash, bytes: content.length, cached: false, commit });
    expect(sha256(await readFile(path))).toBe(hash);
    expect(await readlink(path)).toBe(`../../blobs/${hash}`);
    expect(await readFile(hub.inCache("refs", "main"), "utf8")).toBe(commit);
    expect(await readdir(hub.inCache("blobs"))).toEqual([hash]);
    expect(await readdir(hub.inCache("snapshots", commit))).toEqual(["model.gguf"]);
    expect(await readdir(hub.inCache("refs"))).toEqual(["main"]);
  });

  it("is asked for the content once; a branch is looked up again, a commit is not", async () => {
    await hub.pull();
    expect(await hub.pull()).toMatchObject({ cached: true, sha256: hash });
    expect(contentRequests()).toBe(1);
    const before = hub.requests.length;
    expect(await hub.pull(`hf:owner/model@${commit}/model.gguf`)).toMatchObject({ cached: true });
    expect(hub.requests.length).toBe(before);
  });

  it("serves what the Python tools have put there", async () => {
    const path = hub.inCache("snapshots", commit, "model.gguf");
    await mkdir(hub.inCache("blobs"), { recursive: true });
    await mkdir(hub.inCache("refs"));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(hub.inCache("blobs", hash), content);
    await writeFile(hub.inCache("refs", "main"), commit);
    await symlink(`../../blobs/${hash}`, path);
    expect(await hub.pull()).toMatchObject({ path, cached: true, sha256: hash });
    expect(contentRequests()).toBe(0);
  });

  it("gives content that it has from another commit a second name", async () => {
    await mkdir(hub.inCache("blobs"), { recursive: true });
    await writeFile(hub.inCache("blobs", hash), content);
    const { path } = await hub.pull();
    expect(sha256(await readFile(path))).toBe(hash);
    expect(contentRequests()).toBe(0);
  });

  it("leaves alone what a Python tool is downloading", async () => {
    await mkdir(hub.inCache("blobs"), { recursive: true });
    await writeFile(hub.inCache("blobs", `${hash}.incomplete`), "sparse");
    await hub.pull();
    expect(hub.ranges).toEqual([undefined]);
    expect(await readFile(hub.inCache("blobs", `${hash}.incomplete`), "utf8")).toBe("sparse");
  });

  it("answers offline, and by itself when the hub is gone or overloaded", async () => {
    const offline = { env: { ...hub.env, HF_HUB_OFFLINE: "1" } };
    const error = await caught(hub.pull(undefined, {}, offline));
    expect(error).toBeInstanceOf(ModelLoadError);
    expect(error.message).toMatch(/HF_HUB_OFFLINE forbids/);
    expect(hub.requests).toEqual([]);
    await hub.pull();
    const before = hub.requests.length;
    expect(await hub.pull(undefined, {}, offline)).toMatchObject({ cached: true, commit });
    expect(hub.requests.length).toBe(before);
    expect(await hub.pull(undefined, {}, { env: { ...hub.env, HF_ENDPOINT: "http://127.0.0.1:1" } })).toMatchObject({
      cached: true,
    });
    hub.metadata = (_, response) => {
      response.writeHead(503).end();
      return true;
    };
    expect(await hub.pull()).toMatchObject({ cached: true });
    expect(hub.requests.length).toBe(before + 1); // one try is enough
  });

  it("follows a branch to its next commit", async () => {
    await hub.pull("hf:owner/model@main/model.gguf");
    const next = "f".repeat(40);
    hub.revisions.main = next;
    hub.revisions[next] = next;
    expect(await hub.pull()).toMatchObject({ commit: next, cached: false });
    expect(contentRequests()).toBe(1); // the content is the same
    expect(await readFile(hub.inCache("refs", "main"), "utf8")).toBe(next);
  });

  it("is the folder that the caller names", async () => {
    const cache = join(hub.cache, "..", "mine");
    expect((await hub.pull(undefined, { cache })).path.startsWith(cache)).toBe(true);
  });
});

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

describe("content", () => {
  it("longer than the hub said is refused as it comes", async () => {
    hub.behaviours = [
      (_, response, all) => {
        response.writeHead(200, { "content-length": all.length + 1 }).end(Buffer.concat([all, Buffer.from("x")]));
        return true;
      },
    ];
    expect((await caught(hub.pull())).message).toMatch(/to have 300000 bytes, received more/);
    expect(await hub.pull()).toMatchObject({ sha256: hash });
  });

  it("with another hash is deleted and never gets the name", async () => {
    hub.statedHash = sha256(Buffer.from("other"));
    const error = await caught(hub.pull());
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toContain(
      `Expected SHA-256 ${hub.statedHash} of "model.gguf", received content with ${hash}`,
    );
    expect(await readdir(hub.inCache("blobs"))).toEqual([]);
    expect(contentRequests()).toBe(1);
  });

  it("that an earlier call left wrong is fetched once more from the start", async () => {
    await leavePartial(contentOf(10_000, 99));
    expect(await hub.pull()).toMatchObject({ sha256: hash });
    expect(hub.ranges).toEqual(["bytes=10000-", undefined]);
    await rm(hub.cache, { recursive: true });
    await leavePartial(Buffer.concat([content, content]));
    expect(await hub.pull()).toMatchObject({ sha256: hash });
  });

  it("that was there whole but unnamed is checked, and not fetched again", async () => {
    await leavePartial(content);
    expect(await hub.pull()).toMatchObject({ sha256: hash });
    expect(contentRequests()).toBe(0);
  });

  it("of a small file is checked by git's hash", async () => {
    const small = Buffer.from('{"a": 1}');
    hub.files["sub/config.json"] = small;
    hub.small.add("sub/config.json");
    const { path, sha256: own } = await hub.pull("hf:owner/model/sub/config.json");
    expect(await readlink(path)).toBe(`../../../blobs/${gitSha1(small)}`);
    expect(own).toBe(sha256(small));
    hub.files["b.json"] = Buffer.from("b");
    hub.small.add("b.json");
    hub.statedHash = "0".repeat(40);
    expect((await caught(hub.pull("hf:owner/model/b.json"))).message).toMatch(/Expected git's SHA-1 0+ of "b.json"/);
  });

  it("of no bytes at all is a file, too", async () => {
    hub.files.empty = Buffer.alloc(0);
    expect(await hub.pull("hf:owner/model/empty")).toMatchObject({ bytes: 0, cached: false });
  });

  it("hashed by a hub that means to leave the cache is refused", async () => {
    hub.statedHash = "../../../../evil";
    expect((await caught(hub.pull())).message).toMatch(/as the Hugging Face Hub does/);
  });
});

describe("the token", () => {
  it("goes to the hub and not where it redirects to", async () => {
    const seen: (string | undefined)[] = [];
    const store = createServer((request, response) => {
      seen.push(request.headers.authorization);
      hub.serve(request, response, content);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => store.once("listening", resolve));
    const { port } = store.address() as { port: number };
    const away = status(302, { location: `http://127.0.0.1:${port}/signed?x=1` });
    hub.behaviours = [away];
    // Any token will do for an endpoint of one's own, also one that does not begin as Hugging Face's do.
    expect(await hub.pull(undefined, {}, { env: { ...hub.env, HF_TOKEN: "secret" } })).toMatchObject({ sha256: hash });
    expect(seen).toEqual([undefined]);
    expect(new Set(hub.tokens)).toEqual(new Set(["Bearer secret"]));
    store.close();
  });

  it("stays at home when a store refuses: the hub is asked for another address", async () => {
    const store = createServer((_, response) => void response.writeHead(403).end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => store.once("listening", resolve));
    const { port } = store.address() as { port: number };
    hub.behaviours = [status(302, { location: `http://127.0.0.1:${port}/expired` })];
    expect(await hub.pull()).toMatchObject({ sha256: hash });
    store.close();
  });

  it("redirects end somewhere", async () => {
    hub.behaviours = Array.from({ length: 30 }, () =>
      status(307, { location: `${hub.endpoint}${"/owner/model/resolve/"}${commit}/model.gguf` }),
    );
    expect((await caught(hub.pull())).message).toMatch(/redirects lead nowhere/);
    expect(contentRequests()).toBe(11);
  });
});

describe("what is not to be had", () => {
  it("is told with what there is: files, revisions, repositories", async () => {
    hub.files["q/other.gguf"] = contentOf(10);
    hub.files["README.md"] = contentOf(10);
    const missing = await caught(hub.pull("hf:owner/model@main/typo.gguf"));
    expect(missing).toBeInstanceOf(ModelLoadError);
    expect(missing.message).toMatch(/There is no "typo.gguf" in "owner\/model"/);
    expect(missing.message).toContain("\n  hf:owner/model/model.gguf\n  hf:owner/model/q/other.gguf");
    expect(missing.message).not.toContain("README");
    expect((await caught(hub.pull("hf:owner/model"))).message).toContain("\n  hf:owner/model/model.gguf");
    expect((await caught(hub.pull("hf:owner/model@v9/model.gguf"))).message).toMatch(/no revision "v9"/);
    expect((await caught(hub.pull("hf:owner/gone/model.gguf"))).message).toMatch(/no model repository "owner\/gone"/);
    expect(contentRequests()).toBe(0);
  });

  it("for want of a licence or a token is told with the way to get it", async () => {
    const gated = { "x-error-code": "GatedRepo" };
    for (const [env, code, pattern] of [
      [{}, 401, /gated and no token was sent; accept its licence at http.*\/owner\/model, then set HF_TOKEN/],
      [{ HF_TOKEN: "hf_x" }, 403, /gated and the account of the token in use has no access yet/],
    ] as const) {
      hub.behaviours = [status(code, gated)];
      const error = await caught(hub.pull(undefined, {}, { env: { ...hub.env, ...env } }));
      expect(error).toBeInstanceOf(ModelLoadError);
      expect(error.message).toMatch(pattern);
      expect(error.message).not.toContain("hf_x");
    }
    hub.metadata = (_, response) => {
      response.writeHead(401).end();
      return true;
    };
    expect((await caught(hub.pull())).message).toMatch(/if it is private, set HF_TOKEN/);
  });

  it("from a hub that is none is told", async () => {
    hub.metadata = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"sha": "../../x", "siblings": []}');
      return true;
    };
    const error = await caught(hub.pull());
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toMatch(/as the Hugging Face Hub does, received another "sha"/);
  });

  it("for want of disk space is told before the download, with both numbers", async () => {
    hub.statfs = async () => ({ bavail: 2, bsize: 4096, blocks: 100 });
    const error = await caught(hub.pull());
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toMatch(/Expected 300,000 bytes of free disk space .*, found 8,192: make room/);
    expect(contentRequests()).toBe(0);
    await leavePartial(content.subarray(0, 299_000)); // only what is missing counts
    expect(await hub.pull()).toMatchObject({ sha256: hash });
  });
});

describe("a split model", () => {
  const names = [1, 2, 3].map((part) => `sub/m-0000${part}-of-00003.gguf`);

  it("comes whole with its first part, side by side under the names that llama.cpp looks for", async () => {
    names.forEach((name, i) => {
      hub.files[name] = contentOf(40_000 + i, i + 5);
    });
    const seen: PullProgress[] = [];
    const {
      path,
      bytes,
      sha256: own,
    } = await hub.pull(`hf:owner/model/${names[0]}`, {
      onProgress: (progress) => seen.push(progress),
    });
    expect(path).toBe(hub.inCache("snapshots", commit, names[0]!));
    expect((await readdir(dirname(path))).sort()).toEqual(names.map((name) => name.slice(4)));
    for (const name of names) {
      expect(sha256(await readFile(hub.inCache("snapshots", commit, name)))).toBe(sha256(hub.files[name]!));
    }
    expect(bytes).toBe(120_003);
    expect(own).toBe(sha256(hub.files[names[0]!]!));
    expect(seen.every(({ total }) => total === 120_003)).toBe(true);
    expect(seen.at(-1)!.received).toBe(120_003);
  });

  it("is fetched in part where a part is missing here, and refused where one is missing there", async () => {
    for (const name of names) hub.files[name] = contentOf(1000, name.charCodeAt(10));
    await hub.pull(`hf:owner/model/${names[0]}`);
    await rm(hub.inCache("snapshots", commit, names[1]!));
    await rm(hub.inCache("blobs", sha256(hub.files[names[1]!]!)));
    expect(await hub.pull(`hf:owner/model/${names[0]}`)).toMatchObject({ cached: false, bytes: 3000 });
    expect(contentRequests()).toBe(4);
    delete hub.files[names[2]!];
    await rm(hub.cache, { recursive: true });
    expect((await caught(hub.pull(`hf:owner/model/${names[0]}`))).message).toContain(`There is no "${names[2]}"`);
  });
});

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

it("what is no URI is a path of this machine", async () => {
  expect(await resolveModelPath("models/x.gguf")).toBe(join(process.cwd(), "models/x.gguf"));
  expect(await caught(resolveModelPath("hf:nonsense"))).toBeInstanceOf(ModelLoadError);
});
