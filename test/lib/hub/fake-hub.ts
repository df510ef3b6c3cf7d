// A hub of our own on this machine: answers as the Hugging Face Hub does, and misbehaves as a test wants it to.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PulledModel, type PullOptions, type PullSurroundings, pullIn } from "../../../lib/hub/pull.js";

export const commit = "0123456789abcdef0123456789abcdef01234567";

export const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
export const gitSha1 = (content: Buffer) =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

/** Bytes that differ everywhere, so that a piece in the wrong place shows. */
export function contentOf(size: number, seed = 1): Buffer {
  const content = Buffer.alloc(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    content[i] = state >>> 24;
  }
  return content;
}

/** What happens to one request for content. Returns true when it has answered. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, content: Buffer) => boolean;

export class FakeHub implements AsyncDisposable {
  files: Record<string, Buffer> = { "model.gguf": contentOf(300_000) };
  /** Files that git holds itself. */
  small = new Set<string>();
  revisions: Record<string, string> = { main: commit, [commit]: commit };
  etag = '"first"';
  /** Taken off the front, one for each request for content; then the hub behaves. */
  behaviours: Behaviour[] = [];
  /** Answers metadata requests instead of the hub. */
  metadata: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** "METHOD path", in order. */
  readonly requests: string[] = [];
  /** `Authorization` of each of them. */
  readonly tokens: (string | undefined)[] = [];
  /** `Range` of each request for content. */
  readonly ranges: (string | undefined)[] = [];
  /** Hash that is stated instead of the true one. */
  statedHash: string | undefined;
  statfs: PullSurroundings["statfs"] = async () => ({ bavail: 1e9, bsize: 4096, blocks: 2e9 });
  readonly #server = createServer((request, response) => this.#answer(request, response));
  #root = "";

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    hub.#root = await mkdtemp(join(tmpdir(), "corrsynth-hub-"));
    hub.#server.listen(0, "127.0.0.1");
    await once(hub.#server, "listening");
    return hub;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get cache(): string {
    return join(this.#root, "hub");
  }

  /** Below the cache's folder of owner/model. */
  inCache(...steps: string[]): string {
    return join(this.cache, "models--owner--model", ...steps);
  }

  get env(): NodeJS.ProcessEnv {
    return { HF_ENDPOINT: this.endpoint, HF_HOME: this.#root };
  }

  pull(
    uri = "hf:owner/model/model.gguf",
    options: PullOptions = {},
    around: Partial<PullSurroundings> = {},
  ): Promise<PulledModel> {
    const retry = { attempts: 4, firstWaitMs: 1, longestWaitMs: 4, progressBytes: 10_000 };
    const { env, statfs } = this;
    return pullIn({ env, retry, idleMs: 5000, pollMs: 5, statfs, ...around }, uri, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.#root, { recursive: true });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "";
    this.requests.push(`${request.method} ${url.split("?")[0]}`);
    this.tokens.push(request.headers.authorization);
    const json = (status: number, body: unknown, headers = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    const content = /^\/owner\/model\/resolve\/([^/]+)\/(.+)$/.exec(url);
    if (content) {
      const file = this.files[decodeURIComponent(content[2]!)];
      this.ranges.push(request.headers.range);
      if (file === undefined || content[1] !== commit) json(404, {}, { "x-error-code": "EntryNotFound" });
      else if (!this.behaviours.shift()?.(request, response, file)) this.serve(request, response, file);
      return;
    }
    if (this.metadata?.(request, response)) return;
    const info = /^\/api\/models\/owner\/model\/(revision|paths-info)\/([^/?]+)/.exec(url);
    const sha = this.revisions[decodeURIComponent(info?.[2] ?? "")];
    if (info === null) json(404, { error: "Repository not found" }, { "x-error-code": "RepoNotFound" });
    else if (sha === undefined) json(404, { error: "Invalid rev id" }, { "x-error-code": "RevisionNotFound" });
    else if (info[1] === "revision") {
      const siblings = Object.keys(this.files).map((rfilename) => ({ rfilename }));
      json(200, { _id: "1", id: "owner/model", sha, siblings, lastModified: "2026-01-01T00:00:00.000Z" });
    } else void this.#pathsInfo(request).then((infos) => json(200, infos));
  }

  async #pathsInfo(request: IncomingMessage): Promise<unknown[]> {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { paths } = JSON.parse(body) as { paths: string[] };
    return paths.flatMap((path) => {
      const content = this.files[path];
      if (content === undefined) return [];
      const oid = gitSha1(content);
      if (this.small.has(path)) return [{ path, type: "file", size: content.length, oid: this.statedHash ?? oid }];
      const lfs = { oid: this.statedHash ?? sha256(content), size: content.length, pointerSize: 134 };
      return [{ path, type: "file", size: content.length, oid, lfs }];
    });
  }

  /** Answers a request for content as it should be. */
  serve(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
    const { range, "if-range": condition } = request.headers;
    const from = /^bytes=(\d+)-$/.exec(range ?? "")?.[1];
    if (from === undefined || (condition !== undefined && condition !== this.etag)) {
      response.writeHead(200, { etag: this.etag, "content-length": content.length }).end(content);
      return;
    }
    const part = content.subarray(Number(from));
    const contentRange = `bytes ${from}-${content.length - 1}/${content.length}`;
    response
      .writeHead(206, { etag: this.etag, "content-range": contentRange, "content-length": part.length })
      .end(part);
  }
}

/** Sends what the hub would send up to `bytes` more, then breaks the connection. */
export function breakAfter(hub: FakeHub, bytes: number): Behaviour {
  return (request, response, content) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const contentRange = `bytes ${from}-${content.length - 1}/${content.length}`;
    const headers = { etag: hub.etag, "content-length": content.length - from };
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? { ...headers, "content-range": contentRange } : headers);
    // Destroyed a little later: what the socket has not sent by then is lost.
    response.write(content.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 5));
    return true;
  };
}

/** Answers with a status and nothing else. */
export function status(code: number, headers: Record<string, string> = {}): Behaviour {
  return (_request, response) => {
    response.writeHead(code, headers).end();
    return true;
  };
}
