// What the hub says of a repository: the commit behind a revision, its files, and their sizes and hashes.
import { z } from "zod";
import { CorrSynthError, DownloadError, ModelLoadError } from "../errors.js";
import { readAnswer } from "./answer.js";
import type { Digest } from "./digest.js";
import { broken, hubFetch, IdleTimer } from "./request.js";
import { type PullWait, type RetryPolicy, retrying } from "./retry.js";
import { formatHubUri, type HubUri } from "./uri.js";

/** How to talk to a hub. */
export interface HubConnection {
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly retry: RetryPolicy;
  /** Milliseconds of silence after which a connection counts as broken. */
  readonly idleMs: number;
  /** Is told before each wait for another try. */
  readonly onWait?: ((wait: PullWait) => void) | undefined;
}

/** A revision, resolved. */
export interface Snapshot {
  readonly commit: string;
  /** Paths of all files. */
  readonly files: readonly string[];
}

export interface RemoteFile {
  readonly path: string;
  readonly size: number;
  readonly digest: Digest;
}

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const size = z.int().min(0);
const snapshotSchema = z.object({ sha: hex(40), siblings: z.array(z.object({ rfilename: z.string() })).default([]) });
// Hashes become names of files: they are checked like anything else that comes from outside.
const filesSchema = z.array(
  z.object({
    path: z.string(),
    type: z.string(),
    size,
    oid: hex(40).optional(),
    lfs: z.object({ oid: hex(64), size }).optional(),
  }),
);

/**
 * The commit that a revision stands for, and its files.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD when the repository or the revision does not exist or may not be read.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD when the hub cannot be reached.
 */
export async function resolveSnapshot(hub: HubConnection, uri: HubUri): Promise<Snapshot> {
  const path = `revision/${encodeURIComponent(uri.revision)}?expand=sha&expand=siblings`;
  const { sha: commit, siblings } = await ask(hub, uri, snapshotSchema, path);
  return { commit, files: siblings.map(({ rfilename }) => rfilename) };
}

/**
 * Sizes and hashes of files of a commit, in the order of `paths`.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD when the hub cannot be reached, or leaves one out.
 */
export async function remoteFiles(
  hub: HubConnection,
  uri: HubUri,
  commit: string,
  paths: readonly string[],
): Promise<RemoteFile[]> {
  const headers = { accept: "application/json", "content-type": "application/json" };
  const question = { method: "POST", headers, body: JSON.stringify({ paths }) };
  const infos = await ask(hub, uri, filesSchema, `paths-info/${commit}`, question);
  const byPath = new Map(infos.flatMap((info) => (info.type === "file" ? [[info.path, info]] : [])));
  return paths.map((path) => {
    const info = byPath.get(path);
    if (info?.lfs) return { path, size: info.lfs.size, digest: { kind: "sha256", hex: info.lfs.oid } };
    if (info?.oid) return { path, size: info.size, digest: { kind: "git-sha1", hex: info.oid } };
    throw new DownloadError(`Expected ${hub.endpoint} to state size and hash of "${path}", received neither`);
  });
}

/** Address of a file's content. */
export function contentUrl({ endpoint }: HubConnection, { repository }: HubUri, commit: string, path: string): string {
  return `${endpoint}/${repository}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/**
 * Why the hub does not hand out a repository, and what to do about it.
 * @param code  its `X-Error-Code`, if it gave one.
 */
export function refusal(
  { endpoint, token }: HubConnection,
  uri: HubUri,
  status: number,
  code: string | null,
): CorrSynthError {
  const { repository, revision } = uri;
  const start = `Cannot fetch "${formatHubUri(uri)}"`;
  const page = `${endpoint}/${repository}`;
  if (code === "GatedRepo" || status === 403) {
    const who = token === undefined ? "no token was sent" : "the account of the token in use has no access yet";
    return new ModelLoadError(
      `${start}: the repository is gated and ${who}; accept its licence at ${page}, then set HF_TOKEN to a token of ` +
        `that account (${endpoint}/settings/tokens)`,
    );
  }
  if (code === "RevisionNotFound") {
    return new ModelLoadError(`${start}: the repository has no revision "${revision}", see ${page}/tree/main`);
  }
  if (status === 401 || status === 404) {
    const why =
      token === undefined
        ? "if it is private, set HF_TOKEN to a token that may read it"
        : "or the token in use is not valid for it (HF_TOKEN, or what `hf auth login` stored)";
    return new ModelLoadError(`${start}: there is no model repository "${repository}" at ${endpoint}; ${why}`);
  }
  return new DownloadError(`${start}: ${endpoint} answered ${status}`);
}

// One question to the hub's API about a repository.
async function ask<Schema extends z.ZodType>(
  hub: HubConnection,
  uri: HubUri,
  schema: Schema,
  path: string,
  question: RequestInit = {},
): Promise<z.infer<Schema>> {
  const { endpoint, signal, retry, idleMs, onWait } = hub;
  const url = `${endpoint}/api/models/${uri.repository}/${path}`;
  const attempt = async () => {
    using timer = new IdleTimer(idleMs, signal); // never told that something came: an answer comes within that time
    const response = await hubFetch(hub, timer.signal)(url, question);
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(hub, uri, response.status, response.headers.get("x-error-code"));
    }
    return await readAnswer(response, endpoint).catch((error: unknown) => {
      throw error instanceof CorrSynthError ? error : broken(endpoint, error, timer.signal);
    });
  };
  const answer: unknown = await retrying(attempt, retry, {
    what: `Asking ${endpoint} for ${uri.repository}`,
    signal,
    onWait,
  });
  const { success, data, error } = schema.safeParse(answer);
  if (success) return data;
  const where = error.issues[0]!.path.join(".") || "answer";
  throw new DownloadError(`Expected ${endpoint} to answer as the Hugging Face Hub does, received another "${where}"`);
}
