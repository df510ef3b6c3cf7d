// What arrives is what the hub promised, or nothing.
import { readdir, readlink, rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { DownloadError } from "../../../lib/errors.js";
import { contentOf, gitSha1, sha256 } from "./fake-hub.js";
import { caught, content, contentRequests, hash, hub, leavePartial, withHub } from "./hub-fixture.js";

withHub();

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
