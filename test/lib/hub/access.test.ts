// Who may have what: the token, and what a refusal says.
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { DownloadError, ModelLoadError } from "../../../lib/errors.js";
import { commit, contentOf, status } from "./fake-hub.js";
import { caught, content, contentRequests, hash, hub, leavePartial, withHub } from "./hub-fixture.js";

withHub();

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
