// What the hub is asked about a dataset repository that files are committed to, and what its refusals mean.
import { z } from "zod";
import { CorrSynthError, UploadError } from "../errors.js";
import { readAnswer } from "./answer.js";
import type { Digest } from "./digest.js";
import type { HubConnection } from "./repository.js";
import { broken, hubFetch, IdleTimer, withoutQuery } from "./request.js";
import { retrying } from "./retry.js";

/** A dataset repository and one of its branches. */
export interface DatasetTarget {
  /** "owner/name". */
  readonly repository: string;
  readonly branch: string;
}

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const headSchema = z.object({
  sha: hex(40),
  private: z.boolean().default(false),
  siblings: z.array(z.object({ rfilename: z.string() })).default([]),
});
const modesSchema = z.object({
  files: z.array(
    z.object({ path: z.string(), uploadMode: z.enum(["lfs", "regular"]), shouldIgnore: z.boolean().default(false) }),
  ),
});
const actionSchema = z.object({ href: z.url() });
const batchSchema = z.object({
  objects: z.array(
    z.object({
      oid: hex(64),
      actions: z.object({ upload: actionSchema, verify: actionSchema.optional() }).optional(),
      error: z.object({ message: z.string() }).optional(),
    }),
  ),
});
const infosSchema = z.array(
  z.object({
    path: z.string(),
    oid: hex(40).optional(),
    lfs: z.object({ oid: hex(64) }).optional(),
  }),
);
const committedSchema = z.object({ commitOid: hex(40) });

/** A file on this machine, and what the hub is told of it. */
export interface LocalFile {
  /** In the repository, with "/". */
  readonly path: string;
  /** On this machine. */
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Hex, as git has it. */
  readonly gitSha1: string;
}

/** Questions to a hub about one branch of a dataset repository. */
export class DatasetRepository {
  readonly #hub: HubConnection;
  readonly #target: DatasetTarget;

  constructor(hub: HubConnection, target: DatasetTarget) {
    this.#hub = hub;
    this.#target = target;
  }

  /** For people. */
  get page(): string {
    return `${this.#hub.endpoint}/datasets/${this.#target.repository}`;
  }

  /** The newest commit of the branch, and what is in it. */
  async head(): Promise<{ readonly commit: string; readonly isPrivate: boolean; readonly files: readonly string[] }> {
    const path = `revision/${this.#branch}?expand=sha&expand=siblings&expand=private`;
    const { sha, siblings, private: isPrivate } = await this.#ask(headSchema, path);
    return { commit: sha, isPrivate, files: siblings.map(({ rfilename }) => rfilename) };
  }

  /** Paths that go to the store of large files; the others are part of the commit itself. */
  async large(files: readonly LocalFile[], samples: ReadonlyMap<string, string>): Promise<ReadonlySet<string>> {
    const described = files.map(({ path, bytes }) => ({ path, size: bytes, sample: samples.get(path) ?? "" }));
    const { files: modes } = await this.#ask(modesSchema, `preupload/${this.#branch}`, posted({ files: described }));
    const ignored = modes.filter(({ shouldIgnore }) => shouldIgnore).map(({ path }) => path);
    if (ignored.length > 0) {
      throw new UploadError(
        `The .gitignore of ${this.page} leaves out ${ignored.join(", ")}: take that out of it first`,
      );
    }
    return new Set(modes.filter(({ uploadMode }) => uploadMode === "lfs").map(({ path }) => path));
  }

  /** Where the content of each goes, and who confirms that it came; nothing of what the hub has already. */
  async destinations(
    files: readonly LocalFile[],
  ): Promise<ReadonlyMap<LocalFile, { readonly upload: string; readonly verify: string | undefined }>> {
    if (files.length === 0) return new Map();
    const question = {
      ...{ operation: "upload", transfers: ["basic"], hash_algo: "sha_256" },
      ...{ ref: { name: `refs/heads/${this.#target.branch}` } },
      objects: files.map(({ sha256, bytes }) => ({ oid: sha256, size: bytes })),
    };
    const url = `${this.#hub.endpoint}/datasets/${this.#target.repository}.git/info/lfs/objects/batch`;
    const type = "application/vnd.git-lfs+json";
    const { objects } = await this.#askAt(batchSchema, url, posted(question, type));
    const found = new Map<LocalFile, { upload: string; verify: string | undefined }>();
    for (const file of files) {
      const object = objects.find(({ oid }) => oid === file.sha256);
      if (object === undefined || object.error !== undefined) {
        const reason = object?.error?.message.slice(0, 200) ?? "it says nothing of it";
        throw new UploadError(`${this.#hub.endpoint} does not take ${file.path} (${reason}): nothing was committed`);
      }
      if (object.actions !== undefined) {
        found.set(file, { upload: object.actions.upload.href, verify: object.actions.verify?.href });
      }
    }
    return found;
  }

  /** Has the hub confirm that the content of a large file came. */
  async verify(url: string, { sha256, bytes }: LocalFile): Promise<void> {
    await this.#askAt(z.unknown(), url, posted({ oid: sha256, size: bytes }, "application/vnd.git-lfs+json"));
  }

  /**
   * Commits, once: who loses the connection meanwhile does not know whether it was done.
   * @param lines  of the commit, as the hub's API has them.
   */
  async commit(lines: readonly object[]): Promise<string> {
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const question = { method: "POST", headers: { "content-type": "application/x-ndjson" }, body };
    const once = { ...this.#hub.retry, attempts: 1 };
    const { commitOid } = await this.#ask(committedSchema, `commit/${this.#branch}`, question, once);
    return commitOid;
  }

  /** Hashes of files of a commit, where it has them. */
  async digests(commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, Digest>> {
    const infos = await this.#ask(infosSchema, `paths-info/${commit}`, posted({ paths }));
    return new Map(
      infos.flatMap(({ path, oid, lfs }): [string, Digest][] => {
        if (lfs !== undefined) return [[path, { kind: "sha256", hex: lfs.oid }]];
        return oid === undefined ? [] : [[path, { kind: "git-sha1", hex: oid }]];
      }),
    );
  }

  get #branch(): string {
    return encodeURIComponent(this.#target.branch);
  }

  #ask<Schema extends z.ZodType>(schema: Schema, path: string, question?: RequestInit, retry = this.#hub.retry) {
    return this.#askAt(
      schema,
      `${this.#hub.endpoint}/api/datasets/${this.#target.repository}/${path}`,
      question,
      retry,
    );
  }

  async #askAt<Schema extends z.ZodType>(
    schema: Schema,
    url: string,
    question: RequestInit = {},
    retry = this.#hub.retry,
  ): Promise<z.infer<Schema>> {
    const { endpoint, signal, idleMs, onWait } = this.#hub;
    const attempt = async () => {
      using timer = new IdleTimer(idleMs, signal);
      const response = await hubFetch(this.#hub, timer.signal)(url, question);
      if (!response.ok) {
        await response.body?.cancel();
        throw this.#refusal(response.status, response.headers.get("x-error-code"));
      }
      return await readAnswer(response, endpoint).catch((error: unknown) => {
        throw error instanceof CorrSynthError ? error : broken(endpoint, error, timer.signal);
      });
    };
    const answer: unknown = await retrying(attempt, retry, { what: `Asking ${endpoint}`, signal, onWait });
    const { success, data, error } = schema.safeParse(answer);
    if (success) return data;
    const where = error.issues[0]!.path.join(".") || "answer";
    const asked = withoutQuery(new URL(url));
    throw new UploadError(`Expected ${asked} to answer as the Hugging Face Hub does, received another "${where}"`);
  }

  #refusal(status: number, code: string | null): UploadError {
    const { repository, branch } = this.#target;
    const { endpoint } = this.#hub;
    const start = `Cannot push to ${this.page}`;
    if (status === 401) {
      return new UploadError(`${start}: the token in use (HF_TOKEN, or what \`hf auth login\` stored) is not valid`);
    }
    if (status === 403) {
      const cure = `make one with the permission to write to it at ${endpoint}/settings/tokens`;
      return new UploadError(`${start}: the token in use may not write to it; ${cure}`);
    }
    if (code === "RevisionNotFound") return new UploadError(`${start}: it has no branch "${branch}"`);
    if (status === 404) {
      const cure = `make it at ${endpoint}/new-dataset (private, to begin with), or use a token that may read it`;
      return new UploadError(`${start}: there is no dataset repository "${repository}" that this token sees; ${cure}`);
    }
    if (status === 409 || status === 412) {
      return new UploadError(
        `${start}: somebody else committed to "${branch}" meanwhile; the same command starts over`,
      );
    }
    return new UploadError(`${start}: ${endpoint} answered ${status}`);
  }
}

function posted(value: unknown, type = "application/json"): RequestInit {
  const headers = { accept: type, "content-type": type };
  return { method: "POST", headers, body: JSON.stringify(value) };
}
