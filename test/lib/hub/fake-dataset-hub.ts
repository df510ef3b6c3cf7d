// A hub of our own that takes datasets: one repository, a store for large files beside it, and every misbehaviour that a test wants.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitSha1, sha256 } from "./fake-hub.js";

export const token = "hf_secretSecretSecret";
const permission = "X-Signature=alsoSecret";

/** Answers in place of the hub. Returns true when it has. */
export type Trick = (request: IncomingMessage, response: ServerResponse) => boolean;

export class FakeDatasetHub implements AsyncDisposable {
  files: Record<string, Buffer> = { ".gitattributes": Buffer.from("*.parquet filter=lfs\n") };
  commits: { readonly id: string; readonly summary: string; readonly lines: readonly string[] }[] = [];
  head = "0".repeat(40);
  isPrivate = true;
  /** What the token may do; "none": the repository is another's and private. */
  right: "write" | "read" | "none" | "invalid" = "write";
  /** By the start of "METHOD path"; each is used once. */
  readonly tricks: [start: string, trick: Trick][] = [];
  readonly requests: string[] = [];
  /** `Authorization` that came to the store. */
  readonly storeTokens: (string | undefined)[] = [];
  readonly #stored = new Map<string, Buffer>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #store = createServer((request, response) => void this.#take(request, response));
  #root = "";

  static async start(): Promise<FakeDatasetHub> {
    const hub = new FakeDatasetHub();
    hub.#root = await mkdtemp(join(tmpdir(), "corrsynth-hub-"));
    for (const server of [hub.#server, hub.#store]) await once(server.listen(0, "127.0.0.1"), "listening");
    return hub;
  }

  get endpoint(): string {
    return address(this.#server);
  }

  get env(): NodeJS.ProcessEnv {
    return { HF_ENDPOINT: this.endpoint, HF_HOME: this.#root, HF_TOKEN: token };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#server, this.#store]) {
      server.closeAllConnections();
      server.close();
    }
    await rm(this.#root, { recursive: true });
  }

  /** Does something once to the request that begins so. */
  once(start: string, trick: Trick): void {
    this.tricks.push([start, trick]);
  }

  #trick(request: IncomingMessage, response: ServerResponse): boolean {
    const line = `${request.method} ${request.url?.split("?")[0]}`;
    this.requests.push(line);
    const index = this.tricks.findIndex(([start]) => line.startsWith(start));
    return index >= 0 && this.tricks.splice(index, 1)[0]![1](request, response);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#trick(request, response)) return;
    this.storeTokens.push(request.headers.authorization);
    const content = await bodyOf(request);
    const isSound =
      request.url?.endsWith(`?${permission}`) && request.headers["content-length"] === String(content.length);
    if (isSound) this.#stored.set(sha256(content), content);
    response.writeHead(isSound ? 200 : 403).end();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#trick(request, response)) return;
    const json = (status: number, body: unknown, headers = {}) =>
      void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    const body = (await bodyOf(request)).toString("utf8");
    const isRead = request.method === "GET" || request.url!.includes("/paths-info/");
    if (request.headers.authorization !== `Bearer ${token}` || this.right === "invalid") return json(401, {});
    if (this.right === "none" || !/^\/(api\/)?datasets\/owner\/name[./]/.test(request.url!)) {
      return json(404, {}, { "x-error-code": "RepoNotFound" });
    }
    if (!isRead && this.right === "read") return json(403, { error: token });
    const asked = /(revision|preupload|paths-info|commit|verify|objects\/batch)/.exec(request.url!)?.[1];
    const branch = /\/(?:revision|preupload|commit)\/([^/?]+)/.exec(request.url!)?.[1];
    if (branch !== undefined && branch !== "main") return json(404, {}, { "x-error-code": "RevisionNotFound" });
    switch (asked) {
      case "revision": {
        const siblings = Object.keys(this.files).map((rfilename) => ({ rfilename }));
        return json(200, { sha: this.head, private: this.isPrivate, siblings });
      }
      case "preupload": {
        const { files } = JSON.parse(body) as { files: { path: string }[] };
        const modes = files.map(({ path }) => ({ path, uploadMode: path.endsWith(".md") ? "regular" : "lfs" }));
        return json(200, { files: modes });
      }
      case "objects/batch": {
        const { objects } = JSON.parse(body) as { objects: { oid: string; size: number }[] };
        const href = (oid: string) => `${address(this.#store)}/${oid}?${permission}`;
        const verify = { href: `${this.endpoint}/datasets/owner/name.git/verify` };
        const answers = objects.map((object) =>
          this.#stored.has(object.oid)
            ? object
            : { ...object, actions: { upload: { href: href(object.oid) }, verify } },
        );
        return json(200, { transfer: "basic", objects: answers });
      }
      case "verify":
        return json(this.#stored.has((JSON.parse(body) as { oid: string }).oid) ? 200 : 404, {});
      case "paths-info": {
        const { paths } = JSON.parse(body) as { paths: string[] };
        const infos = paths.flatMap((path) => {
          const content = this.files[path];
          if (content === undefined) return [];
          const lfs = path.endsWith(".md") ? {} : { lfs: { oid: sha256(content), size: content.length } };
          return [{ path, type: "file", size: content.length, oid: gitSha1(content), ...lfs }];
        });
        return json(200, infos);
      }
      case "commit":
        return this.#commit(body, json);
    }
    return json(404, {});
  }

  #commit(body: string, json: (status: number, body: unknown) => void): void {
    type Line = {
      key: string;
      value: { path: string; content: string; oid: string; summary: string; parentCommit: string };
    };
    const lines = body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    const { summary, parentCommit } = lines[0]!.value;
    if (parentCommit !== this.head) {
      json(412, {});
      return;
    }
    for (const { key, value } of lines.slice(1)) {
      if (key === "file") this.files[value.path] = Buffer.from(value.content, "base64");
      else if (key === "lfsFile") this.files[value.path] = this.#stored.get(value.oid)!;
      else delete this.files[value.path];
    }
    const id = String(this.commits.length + 1)
      .repeat(40)
      .slice(0, 40);
    this.head = id;
    this.commits.push({ id, summary, lines: lines.slice(1).map(({ key, value }) => `${key} ${value.path}`) });
    json(200, { commitOid: id, commitUrl: `${this.endpoint}/datasets/owner/name/commit/${id}` });
  }
}

const address = (server: ReturnType<typeof createServer>) =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Breaks the connection, without an answer. */
export const cut: Trick = (request) => {
  request.socket.destroy();
  return true;
};

/** Answers with a status. */
export const answers =
  (status: number, headers: Record<string, string> = {}): Trick =>
  (_, response) => {
    response.writeHead(status, headers).end();
    return true;
  };

/** Answers with this. */
export const said =
  (value: unknown): Trick =>
  (_, response) => {
    response.end(JSON.stringify(value));
    return true;
  };
