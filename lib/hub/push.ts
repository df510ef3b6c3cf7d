/** A folder that an export wrote, put into a dataset repository of the Hugging Face Hub in one commit. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { Readable } from "node:stream";
import { DownloadError, invalidField, UploadError } from "../errors.js";
import { DatasetRepository, type DatasetTarget, type LocalFile } from "./dataset-repository.js";
import type { HubConnection } from "./repository.js";
import { hubFetch, IdleTimer } from "./request.js";
import { PassingFailure, type PullWait, type RetryPolicy, retrying } from "./retry.js";
import { hubSettings } from "./settings.js";
import { parseHubUri } from "./uri.js";

/** How a folder is pushed. */
export interface PushOptions {
  /** Asks the hub what there is and says what a push would do; changes nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Replaces files that are in the repository already; default false. */
  readonly force?: boolean | undefined;
  /** First line of the commit's message; default "Dataset made with corrsynth". */
  readonly message?: string | undefined;
  /** Stops; the promise then rejects with the signal's reason, and nothing is committed. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a try failed and another is waited for. */
  readonly onWait?: ((wait: PullWait) => void) | undefined;
}

/** What a push did, or would do. */
export interface Pushed {
  /** Page of the dataset. */
  readonly url: string;
  /** Whether nobody else sees it. */
  readonly isPrivate: boolean;
  /** The commit, 40 hex digits; null of a dry run, and where the repository had all of it already. */
  readonly commit: string | null;
  /** Every file of the folder, and whether the repository has one of its name. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly replaces: boolean }[];
  /** Files of an earlier push that this one has not; they go. */
  readonly removed: readonly string[];
}

/** What a push takes from its surroundings. Tests bring their own. */
export interface PushSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly retry: RetryPolicy;
  /** Milliseconds of silence after which a connection counts as broken. */
  readonly idleMs: number;
}

const surroundings: PushSurroundings = {
  env: process.env,
  retry: { attempts: 6, firstWaitMs: 1000, longestWaitMs: 30_000, progressBytes: 1 << 20 },
  idleMs: 60_000,
};

/** What the store takes in one piece. */
const largestFile = 5e9;
/** What the hub looks at to tell text from other content. */
const sampleBytes = 512;

/**
 * Commits a folder that `exportRun` wrote with format "hf" to a dataset repository of the Hugging Face Hub: card and data in
 * one commit, so that nobody ever sees one without the other. What was uploaded when a push fails is not uploaded again.
 * The token is that of HF_TOKEN, else what `hf auth login` stored; it is sent to the hub alone and told nowhere.
 *
 * @param folder  README.md and data/.
 * @param target  hf:owner/name, or hf:owner/name@branch. The repository must be there: whether it is public is for its owner
 *   to say.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a wrong target, no token, HF_HUB_OFFLINE, a folder that is no such
 *   export, and files in the repository that would be replaced, without `force`.
 * @throws {UploadError} CORRSYNTH_UPLOAD when the hub cannot be reached or refuses, or another commit came first.
 * @example
 * import { pushFolder } from "corrsynth/io";
 * const told = await pushFolder("export", "hf:owner/name", { dryRun: true }).catch(({ message }) => message);
 * console.log(told);
 */
export function pushFolder(folder: string, target: string, options: PushOptions = {}): Promise<Pushed> {
  return pushIn(surroundings, folder, target, options);
}

/** @internal {@link pushFolder} in surroundings of the caller's choice. */
export async function pushIn(
  around: PushSurroundings,
  folder: string,
  text: string,
  options: PushOptions,
): Promise<Pushed> {
  options.signal?.throwIfAborted();
  const target = parseDatasetUri(text);
  const { endpoint, token, offline } = await hubSettings({}, around.env);
  if (offline) throw invalidField("HF_HUB_OFFLINE", "Expected it to be unset: a push needs the hub");
  if (token === undefined) {
    const cure = `make one with the permission to write at ${endpoint}/settings/tokens`;
    throw invalidField("HF_TOKEN", `Expected an access token in the environment, received none: ${cure}`);
  }
  const files = await localFiles(folder, options.signal);
  const { retry, idleMs } = around;
  const hub = { endpoint, token, retry, idleMs, signal: options.signal, onWait: options.onWait };
  try {
    return await push(hub, target, files, options);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    const reason = error.cause instanceof PassingFailure ? error.cause.message : error.message;
    const advice = "nothing was committed; the same command starts over, without what was uploaded";
    throw new UploadError(`Cannot push to hf:${target.repository}: ${reason}; ${advice}`, { cause: error });
  }
}

async function push(
  hub: HubConnection,
  target: DatasetTarget,
  files: readonly LocalFile[],
  { dryRun = false, force = false, message = "Dataset made with corrsynth" }: PushOptions,
): Promise<Pushed> {
  const repository = new DatasetRepository(hub, target);
  const head = await repository.head();
  const paths = files.map(({ path }) => path);
  const removed = head.files.filter((path) => ownData.test(path) && !paths.includes(path));
  const planned = files.map(({ path, bytes }) => ({ path, bytes, replaces: head.files.includes(path) }));
  const told = { url: repository.page, isPrivate: head.isPrivate, commit: null, files: planned, removed };
  if (dryRun) return told;
  if (await holds(repository, head.commit, files, removed)) return told;
  const inTheWay = [...planned.filter(({ replaces }) => replaces).map(({ path }) => path), ...removed];
  if (inTheWay.length > 0 && !force) {
    const names = `${inTheWay.slice(0, 5).join(", ")}${inTheWay.length > 5 ? " and more" : ""}`;
    throw invalidField(
      repository.page,
      `Expected a repository without data, but it has ${names}: --force replaces them`,
    );
  }
  const large = await upload(repository, hub, files);
  const lines = await commitLines(files, { large, removed, message, parent: head.commit });
  return { ...told, commit: await committed(repository, lines, head.commit, files, removed) };
}

/** The folder of an export, and what is in the way of its files. */
const ownData = /^data\/(train|validation)-\d{5}-of-\d{5}\.parquet$/;

function parseDatasetUri(text: string): DatasetTarget {
  const wrong = (cause?: unknown) =>
    invalidField("target", `Expected hf:owner/name or hf:owner/name@branch, received ${JSON.stringify(text)}`, {
      cause,
    });
  try {
    const { repository, revision, file } = parseHubUri(text.replace(/^(hf:(?:\/\/)?)datasets\//, "$1"));
    if (file === "") return { repository, branch: revision };
  } catch (cause) {
    throw wrong(cause);
  }
  throw wrong();
}

async function localFiles(folder: string, signal: AbortSignal | undefined): Promise<LocalFile[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
    throw invalidField(folder, `Expected the folder of an export (${cause.message})`, { cause });
  });
  const paths = found
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(join(folder, ".").length + 1)
        .split(sep)
        .join("/"),
    )
    .sort();
  const others = paths.filter((path) => path !== "README.md" && !ownData.test(path));
  if (!paths.includes("README.md") || paths.length < 2 || others.length > 0) {
    const what = others.length > 0 ? `also ${others.slice(0, 5).join(", ")}` : paths.join(", ") || "nothing";
    throw invalidField(folder, `Expected what export writes with --format hf, README.md and data, found ${what}`);
  }
  const files: LocalFile[] = [];
  for (const path of paths) {
    const file = join(folder, path);
    const { size: bytes } = await stat(file);
    if (bytes > largestFile) throw invalidField(file, `Expected at most ${largestFile} bytes, found ${bytes}`);
    const sha256 = createHash("sha256");
    const git = createHash("sha1").update(`blob ${bytes}\0`);
    for await (const chunk of createReadStream(file)) {
      signal?.throwIfAborted();
      sha256.update(chunk as Buffer);
      git.update(chunk as Buffer);
    }
    files.push({ path, file, bytes, sha256: sha256.digest("hex"), gitSha1: git.digest("hex") });
  }
  return files;
}

// Uploads the large ones, and returns their paths.
async function upload(
  repository: DatasetRepository,
  hub: HubConnection,
  files: readonly LocalFile[],
): Promise<ReadonlySet<string>> {
  const samples = new Map<string, string>();
  for (const { path, file } of files) samples.set(path, await beginning(file));
  const large = await repository.large(files, samples);
  const places = await repository.destinations(files.filter(({ path }) => large.has(path)));
  for (const [file, { upload, verify }] of places) {
    await put(hub, upload, file);
    if (verify !== undefined) await repository.verify(verify, file);
  }
  return large;
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(sampleBytes), position: 0 });
    return buffer.subarray(0, bytesRead).toString("base64");
  } finally {
    await handle.close();
  }
}

// The address carries its permission: no token goes there, and it is told nowhere.
async function put(hub: HubConnection, address: string, { path, file, bytes }: LocalFile): Promise<void> {
  const { signal, idleMs, retry, onWait } = hub;
  const attempt = async () => {
    using timer = new IdleTimer(idleMs, signal);
    const content = async function* () {
      for await (const chunk of createReadStream(file)) {
        timer.received((chunk as Buffer).length);
        yield chunk as Buffer;
      }
    };
    const body = Readable.toWeb(Readable.from(content(), { objectMode: false })) as ReadableStream;
    const headers = { "content-length": String(bytes) };
    const init = { method: "PUT", headers, body, duplex: "half" } as RequestInit;
    const response = await hubFetch({ endpoint: hub.endpoint, token: undefined }, timer.signal)(address, init);
    await response.body?.cancel();
    if (response.ok) return;
    const { host } = new URL(address);
    throw new UploadError(`Cannot upload ${path}: ${host} answered ${response.status}; nothing was committed`);
  };
  await retrying(attempt, retry, { what: `Uploading ${path}`, signal, onWait });
}

interface CommitParts {
  readonly large: ReadonlySet<string>;
  readonly removed: readonly string[];
  readonly message: string;
  readonly parent: string;
}

async function commitLines(
  files: readonly LocalFile[],
  { large, removed, message, parent }: CommitParts,
): Promise<object[]> {
  const lines: object[] = [{ key: "header", value: { summary: message, description: "", parentCommit: parent } }];
  for (const { path, file, bytes, sha256 } of files) {
    if (large.has(path)) lines.push({ key: "lfsFile", value: { path, algo: "sha256", oid: sha256, size: bytes } });
    else
      lines.push({
        key: "file",
        value: { path, encoding: "base64", content: (await readFile(file)).toString("base64") },
      });
  }
  return [...lines, ...removed.map((path) => ({ key: "deletedFile", value: { path } }))];
}

// Of a commit whose answer was lost it is looked whether it is there, since another would be a second one.
async function committed(
  repository: DatasetRepository,
  lines: readonly object[],
  parent: string,
  files: readonly LocalFile[],
  removed: readonly string[],
): Promise<string> {
  try {
    return await repository.commit(lines);
  } catch (error) {
    if (error instanceof UploadError) throw error;
    const head = await repository.head().catch(() => {
      const look = `look at ${repository.page}/commits before you try again`;
      throw new UploadError(`The connection broke while the commit was made: whether it was is not known, ${look}`, {
        cause: error,
      });
    });
    if (head.commit === parent) {
      throw new UploadError(
        "The connection broke before the commit was made: nothing was; the same command starts over",
        {
          cause: error,
        },
      );
    }
    if (await holds(repository, head.commit, files, removed)) return head.commit;
    const who = "the repository has another commit, which is not this one";
    throw new UploadError(
      `The connection broke while the commit was made, and ${who}: see ${repository.page}/commits`,
      {
        cause: error,
      },
    );
  }
}

// Whether a commit has these files, byte for byte, and none of those that are to go.
async function holds(
  repository: DatasetRepository,
  commit: string,
  files: readonly LocalFile[],
  removed: readonly string[],
): Promise<boolean> {
  const digests = await repository.digests(commit, [...files.map(({ path }) => path), ...removed]);
  if (removed.some((path) => digests.has(path))) return false;
  return files.every(({ path, sha256, gitSha1 }) => [sha256, gitSha1].includes(digests.get(path)?.hex ?? ""));
}
