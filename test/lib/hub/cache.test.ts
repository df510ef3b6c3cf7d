// Where a pulled model lies, and what of it is not fetched again.
import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ModelLoadError } from "../../../lib/errors.js";
import type { PullProgress } from "../../../lib/hub/progress.js";
import { resolveModelPath } from "../../../lib/hub/source.js";
import { commit, contentOf, sha256 } from "./fake-hub.js";
import { caught, content, contentRequests, hash, hub, withHub } from "./hub-fixture.js";

withHub();

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

it("what is no URI is a path of this machine", async () => {
  expect(await resolveModelPath("models/x.gguf")).toBe(join(process.cwd(), "models/x.gguf"));
  expect(await caught(resolveModelPath("hf:nonsense"))).toBeInstanceOf(ModelLoadError);
});
